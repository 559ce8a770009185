"""Henke and Elam against the tables that they come from."""

from collections.abc import Callable

import pytest

from nuatom import units as u
from nuatom.targets import element, photoabsorption

ELEMENTS = ("Ge", "Xe", "Ar", "Si", "I", "Na")
Rows = Callable[..., list[dict[str, float]]]


@pytest.mark.parametrize("symbol", ELEMENTS)
@pytest.mark.parametrize(
    ("name", "column"), [("henke", "Henke-f2"), ("elam", "Elam"), ("elam", "xrl-Photo")]
)
def test_whole_atom_sources_reproduce_their_tables(
    covered: Rows, symbol: str, name: str, column: str
) -> None:
    """Henke and Elam agree with the same source in the reference table, on every row.

    1e-3: the reference prints four digits, and its Elam is another copy of the fit.
    """
    source = photoabsorption(element(symbol), name)
    rows = covered(source, column)
    assert len(rows) >= 19
    for row in rows:
        value = source.cross_section(row["E"] * u.eV)[0] / u.megabarn
        assert value == pytest.approx(row[column], rel=1e-3), row["E"]


def test_the_input_of_the_check_value_is_elam() -> None:
    """sigma_gamma of Ge at 1.3 keV in the check values, 7.5613e-19 cm^2, is Elam's.

    1e-3: two copies of the same fit differ by 6e-4.
    """
    value = photoabsorption(element("Ge"), "elam").cross_section(1.3 * u.keV)[0]
    assert value / u.cm**2 == pytest.approx(7.5613e-19, rel=1e-3)
