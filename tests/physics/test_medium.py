"""A charge in dense matter: the general machinery against closed forms.

The closed form is the integral over Q^2, by partial fractions in x = |q|^2, of equivalent
photons up to 2mT with a screened propagator:

    (pi alpha^2 z^2/|k|^2) (sigma/(4 pi^2 alpha T)) { -(x2 - x1)/|eps|^2 + Im(G L)/eps2 },
    G = -4M^2 - T^2 D - (2E - T)^2 D/eps,   D = 1 - eps,   L = ln[(x2 - T^2 eps)/(x1 - T^2 eps)].

It has no approximation in T/E, T/2m, M/E or |eps| - 1; the logarithm of the longitudinal
part cancels against one of the transverse part.
"""

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.interactions.charged_projectile import ChargedProjectile, total_energy
from nuatom.interactions.medium import allison_cobb, screened_collisions
from nuatom.responses import EquivalentPhoton
from nuatom.responses.medium import (
    EquivalentPhotonInMedium,
    InMedium,
    photoabsorption_ionisation,
)
from nuatom.targets.dielectric import Dielectric, dielectric

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

ALPHA, M = c.fine_structure, c.electron_mass
GERMANIUM = na.target("Ge")
SOLID = dielectric(GERMANIUM)
PHOTONS = EquivalentPhoton(SOLID.photoabsorption)
SCREENED = EquivalentPhotonInMedium(SOLID)
EXACT = 1e-6
NEUTRINO = 0.1 * u.eV

EDGES = SOLID.photoabsorption.edges[SOLID.photoabsorption.edges > 20 * u.eV]
T = np.unique(
    np.concatenate(
        [np.geomspace(0.01, 99, 120) * u.keV, np.outer(EDGES, [0.99, 0.999, 1.001, 1.01]).ravel()]
    )
)
PROJECTILES = {
    "neutrino at 1 MeV": (NEUTRINO, 1 * u.MeV),
    "heavy neutrino": (10 * u.keV, 1 * u.MeV),
    "slow muon": (c.muon_mass, 1.1 * c.muon_mass),
    "muon at the minimum of ionisation": (c.muon_mass, 3.4 * c.muon_mass),
    "fast muon": (c.muon_mass, 1e3 * c.muon_mass),
    "fast electron": (c.electron_mass, 100 * u.MeV),
}


def sigma(T, E, mass, response):
    return na.differential_cross_section(
        T, E, interaction=ChargedProjectile(mass), response=response
    )


def closed_form(T, E, mass, medium: Dielectric):
    """The formula at the top."""
    deficit = medium.deficit(T)
    eps = 1 - deficit
    k2, k2_final = E**2 - mass**2, (E - T) ** 2 - mass**2
    highest = 2 * (E * (E - T) - mass**2 + np.sqrt(k2 * k2_final))
    lowest = 4 * mass**2 * T**2 / highest
    cut = np.maximum(np.minimum(2 * M * T, highest), lowest)
    strength = -4 * mass**2 - T**2 * deficit - (2 * E - T) ** 2 * deficit / eps
    logarithm = np.log(cut + T**2 * deficit) - np.log(lowest + T**2 * deficit)
    bracket = -(cut - lowest) / np.abs(eps) ** 2 + (strength * logarithm).imag / eps.imag
    photo = medium.photoabsorption.cross_section(T)
    return ALPHA / (4 * np.pi * k2) * photo / T * bracket


@pytest.mark.parametrize("name", PROJECTILES)
def test_machinery_equals_the_closed_form(name):
    """The screened equivalent photon integrates to the closed form, near edges too."""
    mass, E = PROJECTILES[name]
    expected = closed_form(T, E, mass, SOLID)
    np.testing.assert_allclose(sigma(T, E, mass, SCREENED), expected, rtol=EXACT)


@pytest.mark.parametrize("name", PROJECTILES)
def test_any_response_can_be_put_into_a_medium(name):
    """The general wrapper around the equivalent photon gives the same closed form."""
    mass, E = PROJECTILES[name]
    expected = closed_form(T, E, mass, SOLID)
    wrapped = sigma(T, E, mass, InMedium(PHOTONS, SOLID))
    np.testing.assert_allclose(wrapped, expected, rtol=EXACT)


