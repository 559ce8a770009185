"""Magnetic-moment disintegration of the deuteron."""

import numpy as np
import pytest
from scipy import constants as si
from scipy.integrate import quad

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, OutOfRange
from nuatom.reproduce import deuteron as d
from nuatom.reproduce import effective_range as er
from nuatom.responses.equivalent_photon import EquivalentPhoton, PaperEquivalentPhoton

MB = 1e-3 * u.barn


@pytest.fixture
def zero_range() -> er.EffectiveRangeDeuteron:
    """A deuteron whose outside wave functions are all there is."""
    gamma = np.sqrt(er.NUCLEON_MASS * er.BINDING_ENERGY)
    return er.EffectiveRangeDeuteron(triplet_length=1 / gamma, triplet_range=0.0, singlet_range=0.0)


def _integral_over_transfers(deuteron: er.EffectiveRangeDeuteron, q: float, part: int) -> float:
    """Integrate a response at fixed |q| over all T, with T = B + k^2/M."""
    B, M = deuteron.binding_energy, er.NUCLEON_MASS

    def integrand(x: float) -> float:  # k = gamma x/(1-x)
        k = deuteron.bound_momentum * x / (1 - x)
        T = np.array([B + k**2 / M])
        value = deuteron.responses(T, q**2 - T**2)[part][0]
        return float(value * 2 * k / M * deuteron.bound_momentum / (1 - x) ** 2)

    return float(quad(integrand, 1e-9, 1 - 1e-9, epsabs=0, epsrel=1e-9, limit=300)[0])


@pytest.mark.parametrize("q_over_gamma", [0.3, 1.0, 3.0])
def test_closure_of_the_charge_response(
    zero_range: er.EffectiveRangeDeuteron, q_over_gamma: float
) -> None:
    """Int R_L dT + F^2 = 1 for the one proton, with F = (4 gamma/|q|) atan(|q|/(4 gamma))."""
    gamma = zero_range.bound_momentum
    q = q_over_gamma * gamma
    elastic = 4 * gamma / q * np.arctan(q / (4 * gamma))
    total = _integral_over_transfers(zero_range, q, 0)
    assert total + elastic**2 == pytest.approx(1.0, rel=1e-6)  # limit of the quadrature


@pytest.mark.parametrize("q_over_gamma", [0.3, 2.0])
def test_closure_of_the_spin_flip(
    zero_range: er.EffectiveRangeDeuteron, q_over_gamma: float
) -> None:
    """Singlet S waves without a bound state are complete: Int R_T dT ~ <d| j_0^2(qr/2) |d>."""
    gamma = zero_range.bound_momentum
    q = q_over_gamma * gamma
    j2 = quad(
        lambda x: 2 * np.exp(-2 * x) * np.sinc(q * x / (2 * gamma * np.pi)) ** 2, 0, 40, limit=300
    )[0]
    total = _integral_over_transfers(zero_range, q, 2)
    expected = (q * er.ISOVECTOR_MOMENT / er.NUCLEON_MASS) ** 2 / 6 * j2
    assert total == pytest.approx(expected, rel=1e-6)  # limit of the quadrature


def test_long_wave_limit_is_the_photon_point() -> None:
    """For |q| -> 0, R_L = |q|^2 sigma_E1/(4 pi^2 alpha T) and R_T = 2 (T/|q|)^2 R_L."""
    deuteron = er.EffectiveRangeDeuteron()
    T = np.array([2.5, 4.0, 10.0]) * u.MeV
    q = 0.1 * u.MeV
    charge, current, _ = deuteron.responses(T, q**2 - T**2)
    e1, _ = deuteron.by_shell(T)
    # corrections are of order (|q|/gamma)^2 = 5e-6
    assert charge == pytest.approx(q**2 * e1 / (4 * np.pi**2 * c.fine_structure * T), rel=5e-5)
    assert current == pytest.approx(2 * (T / q) ** 2 * charge, rel=5e-5)


def test_spin_flip_at_the_photon_point() -> None:
    """At Q^2 = 0, R_T of the spin flip is T sigma_M1/(2 pi^2 alpha), up to retardation."""
    deuteron = er.EffectiveRangeDeuteron()
    T = np.array([2.3, 2.5, 4.0]) * u.MeV
    _, _, spin = deuteron.responses(T, 0 * T)
    _, m1 = deuteron.by_shell(T)
    expected = T * m1 / (2 * np.pi**2 * c.fine_structure)
    assert spin == pytest.approx(expected, rel=2e-3)  # (T/(4 gamma))^2 at 4 MeV


def test_peak_of_the_electric_dipole() -> None:
    """sigma_E1 peaks at T = 2B, as (T-B)^(3/2)/T^3 does, at 2.4 mb."""
    deuteron = er.EffectiveRangeDeuteron()
    T = np.linspace(4, 5, 2001) * u.MeV
    e1, _ = deuteron.by_shell(T)
    assert T[np.argmax(e1)] == pytest.approx(2 * deuteron.binding_energy, rel=2e-4)  # the grid
    assert e1.max() / MB == pytest.approx(2.4, rel=0.02)


def test_parametrisation_of_measurements() -> None:
    """E1 is within 5 % of 61.2 mb (E-2.224)^(3/2)/E^3 (Chadwick et al. 1991), 3 to 15 MeV."""
    T = np.linspace(3, 15, 50)
    e1, _ = er.EffectiveRangeDeuteron().by_shell(T * u.MeV)
    fit = 61.2 * (T - 2.224) ** 1.5 / T**3
    assert e1 / MB == pytest.approx(fit, rel=0.05)  # spread between fits of the data


