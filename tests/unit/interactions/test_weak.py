"""The Standard Model couplings, against the published table."""

import numpy as np
import pytest

from nuatom import constants as c
from nuatom.interactions import Weak
from nuatom.interactions.terms import FLAVORS
from nuatom.interactions.weak import weak_couplings

S2 = 0.23863
"""sin^2 theta_W at zero momentum transfer (PDG 2024)."""

# g_V and g_A of PDG 2024, "Electroweak model and constraints on new physics", at tree level
TABLE = {
    ("nu_e", "electron"): (0.5 + 2 * S2, 0.5),
    ("nu_mu", "electron"): (-0.5 + 2 * S2, -0.5),
    ("nu_tau", "electron"): (-0.5 + 2 * S2, -0.5),
    ("nu_e", "proton"): (0.5 - 2 * S2, 0.5),
    ("nu_mu", "proton"): (0.5 - 2 * S2, 0.5),
    ("nu_tau", "proton"): (0.5 - 2 * S2, 0.5),
    ("nu_e", "neutron"): (-0.5, -0.5),
    ("nu_mu", "neutron"): (-0.5, -0.5),
    ("nu_tau", "neutron"): (-0.5, -0.5),
}


@pytest.mark.parametrize("flavor", FLAVORS)
@pytest.mark.parametrize("constituent", ["electron", "proton", "neutron"])
def test_couplings_of_every_flavor(flavor, constituent):
    """Antineutrinos have the couplings of neutrinos; only nu_e feels the charged current."""
    expected = TABLE[flavor.removeprefix("anti_"), constituent]
    assert weak_couplings(flavor, constituent) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("flavor", "g_left", "g_right"),
    [("nu_e", 0.5 + S2, S2), ("nu_mu", -0.5 + S2, S2), ("nu_tau", -0.5 + S2, S2)],
)
def test_chiral_couplings(flavor, g_left, g_right):
    """g_L = (g_V + g_A)/2 is 1/2 + s2 for nu_e and -1/2 + s2 for the others; g_R = s2."""
    g_v, g_a = weak_couplings(flavor, "electron")
    assert (g_v + g_a) / 2 == pytest.approx(g_left, rel=1e-14)
    assert (g_v - g_a) / 2 == pytest.approx(g_right, rel=1e-14)


def test_weak_charge_of_a_nucleus():
    """Q_W = N - (1 - 4 s2) Z is -2 times the sum of the vector couplings."""
    Z, N = 32, 41
    amplitude = Weak()
    proton, neutron = (
        float(amplitude.vector(np.ones(()), np.ones(()), flavor="nu_mu", constituent=name))
        for name in ("proton", "neutron")
    )
    assert -2 * (Z * proton + N * neutron) == pytest.approx(N - (1 - 4 * S2) * Z, rel=1e-13)


def test_strength_scales_the_amplitude():
    """A factor on the amplitude multiplies both couplings."""
    for current in ("vector", "axial"):
        one, two = (
            getattr(Weak(s), current)(np.ones(()), np.ones(()), flavor="nu_e", constituent="proton")
            for s in (1.0, 2.0)
        )
        assert float(two) == 2 * float(one) != 0


def test_the_mixing_angle_is_the_one_at_zero_momentum():
    """0.23863, not the 0.23122 of the Z pole: 3 % on the rate of anti-nu_e."""
    assert c.weak_mixing == S2
