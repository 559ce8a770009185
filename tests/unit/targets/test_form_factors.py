"""Nuclear form factors against closed forms and published numbers."""

from collections.abc import Callable

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.targets import helm, klein_nystrand

BOTH = pytest.mark.parametrize("form_factor", [helm, klein_nystrand])


def test_helm_check_value() -> None:
    """Helm F^2 of Ge at a recoil of 1 keV is 0.98155 (independent evaluation, five digits)."""
    q2 = 2 * 72.63 * c.atomic_mass * 1 * u.keV
    assert float(helm(q2, 72.63)) ** 2 == pytest.approx(0.98155, abs=5e-6)


@BOTH
def test_forward_limit_is_one(form_factor: Callable[..., np.ndarray]) -> None:
    """F(0) = 1 exactly, and the series meets the closed form without a step.

    1e-11 on third differences: cancellation in j_1 at x = 0.1 costs three digits.
    """
    assert float(form_factor(0.0, 72.63)) == 1.0
    q = np.linspace(1e-4, 0.05, 4001) / u.fm
    values = form_factor(q**2, 72.63)
    assert np.max(np.abs(np.diff(values, 3))) < 1e-11


@pytest.mark.parametrize("mass_number", [28.0, 72.63, 131.3])
def test_slopes_are_the_mean_square_radii(mass_number: float) -> None:
    """F = 1 - q^2 <r^2>/6: Helm 3R^2/5 + 3s^2, Klein-Nystrand 3R^2/5 + 6a_k^2."""
    third = mass_number ** (1 / 3)
    c_fm = 1.23 * third - 0.60
    r2_helm = c_fm**2 + 7 * np.pi**2 * 0.52**2 / 3 - 5 * 0.9**2
    expected = {
        helm: 0.6 * r2_helm + 3 * 0.9**2,
        klein_nystrand: 0.6 * (1.2 * third) ** 2 + 6 * 0.7**2,
    }
    q2 = (1e-3 / u.fm) ** 2
    for form_factor, radius in expected.items():
        slope = 6 * (1 - float(form_factor(q2, mass_number))) / q2 / u.fm**2
        assert slope == pytest.approx(radius, rel=1e-4)  # next term: q^2 r^2/20 ~ 1e-6


def test_zeros_are_those_of_the_sphere() -> None:
    """Klein-Nystrand vanishes where tan(qR) = qR: 4.4934 and 7.7253."""
    radius = 1.2 * 72.63 ** (1 / 3) * u.fm
    for root in (4.493409457909064, 7.725251836937707):
        assert float(klein_nystrand((root / radius) ** 2, 72.63)) == pytest.approx(0, abs=1e-14)
        around = klein_nystrand((np.array([0.99, 1.01]) * root / radius) ** 2, 72.63)
        assert around[0] * around[1] < 0


def test_the_two_agree_at_reactor_recoils() -> None:
    """Below 3 keV in Ge the two models differ by less than 1 % (radii 4.06 and 4.27 fm)."""
    q2 = 2 * 72.63 * c.atomic_mass * np.linspace(0.01, 3, 50) * u.keV
    assert helm(q2, 72.63) == pytest.approx(klein_nystrand(q2, 72.63), rel=1e-2)


@BOTH
def test_bad_input_is_refused(form_factor: Callable[..., np.ndarray]) -> None:
    """Negative or undefined Q^2 and A below one are refused."""
    for q2, mass_number in ((-1.0, 72.0), (np.nan, 72.0), (1.0, 0.0), (1.0, np.nan)):
        with pytest.raises(InvalidInput):
            form_factor(q2, mass_number)


@BOTH
def test_shape_and_input_are_kept(form_factor: Callable[..., np.ndarray]) -> None:
    """Any shape comes back; the input is not modified."""
    q2 = np.array([[0.0, 1.0], [2.0, 3.0]]) * u.MeV**2
    before = q2.copy()
    assert form_factor(q2, 72.63).shape == (2, 2)
    assert np.array_equal(q2, before)
