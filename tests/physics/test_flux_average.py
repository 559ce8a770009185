"""Rates with flux moments equal a brute-force loop over neutrino energies.

The loop knows nothing of moments: it adds ``phi(E) dsigma/dT(T, E)`` with Gauss-Legendre
nodes on every piece between two knots of the flux, and lines as they are.  Pieces are cut
again where a cross section opens or bends in E, so that the loop itself is exact to 1e-8.

Tolerance 1e-6: what remains on the side of the moments is the quadrature in Q^2 of the
equivalent photons, which for a photon pole and a flux with jumps takes four times the
usual nodes to get there (see nuatom.responses.equivalent_photon).
"""

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.responses import EquivalentPhoton, FreeElectrons, Nucleus, SteppedElectrons
from nuatom.sources import Continuum, Line, Source
from nuatom.targets import element, photoabsorption

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

TOLERANCE = 1e-6
GERMANIUM = element("Ge")
PHOTO = photoabsorption(GERMANIUM)
NODES, CHUNK = 4, 4096

MOMENT, WEAK = na.MagneticMoment(1e-11), na.Weak()
CHARGE = na.Millicharge(1e-12)


def reactor():
    """Return the reactor spectrum: 5807 knots from 1 eV to 8 MeV, with jumps."""
    return na.source("kuo-sheng")


def continuum_and_lines():
    """Return a source with a jump, a kink and two lines, in three flavours."""
    knots = np.array([0.02, 0.1, 0.4, 1.2]) * u.MeV
    low, high = (np.array(values) / u.MeV for values in ([0.1, 1.0, 3.0], [0.7, 2.0, 0.0]))
    return Source(
        "mixed",
        (
            Continuum("nu_e", knots, low * u.flux, high * u.flux),
            Line("nu_e", 0.862 * u.MeV, 0.9 * u.flux),
            Line("anti_nu_mu", 0.384 * u.MeV, 0.1 * u.flux),
        ),
    )


SOURCES = {"reactor": reactor, "continuum and lines": continuum_and_lines}


def kinks(T, heavy):
    """Return neutrino energies at which dsigma/dT opens or bends for a transfer T.

    T itself, finely resolved above (there the photon pole opens with m_nu), and
    E = (T + sqrt(T^2 + Q^2))/2 for Q^2 = 2mT, T^2, and 2MT of every nucleus.
    """
    q2 = np.array([2 * c.electron_mass * T, T**2, *(2 * mass * T for mass in heavy)])
    return np.concatenate([(T + np.sqrt(T**2 + q2)) / 2, T + np.geomspace(0.05, 2e4, 60) * u.eV])


def loop_over_energies(T, source, interaction, response):
    """Return dR/dT per atom at one T, summed over neutrino energies by brute force."""
    heavy = [i.mass for i in response.isotopes] if isinstance(response, Nucleus) else []
    x, w = np.polynomial.legendre.leggauss(NODES)
    total = 0.0
    for flux in source.fluxes:
        if isinstance(flux, Line):
            energies, weights = np.array([flux.energy]), np.array([flux.intensity])
        else:
            short = np.geomspace(T, flux.energy_max, 300)  # no piece longer than 6 % of E
            cuts = np.unique(np.concatenate([flux.energies, short, kinks(T, heavy)]))
            cuts = cuts[(cuts >= max(flux.energies[0], T)) & (cuts <= flux.energy_max)]
            half = np.diff(cuts)[:, None] / 2
            nodes = cuts[:-1, None] + half * (1 + x)
            energies, weights = nodes.ravel(), (half * w * flux.density(nodes)).ravel()
        for start in range(0, energies.size, CHUNK):
            part = slice(start, start + CHUNK)
            open_ = energies[part] > T
            sigma = na.differential_cross_section(
                T,
                energies[part][open_],
                interaction=interaction,
                response=response,
                flavor=flux.flavor,
            )
            total += float(weights[part][open_] @ sigma)
    return total


def assert_equal(transfers, source, interaction, looped, response=None):
    """Compare the two; `response` is the one for the moments, if it has more nodes."""
    rates = na.differential_rate(
        transfers,
        source=source,
        target=GERMANIUM,
        interaction=interaction,
        response=response or looped,
    )
    expected = [loop_over_energies(t, source, interaction, looped) for t in transfers]
    assert np.all(rates > 0)
    np.testing.assert_allclose(rates / GERMANIUM.atoms_per_mass, np.array(expected), rtol=TOLERANCE)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("interaction", [MOMENT, WEAK, CHARGE], ids=["moment", "weak", "charge"])
@pytest.mark.parametrize("model", [FreeElectrons, SteppedElectrons], ids=["free", "stepped"])
def test_electrons(source, interaction, model):
    """Free and stepped electrons, from 30 eV to 100 keV."""
    transfers = np.array([0.03, 1.3, 12.0, 100.0]) * u.keV
    assert_equal(transfers, SOURCES[source](), interaction, model(GERMANIUM))


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("interaction", [MOMENT, WEAK, CHARGE], ids=["moment", "weak", "charge"])
def test_nucleus(source, interaction):
    """Five isotopes, each with its own threshold in E, from 1 eV up."""
    transfers = np.array([1e-3, 8e-3, 0.5]) * u.keV
    transfers = transfers if source == "reactor" else transfers[:2]
    response = Nucleus(32, GERMANIUM.isotopes)
    assert_equal(transfers, SOURCES[source](), interaction, response)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("transverse", [False, True], ids=["L and T", "T"])
def test_equivalent_photon_magnetic_moment(source, transverse):
    """Every node in Q^2 has its own E_min; the usual nodes are enough without a pole."""
    transfers = np.array([0.03, 1.3, 60.0]) * u.keV
    response = EquivalentPhoton(PHOTO, transverse_only=transverse)
    assert_equal(transfers, SOURCES[source](), MOMENT, response)


@pytest.mark.parametrize("source", SOURCES)
def test_equivalent_photon_millicharge(source):
    """The photon pole, whose lower end moves with E: four times the nodes for the moments."""
    transfers = np.array([0.03, 20.0]) * u.keV
    looped, finer = EquivalentPhoton(PHOTO), EquivalentPhoton(PHOTO, nodes_factor=4)
    assert_equal(transfers, SOURCES[source](), CHARGE, looped, finer)


@pytest.mark.parametrize("source", SOURCES)
def test_printed_equation_10(source):
    """Its E^2 asks for the moment M_-2 above E = T."""
    transfers = np.array([0.03, 1.3, 60.0]) * u.keV
    assert_equal(transfers, SOURCES[source](), MOMENT, na.response("equivalent-photon-paper", "Ge"))


def test_weight_in_the_energy():
    """A moment that depends on E as an oscillation would: M_k with a weight."""
    weighted = na.MagneticMoment(1e-11, weight=lambda E: 1 + np.sin(3 * E / u.MeV) / 2)
    transfers = np.array([0.03, 12.0]) * u.keV
    assert_equal(transfers, reactor(), weighted, SteppedElectrons(GERMANIUM))
