"""The words about methods."""

from nuatom.analysis.limits.methods import METHODS
from nuatom.analysis.limits.uses import USES


def test_every_method_is_explained():
    """And nothing is explained that cannot be run."""
    assert set(USES) == set(METHODS)


def test_each_says_in_one_line_when_to_use_it():
    """Short enough for the help of a command."""
    for name, use in USES.items():
        assert use.label, name
        assert 0 < len(use.use) <= 100, name
        assert "\n" not in use.use


def test_labels_are_unique():
    """A figure tells them apart."""
    labels = [use.label for use in USES.values()]
    assert len(set(labels)) == len(labels)
