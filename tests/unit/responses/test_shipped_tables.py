"""The tables in the package are found, sound, and of the elements that they name."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import UnknownName, UnsupportedResponse
from nuatom.responses.measure import ALL_RESPONSES
from nuatom.responses.shipped_tables import shipped_elements, shipped_folder, shipped_table
from nuatom.targets.elements import SYMBOLS, element


@pytest.fixture(params=shipped_elements())
def table(request):
    return shipped_table(request.param)


def test_elements_are_listed_by_atomic_number():
    """Without reading a table."""
    found = [SYMBOLS.index(symbol) for symbol in shipped_elements()]
    assert found == sorted(found)
    assert len(found) == len(list(shipped_folder().glob("*.nc")))


def test_a_table_is_of_its_element(table):
    """Symbol, number, electrons and names of subshells are those of the element."""
    origin = table.provenance
    target = element(origin.element)
    assert origin.atomic_number == target.atomic_number
    assert [shell.name for shell in table.shells] == [shell.name for shell in target.subshells]
    # electrons of an open pair are shared as 2l : 2l + 2 in both places
    assert [shell.electrons for shell in table.shells] == pytest.approx(
        [shell.electrons for shell in target.subshells], rel=1e-9
    )


def test_a_table_serves_every_channel_and_energy(table):
    """All responses, and free electrons above an energy of at most 1 MeV."""
    assert set(table.responses) == ALL_RESPONSES
    assert max(shell.free_above for shell in table.shells) < 1001 * u.keV


def test_a_table_has_a_band_from_its_lowest_edge(table):
    """The uncertainty begins with the first electron that can leave."""
    band = table.uncertainty
    lowest = min(shell.edge for shell in table.shells)
    # energies are stored in keV
    assert band.energy_transfer[0] == pytest.approx(lowest, rel=1e-12)
    assert band.energy_transfer[-1] > 900 * u.keV
    assert {"magnetic-moment", "millicharge", "charge-radius", "weak"} <= set(band.channels)
    assert np.any(band.upper > 0)


def test_a_table_is_read_once():
    """The same object at every call."""
    assert shipped_table("Ge") is shipped_table("Ge")


def test_an_unknown_element_suggests_the_nearest():
    """A typing error is not a missing table."""
    with pytest.raises(UnknownName, match="did you mean 'Ge'"):
        shipped_table("ge")


def test_an_element_without_table_names_those_that_have_one():
    """And says how to make one."""
    with pytest.raises(UnsupportedResponse, match=r"Ge.*nuatom atom build U"):
        shipped_table("U")
