"""Beta decays of U239 and Np239."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.sources.beta_decay import (
    BetaDecay,
    allowed_shape,
    beta_decay,
    decay_spectrum,
    fermi_function,
    sampled,
)
from nuatom.sources.editions import edition

ZERO = np.array(0.0)


def means(spectrum):
    """Mean energy [MeV] and mean square [MeV^2]."""
    norm, first, second = (float(spectrum.moment(-k)(ZERO)) for k in range(3))
    return first / norm / u.MeV, second / norm / u.MeV**2


@pytest.mark.parametrize("parent", ["U239", "Np239"])
def test_one_antineutrino_per_decay(parent):
    """The spectrum of a decay integrates to 1."""
    assert decay_spectrum(beta_decay(parent)).moment(0)(ZERO) == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize("parent", ["u239", "np239"])
def test_bestiole(parent, shared):
    """Mean energy, mean square and shape agree with the BESTIOLE summation code."""
    energy, density = np.loadtxt(
        shared / f"reference/reactor/bestiole_{parent}.txt", delimiter=","
    ).T
    spectrum = decay_spectrum(beta_decay(parent.capitalize()))
    first, second = means(spectrum)
    # both sum evaluated branches; BESTIOLE adds screening and forbidden shapes (per cent)
    assert first == pytest.approx(np.average(energy, weights=density), rel=0.01)
    assert second == pytest.approx(np.average(energy**2, weights=density), rel=0.01)
    edges = np.append(energy - 0.0125, energy[-1] + 0.0125) * u.MeV
    ours = -np.diff(spectrum.moment(0)(edges)) / 0.025
    assert np.sum(np.abs(ours - density)) / np.sum(density) < 0.02


@pytest.mark.parametrize(
    ("parent", "end_point"),
    [("U239", 1.187), ("Np239", 0.331), ("Np239", 0.393), ("Np239", 0.438)],
)
def test_jumps_lie_where_published_spectra_jump(parent, end_point):
    """Strong branches end with a step at 0.331, 0.393, 0.438 and 1.187 MeV."""
    spectrum = decay_spectrum(beta_decay(parent))
    steps = spectrum.high[:-1] - spectrum.low[1:]
    at = spectrum.energies[1:-1] / u.MeV
    # end points of BESTIOLE and Kopeikin are read off to 1 keV
    near = np.abs(at - end_point) < 1.1e-3
    assert np.max(steps[near]) * u.MeV > 0.05
    assert np.max(steps[near]) == pytest.approx(np.max(steps[np.abs(at - end_point) < 0.02]))


def test_branches_are_the_evaluated_ones():
    """Q values of ENSDF: 1261.5 and 722.5 keV; intensities add up to nearly 100 %."""
    for parent, q, z in (("U239", 1261.5, 93), ("Np239", 722.5, 94)):
        decay = beta_decay(parent)
        table = edition("beta-branches", f"{parent.lower()}-ensdf")
        top = table.column("daughter_level_keV")[0]
        assert np.max(decay.end_points) == pytest.approx((q - top) * u.keV, rel=1e-12)
        assert decay.atomic_number == z
        assert decay.intensities.sum() == pytest.approx(1, rel=1e-14)
        # what the evaluation leaves out
        assert table.column("intensity_percent").sum() == pytest.approx(100, abs=0.5)


def test_fermi_function_without_charge_is_one():
    """A neutral daughter does not pull the electron."""
    energies = np.array([1e-3, 1.0, 10.0]) * u.MeV
    ours = fermi_function(energies, atomic_number=0, mass_number=239)
    assert ours == pytest.approx(np.ones(3), rel=1e-13)


def test_fermi_function_of_a_light_nucleus_is_the_sommerfeld_factor():
    """For alpha Z -> 0 and slow electrons, F -> 2 pi y/(1 - exp(-2 pi y))."""
    kinetic = np.array([0.01, 0.1, 1.0]) * u.keV
    p = np.sqrt(kinetic * (kinetic + 2 * c.electron_mass))
    y = c.fine_structure * (kinetic + c.electron_mass) / p
    exact = 2 * np.pi * y / (1 - np.exp(-2 * np.pi * y))
    # corrections are (alpha Z)^2 ln(p R), 6e-4 for Z = 1
    ours = fermi_function(kinetic, atomic_number=1, mass_number=1)
    assert ours == pytest.approx(exact, rel=1e-3)


def test_fermi_function_of_a_heavy_nucleus_by_exact_arithmetic():
    """F for Z = 94 at 0.2 MeV, against the formula with 30 digits."""
    import mpmath

    with mpmath.workdps(30):
        z = mpmath.mpf(c.fine_structure) * 94
        g = mpmath.sqrt(1 - z**2)
        m = mpmath.mpf(c.electron_mass / u.MeV)
        p = mpmath.sqrt(mpmath.mpf("0.2") * (mpmath.mpf("0.2") + 2 * m))
        y = z * (m + mpmath.mpf("0.2")) / p
        hbarc = mpmath.mpf("197.3269804593025")  # MeV fm, exact in the SI of 2019
        radius = mpmath.mpf("1.2") * mpmath.mpf(239) ** (mpmath.mpf(1) / 3) / hbarc
        exact = (
            2 * (1 + g) * (2 * p * radius) ** (2 * (g - 1)) * mpmath.exp(mpmath.pi * y)
            * abs(mpmath.gamma(mpmath.mpc(g, y))) ** 2 / mpmath.gamma(2 * g + 1) ** 2
        )  # fmt: skip
    ours = float(fermi_function(np.array(0.2 * u.MeV), atomic_number=94, mass_number=239))
    assert ours == pytest.approx(float(exact), rel=1e-10)


def test_the_spectrum_ends_with_a_jump():
    """p F(Z, E) has a limit for an electron at rest: 2 pi alpha Z E_e up to a power of p."""
    near = np.array([1 - 1e-4, 1 - 1e-6, 1.0]) * u.MeV
    shape = allowed_shape(near, end_point=1 * u.MeV, atomic_number=93, mass_number=239)
    # the shape is analytic in the kinetic energy: 1e-4 of it changes the shape by about as much
    assert shape[:2] == pytest.approx(shape[2] * np.ones(2), rel=1e-3)
    assert shape[1] == pytest.approx(shape[2], rel=1e-5)


def test_without_charge_the_spectrum_of_massless_electrons_is_symmetric():
    """For E_0 >> m and Z = 0, electron and antineutrino share the energy equally."""
    E = np.linspace(0, 1, 20001) * 1e3 * u.MeV
    shape = allowed_shape(E, end_point=1e3 * u.MeV, atomic_number=0, mass_number=1)
    mean = np.sum(E * shape) / np.sum(shape)
    assert mean == pytest.approx(500 * u.MeV, rel=1e-3)  # m/E_0 = 5e-4


@pytest.mark.parametrize("parent", ["U239", "Np239"])
@pytest.mark.parametrize("power", [-2, 0, 1, 2])
def test_halving_the_knots_changes_nothing(parent, power):
    """The straight pieces are short enough: half as long, moments move by less than 1e-5."""
    decay = beta_decay(parent)
    energies = np.array([0.01, 1.0, 30.0, 150.0, 300.0, 0.9 * np.max(decay.end_points) / u.keV])
    coarse, fine = (
        decay_spectrum(decay, refinement=n).moment(power)(energies * u.keV) for n in (1, 2)
    )
    assert coarse == pytest.approx(fine, rel=1e-5)


def test_wrong_decays_are_refused():
    """Unknown parents, unequal lengths and negative intensities are errors."""
    with pytest.raises(UnknownName, match="did you mean 'U239'"):
        beta_decay("U-239")
    with pytest.raises(InvalidInput, match="one intensity"):
        BetaDecay("X", 1, 1, np.array([1.0, 2.0]), np.array([1.0]))
    with pytest.raises(InvalidInput, match="positive"):
        BetaDecay("X", 1, 1, np.array([1.0]), np.array([-1.0]))


def test_sampling_keeps_its_marks():
    """Each mark is a knot, exactly, on either side of 50 keV."""
    marks = [0.001 * u.keV, 7.3 * u.keV, 200.25 * u.keV, 331 * u.keV]
    knots = sampled(marks)
    assert set(marks) <= set(knots.tolist())
    assert np.all(np.diff(knots) > 0)
    assert np.max(np.diff(knots)) < 1.001 * u.keV


def test_a_positron_is_repelled():
    """The neutrino spectrum of a positron decay ends smoothly, that of an electron with a jump."""
    ends = {}
    for positron in (False, True):
        decay = BetaDecay("test", 7, 15, np.array([1.0]) * u.MeV, np.array([1.0]), "", positron)
        spectrum = decay_spectrum(decay)
        assert spectrum.flavor == ("nu_e" if positron else "anti_nu_e")
        ends[positron] = spectrum.high[-1] / spectrum.high.max()
    assert ends[False] > 1e-2
    assert ends[True] < 1e-12


def test_fermi_function_of_a_positron_is_small_when_slow():
    """F(-Z)/F(Z) = exp(-2 pi alpha Z E/p), exactly, in this approximation."""
    energies = np.array([0.001, 0.1, 1.0]) * u.MeV
    plus, minus = (fermi_function(energies, atomic_number=z, mass_number=15) for z in (7, -7))
    p = np.sqrt(energies * (energies + 2 * c.electron_mass))
    y = c.fine_structure * 7 * (energies + c.electron_mass) / p
    assert minus / plus == pytest.approx(np.exp(-2 * np.pi * y), rel=1e-9)


@pytest.mark.parametrize(
    ("parent", "end_point"), [("N13", 1198.5), ("O15", 1732.2), ("F17", 1738.5), ("pp", 420.22)]
)
def test_positron_end_points_lie_two_electron_masses_below_q(parent, end_point):
    """End points of the solar positron decays in keV."""
    decay = beta_decay(parent)
    assert decay.positron
    # evaluations of Q differ by some tenths of a keV
    assert decay.end_points.max() / u.keV == pytest.approx(end_point, abs=0.1)