@pytest.mark.parametrize(
    "interaction",
    [na.MagneticMoment(1e-11), na.ChargeRadius(1e-32 * u.cm**2), na.Millicharge(1e-12)],
    ids=["magnetic moment", "charge radius", "millicharge"],
)
def test_both_ways_into_the_medium_agree_in_every_channel(interaction):
    """The wrapper and the nodes made for the pole are two quadratures of one integral."""
    one, other = (
        na.differential_cross_section(T, 1 * u.MeV, interaction=interaction, response=r)
        for r in (SCREENED, InMedium(PHOTONS, SOLID))
    )
    np.testing.assert_allclose(one, other, rtol=EXACT)


def test_quadrature_has_converged():
    """Three times the nodes change nothing by more than 1e-6, on the ridge and at the pole."""
    fine = EquivalentPhotonInMedium(SOLID, nodes_factor=3)
    coarse = sigma(T, 1 * u.MeV, NEUTRINO, SCREENED)
    np.testing.assert_allclose(coarse, sigma(T, 1 * u.MeV, NEUTRINO, fine), rtol=EXACT)


def test_a_charged_projectile_is_a_millicharge():
    """A neutrino of charge z and mass m_nu is the same particle in both interactions.

    Tolerance 1e-12: the constants G and alpha enter in a different order.
    """
    one = na.differential_cross_section(
        T, 1 * u.MeV, interaction=na.Millicharge(1.0), response=SCREENED
    )
    np.testing.assert_allclose(one, sigma(T, 1 * u.MeV, NEUTRINO, SCREENED), rtol=1e-12)


@pytest.mark.parametrize(("energy", "ratio"), [(0.3, 0.28), (1.3, 0.33), (11.0, 0.40)])
def test_millicharge_in_germanium_is_reduced_to_a_third(energy, ratio):
    """Soft transverse and longitudinal rate: 0.28, 0.33, 0.40 of vacuum, to 0.02.

    m_nu = 0.1 eV, E = 1 MeV.  Once from the machinery, and once to 0.005 from logarithms:
    Allison and Cobb's soft terms over ln(2mT/Qn^2) with Qn^2 = (m_nu T/E)^2.
    """
    T = np.array([energy * u.keV])
    E = 1 * u.MeV
    machinery = sigma(T, E, NEUTRINO, SCREENED) / sigma(T, E, NEUTRINO, PHOTONS)
    assert machinery[0] == pytest.approx(ratio, abs=0.02)
    soft = screened_collisions(T, dielectric=SOLID, charge=1.0, dilute=True)
    photo = SOLID.photoabsorption.cross_section(T)
    vacuum = ALPHA / np.pi * photo / T * np.log(2 * M * T * E**2 / (NEUTRINO * T) ** 2)
    assert float((soft / vacuum)[0]) == pytest.approx(ratio, abs=0.005)


def test_screening_vanishes_with_the_density():
    """At 1e-30 of the density the pole is regulated by the neutrino mass, as in vacuum."""
    empty = dielectric(GERMANIUM, number_density=SOLID.number_density * 1e-30)
    medium = sigma(T, 1 * u.MeV, NEUTRINO, InMedium(PHOTONS, empty))
    np.testing.assert_allclose(medium, sigma(T, 1 * u.MeV, NEUTRINO, PHOTONS), rtol=EXACT)
    medium = sigma(T, 1 * u.MeV, NEUTRINO, EquivalentPhotonInMedium(empty))
    np.testing.assert_allclose(medium, sigma(T, 1 * u.MeV, NEUTRINO, PHOTONS), rtol=EXACT)


class SoftTarget:
    """A photoabsorption for energies of micro-eV, where T/2m and T/E are nothing."""

    name, element, shells = "soft", "Ge", ("total",)
    energy_min, energy_max = 1e-6 * u.eV, 1e-2 * u.eV
    edges = np.array([1e-6 * u.eV])

    def cross_section(self, energy):
        return 1e-18 * u.cm**2 * (np.atleast_1d(energy) / u.eV) ** -2

    def by_shell(self, energy):
        return self.cross_section(energy)[None, :]


