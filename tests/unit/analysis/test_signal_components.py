"""Counts of signals through a matrix, with another source or detector beside them."""

import numpy as np
import pytest
from scipy import integrate

import nuatom as na
from nuatom import catalog
from nuatom import units as u
from nuatom.analysis.signal_components import (
    Counter,
    Neutrinos,
    conventions,
    signal_components,
)
from nuatom.analysis.spectra import ChannelSettings, Site
from nuatom.detectors.response_matrix import published_matrix
from nuatom.errors import OutOfRange, UnsupportedResponse
from nuatom.sources.variations import ScaledPart, Variation

CELLS = np.array([2.0, 2.5, 3.0]) * u.keV
EXPOSURE = 3 * u.kg * u.day
SOURCE = catalog.source("kuo-sheng")


def matrix(factor=1.0):
    """Half of the first cell goes to the first bin, a fifth of the second to the second."""
    parts = factor * np.array([[0.5, 0.0], [0.0, 0.2]])
    return published_matrix("electron", np.arange(3.0), CELLS, parts)


def site(symbol="Ge"):
    target = na.target(symbol)
    model = catalog.response("stepped", target)
    return Site("electron", matrix().points, ((model, 1 / target.mass),))


def components(sites, exposure=EXPOSURE, channels=("magnetic-moment",), **more):
    given = Neutrinos(SOURCE, ChannelSettings(), **more)
    return signal_components(channels, sites, given, exposure)


def test_counts_are_exposure_times_probability_times_the_integral_of_the_rate():
    """Against an adaptive quadrature of the public rate (1e-6, its tolerance)."""
    (part,), (coupling,) = components([(site(), Counter(matrix().points, matrix()))])

    def rate(T):
        moment = na.MagneticMoment(1.0)
        found = na.differential_rate(T * u.keV, source=SOURCE, target="Ge", interaction=moment,
                                     response="stepped")  # fmt: skip
        return float(found / u.cpkkd)

    integrals = [integrate.quad(rate, *ends, epsrel=1e-9)[0] for ends in ((2.0, 2.5), (2.5, 3.0))]
    expected = 3 * np.array([0.5, 0.2]) * integrals
    np.testing.assert_allclose(part.counts, expected, rtol=1e-6)
    assert (coupling.channel, coupling.unit, coupling.power) == ("magnetic-moment", "mu_B", 1)


def test_sites_add_and_exposures_of_bins_multiply():
    """Two sites give the sum; a bin with half of the exposure has half of the counts."""
    counter = Counter(matrix().points, matrix())
    (one,), _ = components([(site(), counter)])
    (two,), _ = components([(site("Si"), counter)])
    (both,), _ = components([(site(), counter), (site("Si"), counter)])
    np.testing.assert_allclose(both.counts, one.counts + two.counts, rtol=1e-12)
    (half,), _ = components([(site(), counter)], EXPOSURE * np.array([1.0, 0.5]))
    np.testing.assert_allclose(half.counts, one.counts * [1, 0.5], rtol=1e-12)


def test_another_detector_and_another_source_are_variations():
    """A tenth more efficiency gives a tenth more counts, twice the flux twice the counts, and
    a part of 30 % that is known to 20 % gives 6 % (1e-12 by arithmetic)."""
    counter = Counter(matrix().points, matrix(), {"eff": matrix(1.1)}, {"eff": matrix(0.9)})
    flux = Variation("total-flux", SOURCE.scaled(2.0), SOURCE.scaled(0.5))
    piece = ScaledPart("tail", SOURCE.scaled(0.3), 0.2)
    (part,), _ = components([(site(), counter)], variations=(flux,), parts=(piece,))
    expected = {"eff": (1.1, 0.9), "source_total_flux": (2, 0.5), "source_tail": (1.06, 0.94)}
    assert set(part.upper) == set(part.lower) == set(expected)
    for name, (up, down) in expected.items():
        np.testing.assert_allclose(part.upper[name], up * part.counts, rtol=1e-12)
        np.testing.assert_allclose(part.lower[name], down * part.counts, rtol=1e-12)


def test_pairs_that_interfere_have_a_component():
    """Weak and millicharge do, a magnetic moment with neither does."""
    counter = Counter(matrix().points, matrix())
    channels = ("weak", "magnetic-moment", "millicharge")
    parts, couplings = components([(site(), counter)], channels=channels)
    assert {p.name: p.kind for p in parts} == {
        "weak": "signal",
        "magnetic-moment": "signal",
        "millicharge": "signal",
        "weak*millicharge": "interference",
    }
    assert [c.default for c in couplings] == [1.0, 0.0, 0.0]


def test_errors_say_where_they_come_from():
    """What a model does not provide is a matter of the signals, the end of a band of variations."""
    points = np.array([1500.0]) * u.keV
    high = Site("electron", points, ((catalog.response("ab-initio", "H"), 1 / u.kg),))
    wide = published_matrix("electron", np.arange(3.0), CELLS, np.zeros((2, 2)))
    with pytest.raises(OutOfRange, match=r"variations\.atomic_model: .*relative_uncertainty"):
        components([(high, Counter(points, wide))], channels=("weak",), atomic_model=True)
    photons = catalog.response("equivalent-photon", "Ge")
    lacking = Site("electron", matrix().points, ((photons, 1 / u.kg),))
    with pytest.raises(UnsupportedResponse, match=r"signals: .*A00"):
        components([(lacking, Counter(matrix().points, matrix()))], channels=("weak",))


def test_conventions_are_those_of_the_catalogue():
    """Only of channels that have one."""
    assert conventions(["weak", "magnetic-moment"]) == []
    assert conventions(["millicharge"])[0].startswith("convention of millicharge: q_nu > 0")
