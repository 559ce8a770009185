"""Where source, interaction and response meet."""

from dataclasses import dataclass

import numpy as np
import pytest

import nuatom as na
from nuatom import catalog
from nuatom import units as u
from nuatom.errors import UnsupportedResponse
from nuatom.interactions.terms import Term
from nuatom.rates import cross_section_by_shell, rate_by_shell
from nuatom.responses import FreeElectrons, SteppedElectrons
from nuatom.responses.measure import Measure
from nuatom.sources import Continuum, Line, Source, mono_energetic
from nuatom.targets import element

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

GERMANIUM = element("Ge")
MOMENT = na.MagneticMoment(1e-11)
WEAK = na.Couplings((na.Weak(),))
T = np.array([0.03, 0.2, 1.0, 1.3, 5.0, 12.0, 90.0]) * u.keV


@dataclass(frozen=True)
class Polynomial:
    """An interaction with one term c E^-k R_X, and a weight in E."""

    power: int
    neutrino_mass: float = 0.0

    def terms(self, *, flavor, constituents):
        factor = 3.0 if flavor == "nu_mu" else 1.0
        return (
            Term("X", self.power, lambda T, q2: factor * T * q2),
            Term("X", self.power, lambda T, q2: factor * T * q2, lambda E: E / u.MeV),
        )


@dataclass(frozen=True)
class TwoNodes:
    """A model with two shells and two nodes, whose sums are done by hand below."""

    name: str = "two nodes"
    shells: tuple[str, ...] = ("inner", "outer")
    provides: frozenset[str] = frozenset({"X", "absent"})

    @property
    def edges(self):
        return np.zeros(2)

    @property
    def constituents(self):
        return {"electron": np.ones(())}

    def measure(self, T, *, q2_min, q2_max):
        q2 = np.array([1.0, 4.0]) * u.MeV**2
        weights = np.array([[1.0, 2.0], [10.0, 20.0]])
        return Measure(
            q2[None, None, :], {"X": np.broadcast_to(weights[:, None, :], (2, T.size, 2)).copy()}
        )


def by_hand(T, E, power):
    """Return sum over nodes of (1 + E) T Q^2 R E^-k theta(E - (T + |q|)/2) for E in MeV."""
    total = np.zeros(2)
    for q2, inner, outer in ((1.0, 1.0, 10.0), (4.0, 2.0, 20.0)):
        if 2 * E >= T + np.sqrt(T**2 + q2):
            total += np.array([inner, outer]) * (1 + E) * T * q2 * E**-power
    return total


@pytest.mark.parametrize("power", [-2, 0, 1, 2])
@pytest.mark.parametrize("E", [0.6, 1.1, 1.6])
def test_cross_section_is_the_sum_over_terms_and_nodes(power, E):
    """c(T, Q^2) R E^-k w(E), each node open from its own E_min, shell by shell."""
    found = cross_section_by_shell(
        np.array([0.5]) * u.MeV,
        np.array([E]) * u.MeV,
        interaction=Polynomial(power),
        response=TwoNodes(),
        flavor="nu_e",
    )
    expected = by_hand(0.5, E, power) * u.MeV ** (3 - power)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-13, atol=0)


def test_fluxes_add_with_their_flavours():
    """A source of two lines of different flavour is the sum of each cross section."""
    source = Source("two", (Line("nu_e", 1.6 * u.MeV, 2.0), Line("nu_mu", 1.1 * u.MeV, 5.0)))
    found = rate_by_shell(
        np.array([0.5]) * u.MeV,
        source=source,
        interaction=Polynomial(1),
        response=TwoNodes(),
        atoms_per_mass=7.0,
    )
    expected = 7 * (2 * by_hand(0.5, 1.6, 1) + 5 * 3 * by_hand(0.5, 1.1, 1)) * u.MeV**2
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-13)


@pytest.mark.parametrize("name", catalog.RESPONSES)
def test_rate_of_a_line_is_flux_times_cross_section(name):
    """dR/dT = n phi dsigma/dT for a single energy, shell by shell, for every model."""
    response = catalog.response(name, GERMANIUM)
    E, flux = 2 * u.MeV, 3e12 * u.flux
    transfer = T / 1000 if name == "nucleus" else T  # it recoils by up to 0.1 keV
    rate = rate_by_shell(
        transfer,
        source=mono_energetic(E, flux),
        interaction=MOMENT,
        response=response,
        atoms_per_mass=GERMANIUM.atoms_per_mass,
    )
    sigma = cross_section_by_shell(
        transfer,
        np.full(T.size, E),
        interaction=MOMENT,
        response=response,
        flavor="anti_nu_e",
    )
    assert rate.shape == (len(response.shells), T.size)
    assert np.all(sigma.sum(axis=0) > 0)
    # the same nodes and weights: only the order of the products differs
    np.testing.assert_allclose(rate, sigma * flux * GERMANIUM.atoms_per_mass, rtol=1e-12)


