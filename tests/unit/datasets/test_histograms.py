"""Histograms of other packages, through the protocol that they share."""

import sys
import types
from dataclasses import dataclass

import numpy as np
import pytest

from nuatom import units as u
from nuatom.datasets import dataset, from_histogram, open_root
from nuatom.errors import InvalidInput

SETUP = {"unit": u.keV, "mass": 1 * u.kg, "live_time": 1 * u.day}


@dataclass
class Axis:
    """An axis of the protocol: a sequence of pairs."""

    pairs: list

    def __iter__(self):
        return iter(self.pairs)


@dataclass
class Histogram:
    """A histogram of the protocol."""

    axes: tuple
    content: list
    outside: tuple = (0.0, 0.0)

    def values(self, flow=False):
        return np.array([self.outside[0], *self.content, self.outside[1]] if flow else self.content)


def test_pairs_and_arrays_of_edges_mean_the_same():
    """The protocol gives pairs, boost-histogram an array, uproot a method."""
    pairs = Histogram((Axis([(1, 2), (2, 4)]),), [5.0, 7.0])
    boost = Histogram((types.SimpleNamespace(edges=np.array([1, 2, 4])),), [5.0, 7.0])
    root = Histogram((types.SimpleNamespace(edges=lambda: [1, 2, 4]),), [5.0, 7.0])
    for histogram in (pairs, boost, root):
        found = from_histogram(histogram, **SETUP)
        assert found.counts.tolist() == [5, 7]
        assert found.bin_edges / u.keV == pytest.approx([1, 2, 4], rel=1e-12)


def test_counts_outside_the_axis_are_spoken_of():
    """Underflow and overflow do not vanish without a word."""
    found = from_histogram(Histogram((Axis([(1, 2)]),), [5.0], (1.0, 2.0)), **SETUP)
    assert found.notes == ("3 counts below or above the axis are left out",)


def test_sums_that_differ_by_rounding_are_no_overflow():
    """The same contents added in another order, as with empty bins at both ends."""
    content = list(np.random.default_rng(3).exponential(size=101) * 1e-3)
    outside = [Histogram((Axis([(i, i + 1) for i in range(n)]),), content[:n])
               for n in range(2, 101)]  # fmt: skip
    assert any(np.sum([0.0, *h.content, 0.0]) != np.sum(h.content) for h in outside)
    assert all(from_histogram(h, **SETUP).notes == () for h in outside)


@pytest.mark.parametrize(
    ("histogram", "said"),
    [
        (Histogram((Axis([(1, 2)]), Axis([(1, 2)])), [5.0]), "found 2 axes"),
        (Histogram((Axis([(1, 2), (3, 4)]),), [5.0, 6.0]), "gaps"),
        (Histogram((Axis([(1, 2), (2, 4)]),), [5.0]), "1 contents between 3 edges"),
        (Histogram((Axis([("a", "b")]),), [5.0]), "without edges"),
        (Histogram((Axis([(1, 2)]),), [-5.0]), "negative"),
        (np.array([1.0]), "a ndarray"),
    ],
)
def test_other_objects_are_refused(histogram, said):
    """What was found is said by its type or its fault."""
    with pytest.raises(InvalidInput, match=said):
        from_histogram(histogram, **SETUP)


def test_absent_package_is_named(monkeypatch, tmp_path):
    """Without uproot a ROOT file is answered with what to install."""
    monkeypatch.setitem(sys.modules, "uproot", None)
    with pytest.raises(InvalidInput, match="pip install uproot"):
        open_root(tmp_path / "a.root", "h")


def test_root_histogram_through_a_card(monkeypatch, tmp_path):
    """A card names the file, the histogram and the unit of its axis."""

    class File(dict):
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    content = File({"run/h": Histogram((Axis([(200, 300)]),), [5.0])})
    fake = types.SimpleNamespace(open=lambda _: content)
    monkeypatch.setitem(sys.modules, "uproot", fake)
    (tmp_path / "a.root").write_bytes(b"root")
    text = (
        'kind = "binned-counts"\ntable = "a.root"\nhistogram = "{}"\nhistogram_unit = "eV"\n'
        'mass = "1 kg"\nlive_time = "1 day"\n'
    )
    (tmp_path / "c.toml").write_text(text.format("run/h"))
    assert dataset(tmp_path / "c.toml").bin_edges / u.keV == pytest.approx([0.2, 0.3], rel=1e-12)
    (tmp_path / "c.toml").write_text(text.format("run/g"))
    with pytest.raises(InvalidInput, match="no readable histogram 'run/g'"):
        dataset(tmp_path / "c.toml")
