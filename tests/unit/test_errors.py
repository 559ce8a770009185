"""Messages are one line and help; each exception is what a caller would catch."""

import pytest

from nuatom import errors


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.InvalidInput, ValueError),
        (errors.OutOfRange, ValueError),
        (errors.UnknownName, KeyError),
        (errors.UnsupportedResponse, ValueError),
        (errors.CannotWrite, OSError),
    ],
)
def test_errors_are_caught_as_one_family_or_as_the_builtin(error, builtin):
    """`except NuatomError` catches all; so does the built-in class of the same meaning."""
    for kind in (errors.NuatomError, builtin):
        with pytest.raises(kind, match=r"^found this, expected that$"):
            raise error("found this, expected that")


def test_unknown_name_suggests_the_nearest():
    """A slip of the finger gets the name that was meant."""
    table = {"magnetic-moment": 1, "millicharge": 2, "weak": 3}
    with pytest.raises(errors.UnknownName, match="did you mean 'magnetic-moment'"):
        errors.lookup("interaction", "magnetic_moment", table)


def test_unknown_name_without_a_near_one_lists_all():
    """Where nothing is near, all accepted names are shown in order."""
    error = errors.unknown("response", "zzz", ["stepped", "free"])
    assert str(error) == "unknown response 'zzz': expected one of free, stepped"


def test_case_is_a_near_miss():
    """ "ge" finds "Ge": a two-letter name has no other near one."""
    assert "did you mean 'Ge'" in str(errors.unknown("element", "gE", ["Ge", "Xe", "Ar"]))


def test_message_is_printed_as_it_is():
    """KeyError prints the repr of its message; ours does not, so that one line stays readable."""
    message = str(errors.unknown("element", "Zz", ["Ge"]))
    assert not message.startswith(("'", '"'))
    assert "\n" not in message


def test_lookup_returns_the_entry():
    """A known name gives its entry, and no copy of it."""
    entry = object()
    assert errors.lookup("thing", "a", {"a": entry}) is entry


def test_lookup_hides_the_key_error():
    """The traceback of a program shows one error, not two."""
    with pytest.raises(errors.UnknownName) as caught:
        errors.lookup("thing", "b", {"a": 1})
    assert caught.value.__suppress_context__
