"""The sources by name, their ranges, and the spread between them."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput, OutOfRange, UnknownName
from nuatom.targets import element, photoabsorption, photoabsorption_band


@pytest.mark.parametrize("name", ["henke", "kissel", "recommended", "elam"])
def test_shells_add_up_to_the_atom(name: str) -> None:
    """The sum over subshells is the cross section of the atom."""
    source = photoabsorption(element("Ge"), name)
    energy = np.geomspace(0.1, 30, 200) * u.keV
    assert source.by_shell(energy).sum(axis=0) == pytest.approx(
        source.cross_section(energy), rel=1e-14
    )
    assert source.element == "Ge" and source.name == name


def test_scalars_and_arrays_agree_and_inputs_stay() -> None:
    """A scalar gives the same number as an array, which is not modified."""
    for name in ("henke", "kissel", "recommended", "elam"):
        source = photoabsorption(element("Ge"), name)
        energy = np.array([0.2, 1.1, 12.0]) * u.keV
        before = energy.copy()
        together = source.by_shell(energy)
        photoabsorption_band(element("Ge"), energy)
        assert np.array_equal(energy, before)
        for i, value in enumerate(energy):
            alone = source.by_shell(float(value))
            assert alone.shape == (len(source.shells), 1)
            assert np.array_equal(alone[:, 0], together[:, i])


@pytest.mark.parametrize(
    ("symbol", "name", "outside"),
    [
        ("Ge", "henke", (9.9e-3, 30.1)),
        ("Ge", "kissel", (9.9e-3, 100.1)),
        ("Si", "kissel", (9.9e-3, 56.0)),
        ("Ge", "recommended", (9.9e-3, 100.1)),
        ("Ge", "elam", (0.099, 100.1)),
    ],
)
def test_nothing_is_extrapolated(symbol: str, name: str, outside: tuple[float, float]) -> None:
    """Outside the range an error says what was found and what is covered."""
    source = photoabsorption(element(symbol), name)
    for energy in outside:
        with pytest.raises(OutOfRange, match=r"found .* keV, expected .* keV for the"):
            source.cross_section(energy * u.keV)
    ends = np.array([source.energy_min, source.energy_max])
    assert np.all(np.isfinite(source.cross_section(ends)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, -1.0])
def test_energies_that_are_none_are_refused(bad: float) -> None:
    """NaN, infinity, zero and negative energies are refused."""
    with pytest.raises(InvalidInput):
        photoabsorption(element("Ge")).cross_section(bad)


def test_names_are_checked() -> None:
    """Unknown sources suggest the nearest; a symbol is not an element."""
    with pytest.raises(UnknownName, match="kissel"):
        photoabsorption(element("Ge"), "kisel")
    with pytest.raises(InvalidInput, match="expected an Element"):
        photoabsorption("Ge")  # type: ignore[arg-type]


def test_sources_are_cached() -> None:
    """The same element and source give the same object."""
    assert photoabsorption(element("Ge"), "kissel") is photoabsorption(element("Ge"), "kissel")


@pytest.mark.parametrize(
    ("low", "high", "narrowest", "widest"),
    [
        (0.010, 0.025, 0.2, 1.0),
        (0.1, 0.5, 0.15, 0.36),
        (1.0, 1.2, 0.0, 0.01),
        (1.42, 11.0, 0.0, 0.04),
        (11.2, 99.0, 0.0, 0.04),
    ],
)
def test_band_of_germanium(low: float, high: float, narrowest: float, widest: float) -> None:
    """The spread of the tables of Ge: a factor of two at 10-25 eV, a third at 100-500 eV.

    The limits are those quoted for these tables: 15-27 % of the higher one at 100-500
    eV, which is up to 36 % of the lower one, and 3 to 5 % above 1.5 keV.
    """
    energy = np.geomspace(low, high, 300) * u.keV
    below, above = photoabsorption_band(element("Ge"), energy)
    width = above / below - 1
    assert narrowest <= width.min() and width.max() <= widest
    recommended = photoabsorption(element("Ge")).cross_section(energy)
    assert np.all(below <= recommended) and np.all(recommended <= above)


def test_band_is_refused_outside() -> None:
    """The band ends where the recommended source does."""
    with pytest.raises(OutOfRange):
        photoabsorption_band(element("Ge"), 101 * u.keV)
