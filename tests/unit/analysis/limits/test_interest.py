"""Parameters of interest: which power of which coupling, in which unit."""

import pytest

from nuatom.analysis.limits.interest import REFERENCES, interests
from nuatom.catalog import INTERACTIONS
from nuatom.errors import InvalidInput, UnknownName


def one(model, name):
    """The parameter of one channel."""
    (found,) = interests(model, (name,))
    return found


def test_a_moment_is_known_by_its_square(synthetic):
    """Its rate adds: the counts are linear in the square, whose root is the coupling."""
    found = one(synthetic.model("weak", "magnetic-moment"), "magnetic-moment")
    assert (found.name, found.order, found.linear) == ("magnetic-moment^2", 2, True)
    assert found.coupling(9.0) == pytest.approx(3e-11, rel=1e-12)
    assert found.value(3e-11) == pytest.approx(9.0, rel=1e-12)


def test_an_unphysical_square_keeps_its_sign(synthetic):
    """A fitted square of -4 is shown as a root of -2 in units of the reference."""
    found = one(synthetic.model("magnetic-moment"), "magnetic-moment")
    assert found.coupling(-4.0) == pytest.approx(-2e-11, rel=1e-12)
    assert found.coupling(0.0) == 0


def test_a_charge_has_a_sign_where_it_interferes(synthetic):
    """With the weak amplitude its sign counts; alone only its square does."""
    beside = one(synthetic.model("weak", "millicharge"), "millicharge")
    alone = one(synthetic.model("millicharge"), "millicharge")
    assert (beside.name, beside.signed, beside.linear) == ("millicharge", True, False)
    assert (alone.name, alone.signed, alone.linear) == ("millicharge^2", False, True)


def test_interference_with_what_is_zero_is_none(synthetic):
    """A charge radius among the channels, kept at zero, gives a millicharge no sign; asked for
    together both have one."""
    model = synthetic.model("millicharge", "charge-radius")
    assert one(model, "millicharge").linear
    assert [i.order for i in interests(model, ("millicharge", "charge-radius"))] == [1, 1]


def test_a_boson_acts_at_both_ends(synthetic):
    """Its amplitude has the square of its coupling, its rate the fourth power."""
    beside = one(synthetic.model("weak", "b-l-boson"), "b-l-boson")
    alone = one(synthetic.model("b-l-boson"), "b-l-boson")
    assert (beside.name, alone.name) == ("b-l-boson^2", "b-l-boson^4")
    assert alone.coupling(16.0) == pytest.approx(2e-6, rel=1e-12)


def test_a_coupling_is_the_same_on_electrons_and_nuclei(synthetic):
    """Either name asks for both; the Standard Model channels stay apart."""
    model = synthetic.model("weak", "magnetic-moment", "coherent-magnetic-moment", "coherent")
    moment = one(model, "magnetic-moment")
    assert moment.channels == ("magnetic-moment", "coherent-magnetic-moment")
    assert one(model, "coherent-magnetic-moment").channels[1] == "magnetic-moment"
    assert one(model, "weak").channels == ("weak",)


def test_a_channel_of_the_standard_model_begins_at_one(synthetic):
    """Its rate in units of the expected one."""
    found = one(synthetic.model("weak", "magnetic-moment"), "weak")
    assert (found.name, found.default) == ("weak^2", 1.0)


def test_every_unit_of_the_catalogue_has_a_reference():
    """No coupling is measured in units of 1, which would be 20 orders away."""
    assert {entry.unit for entry in INTERACTIONS.values()} == set(REFERENCES)


def test_labels_say_the_unit(synthetic):
    """With the reference; a pure number has none."""
    model = synthetic.model("weak", "magnetic-moment")
    assert one(model, "magnetic-moment").label == "magnetic-moment^2 [(1e-11 mu_B)^2]"
    assert one(model, "weak").label == "weak^2"


@pytest.mark.parametrize("names", [(), ("weak", "millicharge", "charge-radius")])
def test_none_or_three_are_refused(synthetic, names):
    """One or two couplings."""
    with pytest.raises(InvalidInput, match="expected one or two channels"):
        interests(synthetic.model("weak", "millicharge", "charge-radius"), names)


def test_twins_are_one(synthetic):
    """Asking for both is asking twice."""
    model = synthetic.model("magnetic-moment", "coherent-magnetic-moment")
    with pytest.raises(InvalidInput, match="one coupling"):
        interests(model, ("magnetic-moment", "coherent-magnetic-moment"))


def test_a_channel_must_be_among_the_signals(synthetic):
    """With the nearest name."""
    with pytest.raises(UnknownName, match="did you mean 'millicharge'"):
        interests(synthetic.model("weak", "millicharge"), ("milicharge",))