class Constant:
    """f1 = 10 at every energy."""

    name, energy_min, energy_max = "constant", 1e-6 * u.eV, 1e-2 * u.eV

    def real_part(self, energy):
        return np.full(energy.shape, 10.0)


@pytest.mark.parametrize("beta_gamma", [0.5, 3.0, 300.0])
@pytest.mark.parametrize("density", [1e6, 1e10], ids=["dilute", "denser"])
def test_published_form_is_the_limit_of_small_transfers(beta_gamma, density):
    """T << m, E: the machinery is the form with 1/|eps|^2; |eps| ~ 1: the one for gases."""
    medium = Dielectric(SoftTarget(), Constant(), density / u.cm**3)
    T = np.geomspace(1e-4, 1e-3, 7) * u.eV
    E = float(total_energy(c.muon_mass, beta_gamma))
    beta = beta_gamma / np.hypot(1, beta_gamma)
    found = sigma(T, E, c.muon_mass, EquivalentPhotonInMedium(medium))
    expected = screened_collisions(T, dielectric=medium, charge=1.0, beta=beta)
    np.testing.assert_allclose(found, expected, rtol=EXACT)
    eps = medium.permittivity(T)
    published = screened_collisions(T, dielectric=medium, charge=1.0, beta=beta, dilute=True)
    # the other term, with the angle, is the same in both and takes away less than half
    excess = np.abs(1 / np.abs(eps) ** 2 - 1)
    assert np.all(np.abs(expected / published - 1) < 2 * excess)


def test_close_collisions_are_the_last_term_of_the_published_form():
    """(alpha z^2/(pi beta^2 T^2)) Int sigma dT', for T << m and T << T_max.

    Tolerance 1e-4: T/T_max beta^2 is 3e-5 here.  The electrons that the table lacks are
    taken out, as the published integral starts at the table.
    """
    model = photoabsorption_ionisation(SOLID)
    hard = model.parts[1]
    T = np.array([0.05, 0.3]) * u.keV
    mass, beta_gamma = c.muon_mass, 30.0
    E = float(total_energy(mass, beta_gamma))
    beta = beta_gamma / np.hypot(1, beta_gamma)
    published = allison_cobb(T, dielectric=SOLID, charge=1.0, beta=beta)
    published -= screened_collisions(T, dielectric=SOLID, charge=1.0, beta=beta, dilute=True)
    below = hard.strength.below(T).sum(axis=0)
    share = below / (below + hard.strength.missing)
    np.testing.assert_allclose(sigma(T, E, mass, hard) * share, published, rtol=1e-4)


def test_rise_with_the_energy_stops_in_a_medium():
    """In vacuum dsigma/dT gains (2 alpha/pi)(sigma/T) per e-fold of E; in Ge it saturates.

    Tolerance 1e-3 on the slope: the next power of m/E at 100 MeV.
    """
    T = np.array([1 * u.keV])
    photo = SOLID.photoabsorption.cross_section(T)
    energies = np.array([1e2, 1e3, 1e4]) * u.MeV
    vacuum, medium = (
        np.array([sigma(T, E, c.electron_mass, r)[0] for E in energies])
        for r in (PHOTONS, SCREENED)
    )
    slope = np.diff(vacuum) / np.log(10)
    np.testing.assert_allclose(slope, 2 * ALPHA / np.pi * photo[0] / T[0], rtol=1e-3)
    assert medium[2] / medium[1] - 1 < 1e-4
    assert medium[2] < vacuum[2] / 2


def test_weak_interaction_is_refused_in_a_medium():
    """Its interference with the photon needs the complex amplitude."""
    with pytest.raises(na.errors.UnsupportedResponse, match="in-medium"):
        na.differential_cross_section(
            1 * u.keV, 1 * u.MeV, interaction=na.Weak(), response=SCREENED
        )
