"""Stepped free electrons: each subshell above its measured edge, never smeared."""

import numpy as np
import pytest

import nuatom as na
from nuatom import units as u
from nuatom.responses import FreeElectrons, SteppedElectrons
from nuatom.responses.measure import ALL_RESPONSES
from nuatom.targets import element

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

GERMANIUM = element("Ge")
STEPPED = SteppedElectrons(GERMANIUM)
ONE = FreeElectrons(element("H"))
MOMENT = na.MagneticMoment(1e-11)

# X-ray Data Booklet (LBNL, 2009), table 1-1, eV; electrons by the Pauli principle
BOOKLET = {"K": (11103, 2), "L1": (1414.6, 2), "L2": (1248.1, 2), "L3": (1217.0, 4)}


def sigma(T, response, interaction=MOMENT):
    return na.differential_cross_section(
        T, 1 * u.MeV, interaction=interaction, response=response, flavor="anti_nu_e"
    )


@pytest.mark.parametrize("shell", BOOKLET)
def test_edges_of_germanium_are_the_measured_ones(shell):
    """K and L edges agree with the X-ray Data Booklet within 1 eV, its stated accuracy."""
    energy, electrons = BOOKLET[shell]
    index = STEPPED.shells.index(shell)
    assert STEPPED.edges[index] / u.eV == pytest.approx(energy, abs=1.0)
    assert GERMANIUM.subshells[index].electrons == electrons


@pytest.mark.parametrize("symbol", ["Ge", "Xe", "Ar", "Na"])
def test_every_electron_is_counted_once(symbol):
    """Far above the K edge all Z electrons take part."""
    target = element(symbol)
    T = np.array([200 * u.keV])
    ratio = sigma(T, SteppedElectrons(target)) / sigma(T, ONE)
    assert ratio[0] == pytest.approx(target.atomic_number, rel=1e-12)  # rounding of the sum


@pytest.mark.parametrize("index", range(len(STEPPED.shells)), ids=STEPPED.shells)
def test_a_subshell_opens_exactly_at_its_edge(index):
    """Below its edge by 1e-11 a shell is closed; at the edge, and by rounding, it is open."""
    edge = STEPPED.edges[index]
    T = edge * np.array([1 - 1e-11, 1 - 1e-15, 1.0])
    limits = {"q2_min": 0 * T, "q2_max": np.full(3, u.MeV**2)}
    measure, one = STEPPED.measure(T, **limits), ONE.measure(T, **limits)
    for name in ALL_RESPONSES:
        shell, electron = measure.weights[name][index, :, 0], one.weights[name][0, :, 0]
        expected = GERMANIUM.subshells[index].electrons * electron * np.array([0, 1, 1])
        np.testing.assert_allclose(shell, expected, rtol=1e-14)


@pytest.mark.parametrize("interaction", [MOMENT, na.Weak(), na.Millicharge(1e-12)])
def test_between_edges_it_is_a_whole_number_of_free_electrons(interaction):
    """Between the M1 and L3 edges 22 electrons of germanium are free, above L1 30, above K 32."""
    T = np.array([0.5, 5.0, 20.0]) * u.keV
    ratio = sigma(T, STEPPED, interaction) / sigma(T, ONE, interaction)
    np.testing.assert_allclose(ratio, [22, 30, 32], rtol=1e-12)


def test_rate_jumps_by_the_share_of_the_shell():
    """At the K edge the reactor rate rises from 30 to 32 free electrons within 1e-9 keV."""
    edge = STEPPED.edges[STEPPED.shells.index("K")]
    below, above = (
        na.differential_rate(
            T, source="kuo-sheng", target="Ge", interaction=MOMENT, response="stepped"
        )
        for T in (edge * (1 - 1e-9), edge)
    )
    assert above / below == pytest.approx(32 / 30, rel=1e-8)  # slope of 1/T over 1e-9