def test_atoms_per_mass():
    """A kilogram of germanium holds N_A/72.630 g = 8.2914e24 atoms."""
    assert GERMANIUM.atoms_per_mass * u.kg == pytest.approx(6.02214076e26 / 72.630, rel=1e-6)


def test_the_flavour_of_each_flux_reaches_the_weak_terms():
    """nu_e scatter more than anti_nu_e, and at T << E 4.81 times as much as nu_mu."""

    def rate(flavor, transfer):
        return na.differential_rate(
            transfer,
            source=mono_energetic(5 * u.MeV, u.flux, flavor),
            target=GERMANIUM,
            interaction=na.Weak(),
            response="free",
        )

    # (2 G^2 m/pi) [g_L^2 + g_R^2 (1-T/E)^2 - ...]: antineutrinos exchange 0.739 and 0.239
    assert rate("nu_e", u.MeV) / rate("anti_nu_e", u.MeV) > 1.2
    # (g_L^2 + g_R^2) with g_L = +-1/2 + s2, g_R = s2, s2 = 0.23863; terms of order T/E = 2e-7
    expected = (0.73863**2 + 0.23863**2) / (0.26137**2 + 0.23863**2)
    assert rate("nu_e", u.eV) / rate("nu_mu", u.eV) == pytest.approx(expected, rel=1e-5)


def test_weight_multiplies_the_flux():
    """A moment that grows as the neutrino energy weights each line by its energy."""
    source = Source("two", (Line("nu_e", 1 * u.MeV, 1.0), Line("nu_e", 3 * u.MeV, 1.0)))
    weighted = na.MagneticMoment(1e-11, weight=lambda E: E / u.MeV)
    found = na.differential_rate(
        T, source=source, target=GERMANIUM, interaction=weighted, response="free"
    )
    parts = [
        factor
        * na.differential_rate(
            T,
            source=Source("one", (flux,)),
            target=GERMANIUM,
            interaction=MOMENT,
            response="free",
        )
        for factor, flux in zip((1, 3), source.fluxes, strict=True)
    ]
    np.testing.assert_allclose(found, sum(parts), rtol=1e-13)


def test_rates_are_linear_in_the_flux_and_in_mu_squared():
    """Twice the neutrinos or sqrt(2) times the moment double every bin."""
    source = na.source("kuo-sheng")

    def rate(source, moment):
        return na.differential_rate(
            T, source=source, target=GERMANIUM, interaction=na.MagneticMoment(moment)
        )

    reference = rate(source, 1e-11)
    np.testing.assert_allclose(rate(source.scaled(2.0), 1e-11), 2 * reference, rtol=1e-12)
    np.testing.assert_allclose(rate(source, np.sqrt(2) * 1e-11), 2 * reference, rtol=1e-12)


def test_a_continuum_passes_for_many_lines():
    """A flat spectrum equals the average of lines spread over it (midpoint rule, 4000 lines)."""
    low, high = 1 * u.MeV, 2 * u.MeV
    flat = Source("flat", (Continuum("nu_e", np.array([low, high]), *np.full((2, 1), 1 / u.MeV)),))
    energies = low + (np.arange(4000) + 0.5) / 4000 * (high - low)
    transfer = np.array([1.0, 300.0, 1200.0]) * u.keV
    response = SteppedElectrons(GERMANIUM)
    found = rate_by_shell(
        transfer, source=flat, interaction=WEAK, response=response, atoms_per_mass=1.0
    )
    for i, t in enumerate(transfer):
        lines = cross_section_by_shell(
            np.full(4000, t), energies, interaction=WEAK, response=response, flavor="nu_e"
        )
        # midpoint rule: 1e-8 where smooth, half a line in 4000 at the threshold in E of
        # 1.2 MeV, where the spectrum begins to reach the free-electron node
        np.testing.assert_allclose(lines.mean(axis=1), found[:, i], rtol=3e-4)


def test_missing_response_names_the_channel_and_the_model():
    """A channel that asks for what a model lacks is refused with both names and a way out."""
    with pytest.raises(UnsupportedResponse, match="Polynomial needs the response X, which") as info:
        cross_section_by_shell(
            T, 2 * T, interaction=Polynomial(0), response=FreeElectrons(GERMANIUM), flavor="nu_e"
        )
    assert "'free'" in str(info.value)
    assert "\n" not in str(info.value)


def test_a_response_that_is_identically_zero_may_be_absent():
    """The nucleus provides the axial responses as zero: they add nothing and need no array."""
    response = catalog.response("nucleus", GERMANIUM)
    transfer = np.array([0.1]) * u.keV
    measure = response.measure(transfer, q2_min=np.zeros(1), q2_max=np.full(1, u.GeV**2))
    assert set(measure.weights) == {"L"}
    assert {"A00", "VA", "T"} <= response.provides
    both = [
        cross_section_by_shell(
            transfer, np.array([5 * u.MeV]), interaction=WEAK, response=response, flavor=flavor
        )
        for flavor in ("nu_e", "anti_nu_e")
    ]
    np.testing.assert_allclose(both[0], both[1], rtol=1e-15)
    assert np.all(both[0] > 0)
