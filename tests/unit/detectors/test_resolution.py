"""Resolution of noise and charge carriers."""

import pytest

from nuatom import units as u
from nuatom.detectors.resolution import FanoResolution
from nuatom.errors import InvalidInput

RESOLUTION = FanoResolution(20 * u.eV)


def test_sigma_at_10_kev_by_hand():
    """sqrt(400 + 0.11 x 2.96 x 10370) eV = sqrt(3776.47) eV = 61.453 eV."""
    assert RESOLUTION.sigma(10.37 * u.keV) / u.eV == pytest.approx(61.453, rel=1e-5)


def test_noise_alone_at_zero_energy():
    """Without carriers there is no Fano noise."""
    assert RESOLUTION.sigma(0.0) / u.eV == pytest.approx(20.0, rel=1e-12)


@pytest.mark.parametrize("wrong", [{"noise": 0.0}, {"noise": 1.0, "fano": -0.1}])
def test_nonsense_is_refused(wrong):
    """Noise must be positive and F not negative."""
    with pytest.raises(InvalidInput):
        FanoResolution(**wrong)
