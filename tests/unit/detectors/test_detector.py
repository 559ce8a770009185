"""A detector as a whole: steps, quenching, thresholds and convergence, in closed form."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from nuatom import units as u
from nuatom.detectors.detector import Detector, grid_convergence
from nuatom.detectors.efficiency import ErrorFunctionEfficiency, StepEfficiency
from nuatom.detectors.measured_quenching import ConstantQuenching, TabulatedQuenching
from nuatom.detectors.quenching import Lindhard
from nuatom.detectors.resolution import FanoResolution
from nuatom.detectors.resolution_formulas import PerfectResolution
from nuatom.errors import InvalidInput, OutOfRange, UnknownName
from nuatom.targets import element
from nuatom.targets.compounds import compound

GERMANIUM, EXPOSURE = compound("Ge"), 1 * u.kg * u.day
NOISE = FanoResolution(30 * u.eV, fano=0.0)
LINDHARD = {"Ge": Lindhard(32, k=0.157)}
GAUSS = 4e-8
"""What four Gauss points on a cell of one sigma leave, in sigma: 4!^4/(9 8!^3) = 5.6e-10 times
the largest seventh derivative of a standard Gaussian, below 70."""


def detector(low=1.0, high=1.4, bins=16, **parts):
    """Return a germanium detector with bins in keV."""
    settings = {
        "name": "sketch", "target": GERMANIUM, "exposure": EXPOSURE,
        "bin_edges": np.linspace(low, high, bins + 1) * u.keV, "resolution": NOISE,
    } | parts  # fmt: skip
    return Detector(**settings)


def smeared_step(edge, bins, sigma):
    """Return Int over each bin of Phi((x - edge)/sigma), in closed form."""

    def primitive(x):
        z = x / sigma
        density = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        return sigma * (z * (1 + math.erf(z / math.sqrt(2))) / 2 + density)

    return np.diff([primitive(b - edge) for b in bins])


def test_steps_at_the_edges_of_the_target_are_exact():
    """theta(T - B) at the L3, L2 edges of Ge becomes error functions, to the rule's error.

    Nobody announces the edges: those of the target are in the grid.
    """
    shells = {s.name: s.binding_energy for s in element("Ge").subshells}
    chosen = detector()
    found = chosen.matrix().counts_of(lambda T: 2.0 * (T >= shells["L3"]) + (T >= shells["L2"]))
    bins = chosen.bin_edges / u.keV
    expected = 2 * smeared_step(shells["L3"] / u.keV, bins, 0.03)
    expected += smeared_step(shells["L2"] / u.keV, bins, 0.03)
    assert found / u.keV == pytest.approx(expected, abs=3 * GAUSS * 0.03)


def test_a_step_elsewhere_must_be_announced():
    """With `breaks` a step at 1.13 keV is exact, without it misses."""
    chosen, edge = detector(), 1.13 * u.keV
    expected = smeared_step(1.13, chosen.bin_edges / u.keV, 0.03)

    def miss(**options):
        found = chosen.matrix(**options).counts_of(lambda T: 1.0 * (T >= edge)) / u.keV
        return float(np.max(np.abs(found - expected)))

    assert miss(breaks=np.array([edge])) < GAUSS * 0.03
    assert miss() > 1e-6


def test_a_step_becomes_an_error_function():
    """theta(T - B) at constant sigma is Int Phi((x - B)/sigma) dx over the bin.

    Tolerance 1e-6: four Gauss-Legendre points on pieces of a quarter of sigma; 1e-12 of a
    full bin seven sigma below the edge.
    """
    chosen, edge = detector(), 1.217 * u.keV
    matrix = chosen.matrix(breaks=np.array([edge]), step=0.25)
    found = matrix.counts_of(lambda T: np.where(T < edge, 0.0, 1.0))
    expected = smeared_step(1.217, chosen.bin_edges / u.keV, 0.03)
    assert found / u.keV == pytest.approx(expected, rel=1e-6, abs=1e-13)


def test_a_step_inside_a_bin_without_smearing():
    """A perfect detector counts the part of the bin above the edge."""
    edge = element("Ge").subshells[3].binding_energy
    chosen = detector(bins=2, resolution=PerfectResolution())
    found = chosen.matrix().counts_of(lambda T: 1.0 * (T >= edge)) / u.keV
    assert found == pytest.approx([max(0.0, 1.2 - edge / u.keV), 1.4 - max(1.2, edge / u.keV)])


def test_a_flat_spectrum_stays_flat():
    """What smearing carries out of a bin comes in from its neighbours, also from below."""
    found = detector().matrix().counts_of(np.ones_like)
    assert found / u.keV == pytest.approx(np.full(16, 0.025), abs=GAUSS * 0.03)


def test_deposits_below_threshold_leak_up():
    """A spectrum that ends below the first bin is still seen in it: the grid reaches there."""
    chosen = detector()
    found = chosen.matrix(breaks=np.array([0.99 * u.keV])).counts_of(
        lambda T: 1.0 * (T < 0.99 * u.keV)
    )
    full = smeared_step(-1e3, chosen.bin_edges / u.keV, 0.03)
    expected = full - smeared_step(0.99, chosen.bin_edges / u.keV, 0.03)
    assert found[0] / u.keV == pytest.approx(expected[0], rel=1e-6)
    assert found[0] > 0.01 * 0.025 * u.keV


def test_lowest_deposit_ends_the_grid():
    """A 1/T spectrum is not followed below the lowest deposit."""
    low = detector(0.02, 0.2, 6, lowest_deposit=5 * u.eV)
    assert low.matrix().cell_edges[0] == pytest.approx(5 * u.eV, rel=1e-12)


def test_constant_quenching_moves_a_spectrum():
    """dR/dT = exp(-T/a) seen with Q = 0.2 and no smearing: closed form in each bin."""
    chosen = detector(
        0.1, 1.0, 9, resolution=PerfectResolution(), quenching={"Ge": ConstantQuenching(0.2)}
    )
    found = chosen.matrix("nuclear").counts_of(lambda T: np.exp(-T / (2 * u.keV)))
    recoil = chosen.bin_edges / u.keV / 0.2
    expected = 2 * (np.exp(-recoil[:-1] / 2) - np.exp(-recoil[1:] / 2))
    assert found / u.keV == pytest.approx(expected, rel=1e-9)


def test_narrow_bins_show_the_jacobian():
    """Counts per ionisation energy are dR/dT times dT/dT_ion, in bins of 1 eV (1e-5: h^2/24)."""
    chosen = detector(0.3, 0.32, 20, resolution=PerfectResolution(), quenching=LINDHARD)

    def rate(T):
        return np.exp(-T / (1.5 * u.keV)) / u.keV

    found = chosen.matrix("nuclear").counts_of(rate) / np.diff(chosen.bin_edges)
    middle = (chosen.bin_edges[1:] + chosen.bin_edges[:-1]) / 2
    expected = LINDHARD["Ge"].rate_in_ionisation_energy(rate, middle)
    assert found * u.keV == pytest.approx(expected * u.keV, rel=1e-5)


def test_the_published_value_of_lindhard_places_a_line():
    """A recoil of 1 keV in Ge lies at 0.1710 keV (k = 0.157, four digits published)."""
    bins = np.array([0.1709, 0.17095, 0.17105, 0.1711]) * u.keV
    chosen = detector(bin_edges=bins, resolution=PerfectResolution(), quenching=LINDHARD)
    found = chosen.probability(1 * u.keV, "nuclear")
    assert found[:, 0].tolist() == [0, 1, 0]


def test_every_stage_against_nested_quadrature():
    """Quenching, true efficiency, smearing, threshold and efficiency in reconstructed energy.

    Brute force with nested adaptive quadrature, for nuclear recoils in two bins; 1e-5: the
    turn-on in reconstructed energy is linear on tenths of its width.
    """
    true, seen = (
        ErrorFunctionEfficiency(0.25 * u.keV, 0.05 * u.keV, 0.9, kind)
        for kind in ("true", "reconstructed")
    )
    chosen = detector(
        0.2, 0.4, 2, resolution=FanoResolution(30 * u.eV), efficiencies=(true, seen),
        quenching=LINDHARD, threshold=0.22 * u.keV,
    )  # fmt: skip

    def erf_curve(x):
        return 0.45 * (1 + math.erf((x - 0.25) / (0.05 * math.sqrt(2))))

    def kernel(recoil, low, high):
        energy = float(LINDHARD["Ge"].ionisation_energy(recoil * u.keV)) / u.keV
        sigma = math.sqrt(0.03**2 + 0.11 * 0.00296 * energy)

        def density(y):
            gauss = math.exp(-(((y - energy) / sigma) ** 2) / 2)
            return gauss / (sigma * math.sqrt(2 * math.pi)) * erf_curve(y)

        return erf_curve(energy) * quad(density, low, high, epsabs=1e-11)[0]

    found = chosen.matrix("nuclear").counts_of(lambda T: np.exp(-T / (0.8 * u.keV))) / u.keV
    for value, (low, high) in zip(found, [(0.22, 0.3), (0.3, 0.4)], strict=True):

        def integrand(T, low=low, high=high):
            return math.exp(-T / 0.8) * kernel(T, low, high)

        expected = sum(
            quad(integrand, a, b, epsrel=1e-9)[0]
            for a, b in ((0.02, 0.7), (0.7, 1.4), (1.4, 2.1), (2.1, 4.0))
        )
        assert value == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("recoil", ["electron", "nuclear"])
@pytest.mark.parametrize("resolution", [FanoResolution(68.5 * u.eV), PerfectResolution()])
def test_halving_the_true_grid_moves_nothing(recoil, resolution):
    """A rate ~ 1/T, or one that falls by e each 0.5 keV, moves by less than 1e-3 in any bin."""
    chosen = detector(0.2, 1.5, 130, resolution=resolution, quenching=LINDHARD)
    for spectrum in (lambda T: 1 / T, lambda T: np.exp(-T / (0.5 * u.keV))):
        assert grid_convergence(chosen, spectrum, recoil) < 1e-3


def test_merging_bins_merges_counts():
    """Half the bins hold the sums of two, to 1e-9: counts do not depend on the binning."""
    fine, coarse = (detector(bins=n).matrix().counts_of(lambda T: 1 / T) / u.keV for n in (16, 8))
    assert fine.reshape(8, 2).sum(axis=1) == pytest.approx(coarse, rel=1e-9)


def test_elements_of_a_compound_have_their_own_quenching():
    """In NaI sodium and iodine are quenched apart; which one must be said."""
    chosen = detector(
        target=compound("NaI"),
        quenching={"Na": ConstantQuenching(0.3), "I": ConstantQuenching(0.09)},
    )
    sodium, iodine = (chosen.matrix("nuclear", element=e).cell_edges[-1] for e in ("Na", "I"))
    assert iodine / sodium == pytest.approx(0.3 / 0.09, rel=1e-9)
    with pytest.raises(InvalidInput, match="Na, I"):
        chosen.matrix("nuclear")


def test_a_cut_off_starts_the_grid():
    """Where recoils below a table are invisible the grid begins at its first row."""
    rows, factors = np.array([0.8, 60.0]) * u.keV, np.array([0.15, 0.3])
    visible = {"Ge": TabulatedQuenching(rows, factors, invisible_below=True)}
    cells = detector(0.15, 0.4, 5, quenching=visible).matrix("nuclear").cell_edges
    assert cells[0] == pytest.approx(0.8 * u.keV, rel=1e-9)
    with pytest.raises(OutOfRange, match=r"begins at 0\.8 keV"):
        detector(0.15, 0.4, 5, quenching={"Ge": TabulatedQuenching(rows, factors)}).matrix(
            "nuclear"
        )


def test_a_quenching_table_that_ends_too_early_is_refused():
    """The last bin needs recoils beyond the table."""
    table = TabulatedQuenching(np.array([0.1, 2.0]) * u.keV, np.array([0.1, 0.2]))
    with pytest.raises(OutOfRange, match=r"ends at 0\.4 keV"):
        detector(0.2, 0.5, 5, quenching={"Ge": table}).matrix("nuclear")


def test_efficiency_in_recoil_energy_is_a_break():
    """A hard cut at 2 keV of recoil energy is exact: closed form without smearing."""
    chosen = detector(
        0.1, 1.0, 1, resolution=PerfectResolution(), quenching={"Ge": ConstantQuenching(0.2)},
        efficiencies=(StepEfficiency(2 * u.keV, 1.0, "recoil"),),
    )  # fmt: skip
    assert chosen.matrix("nuclear").counts_of(np.ones_like) / u.keV == pytest.approx([3.0])


@pytest.mark.parametrize(
    "parts",
    [
        {"exposure": 0.0}, {"exposure": math.nan}, {"threshold": -1.0}, {"lowest_deposit": 0.0},
        {"bin_edges": [1.0, 1.0]}, {"bin_edges": [[1.0, 2.0]]}, {"threshold": 99 * u.keV},
    ],
)  # fmt: skip
def test_nonsense_is_refused(parts):
    """Numbers out of range say which."""
    with pytest.raises(InvalidInput):
        detector(**parts)


def test_unknown_names_are_refused():
    """No such recoil, no such element."""
    with pytest.raises(UnknownName):
        detector().matrix("muon")
    with pytest.raises(UnknownName):
        detector(quenching={"Si": ConstantQuenching(0.2)})


def test_nuclear_recoils_need_a_quenching():
    """None is assumed."""
    with pytest.raises(InvalidInput, match="quenching"):
        detector().matrix("nuclear")