def test_thermal_capture() -> None:
    """Detailed balance gives the known one-body result, 10 % below the measured 334.2 mb."""
    capture = er.EffectiveRangeDeuteron().thermal_capture() / MB
    assert 0.88 < capture / 334.2 < 0.93  # exchange currents are worth 10 +- 1 %


def test_asymptotic_normalisation() -> None:
    """A_S = 0.8838(4) fm^-1/2 from the phase-shift analysis of Stoks et al. (1988)."""
    a_s = np.sqrt(er.EffectiveRangeDeuteron().normalisation * u.fm)
    assert a_s == pytest.approx(0.8838, rel=2e-3)  # error of r_t, 0.008 fm


def test_moments_are_those_of_codata() -> None:
    """mu_p - mu_n in nuclear magnetons agrees with the constants of scipy."""
    moments = si.physical_constants
    proton = moments["proton mag. mom. to nuclear magneton ratio"][0]
    neutron = moments["neutron mag. mom. to nuclear magneton ratio"][0]
    assert pytest.approx(proton - neutron, rel=1e-7) == er.ISOVECTOR_MOMENT


@pytest.mark.parametrize(("printed", "power"), [(False, "final"), (True, "initial")])
def test_equivalent_photon_is_the_integral_of_equation_10(printed: bool, power: str) -> None:
    """The equivalent-photon response gives Int mu^2 (alpha/pi)(E'/m)^2 sigma/T dT, Eq. (10) E^2."""
    deuteron = er.EffectiveRangeDeuteron()
    E, B = 9 * u.MeV, deuteron.binding_energy
    response = (
        PaperEquivalentPhoton(deuteron) if printed else EquivalentPhoton(deuteron, cut_off=False)
    )
    found = d.disintegration_cross_section(E, response, moment=1e-10).sum()

    def integrand(x: float) -> float:
        T = B + x**2 * (E - B)
        energy = E - T if power == "final" else E
        sigma = deuteron.cross_section(np.array([T]))[0]
        return float(2 * x * (E - B) * (energy / c.electron_mass) ** 2 * sigma / T)

    integral = quad(integrand, 0, 1, epsabs=0, epsrel=1e-10, limit=200)[0]
    expected = 1e-20 * c.fine_structure / np.pi * integral
    assert found == pytest.approx(expected, rel=1e-6)  # 48 nodes


def test_equivalent_photon_within_ten_per_cent() -> None:
    """The statement of the paper: the equivalent photon is within 10 % of effective range."""
    deuteron = er.EffectiveRangeDeuteron()
    E = np.array([8.0, 10.0, 12.0]) * u.MeV
    photon = d.disintegration_cross_section(E, EquivalentPhoton(deuteron, cut_off=False))
    full = d.disintegration_cross_section(E, er.DeuteronResponse(deuteron))
    ratio = photon.sum(axis=0) / full.sum(axis=0)
    assert np.all(abs(ratio - 1) < 0.10)
    # E1 agrees as long as the wave is long; a spin flip has no R_L, which makes the
    # constant F_a twice too large for M1, exactly so for long waves
    assert photon[0] / full[0] == pytest.approx(1.0, abs=0.02)
    assert photon[1] / full[1] == pytest.approx(2.0, abs=0.04)


def test_the_agreement_is_lost_for_short_waves() -> None:
    """Where 2E exceeds the inverse size the constant F_a overshoots more and more."""
    deuteron = er.EffectiveRangeDeuteron()
    E = np.array([8.0, 16.0, 30.0]) * u.MeV
    photon = d.disintegration_cross_section(E, EquivalentPhoton(deuteron, cut_off=False))[0]
    full = d.disintegration_cross_section(E, er.DeuteronResponse(deuteron))[0]
    assert np.all(np.diff(photon / full) > 0.01)


def test_quadrature_has_converged() -> None:
    """Doubling both node counts changes the cross section by less than 1e-7."""
    deuteron = er.EffectiveRangeDeuteron()
    E = np.array([3.0, 10.0, 20.0]) * u.MeV
    coarse = d.disintegration_cross_section(E, er.DeuteronResponse(deuteron))
    fine = d.disintegration_cross_section(E, er.DeuteronResponse(deuteron, nodes=48), nodes=96)
    assert coarse == pytest.approx(fine, rel=1e-7)


def test_outside_its_range_the_deuteron_refuses() -> None:
    """Below threshold, above 30 MeV, or for what is not an energy, there is an error."""
    deuteron = er.EffectiveRangeDeuteron()
    assert deuteron.by_shell(deuteron.edges[:1]) == pytest.approx(np.zeros((2, 1)))
    for energy in (2.0, 31.0):
        with pytest.raises(OutOfRange, match=r"expected 2\.22\d+ to 30 MeV"):
            deuteron.cross_section(np.array([energy]) * u.MeV)
    with pytest.raises(InvalidInput):
        deuteron.cross_section(np.array([-1.0]))
    with pytest.raises(OutOfRange, match="binding"):
        d.disintegration_cross_section(2 * u.MeV, er.DeuteronResponse(deuteron))


def test_item() -> None:
    """The item states the comparison, and what cannot be compared as not public."""
    item = d.compute()
    status = {key: value["status"] for key, value in item.summary_dict().items()}
    assert status["epa-over-effective-range"] == "reproduced"
    assert status["epa-over-nuclear-physics"] == "not public"
    assert status["moment-limit-of-reference-16"] == "not public"
