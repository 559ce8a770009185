"""The derivation of Eqs. (4) to (10)."""

import itertools
import json

import numpy as np
import pytest

from nuatom import constants as c
from nuatom import units as u
from nuatom.interactions import ChargeRadius, Couplings, MagneticMoment, Millicharge, Weak
from nuatom.reproduce import derivation
from nuatom.reproduce.frames import Frame, random_frames, symbolic_frames
from nuatom.reproduce.gamma_matrices import METRIC, Dirac, contract, dot, lower
from nuatom.reproduce.identities import IDENTITIES
from nuatom.reproduce.photon_pole import leading_powers
from nuatom.reproduce.quantities import Item

EXACT = 1e-12
"""Traces of a few 4x4 matrices lose three of sixteen digits."""
MUST_FAIL = {"printed-sign-of-eq6", "printed-energy-of-eq10"}


@pytest.fixture(scope="module")
def item() -> Item:
    """The computed item."""
    return derivation.compute()


@pytest.mark.parametrize("i", [1j, "symbol"])
def test_clifford_algebra(i: object) -> None:
    """The gamma matrices anticommute to twice the metric and with gamma_5, in both kinds."""
    d = symbolic_frames()[0].dirac if i == "symbol" else Dirac(1j)
    for mu, nu in itertools.product(range(4), repeat=2):
        anticommutator = d.gamma[mu] @ d.gamma[nu] + d.gamma[nu] @ d.gamma[mu]
        assert np.all(anticommutator == 2 * METRIC[mu, nu] * d.one)
        assert not np.any(d.gamma[mu] @ d.gamma5 + d.gamma5 @ d.gamma[mu])
    assert np.all(d.gamma5 @ d.gamma5 == d.one)


def test_random_momenta_are_on_shell() -> None:
    """Neutrinos are light-like, and the struck electron keeps its mass."""
    target, electron = random_frames(seed=1)
    for f in (target, electron):
        assert np.allclose(dot(f.k, f.k), 0, atol=1e-13)  # rounding of numbers of order 10
        assert np.allclose(dot(f.k_final, f.k_final), 0, atol=1e-13)
        assert np.all(f.q2 > 0)
    final = electron.p + electron.q
    assert np.allclose(dot(final, final), 1, atol=1e-12)


def test_exactly_two_printed_forms_fail(item: Item) -> None:
    """All identities hold by both methods but the two printed forms, which fail by both."""
    checks = derivation.check_identities()
    failed = {check.identity.key for check in checks if not check.holds}
    held = {check.identity.key for check in checks if check.holds}
    assert failed == MUST_FAIL
    assert not failed & held
    quantities = item.summary["derivation"]
    assert {key for key, q in quantities.items() if q.status == "differs"} == MUST_FAIL
    exact = [check.deviation for check in checks if check.method == "symbols" and check.holds]
    assert exact == [0.0] * len(exact)


@pytest.mark.parametrize("seed", [3, 4])
def test_other_momenta_agree(seed: int) -> None:
    """The identities do not depend on the momenta that were drawn."""
    frames = random_frames(seed=seed, points=6)
    for identity in IDENTITIES:
        if identity.key not in MUST_FAIL:
            left, right = identity.sides(frames[identity.electron])
            assert derivation._number_deviation(left, right) < 1e-10, identity.key


def test_energy_density_of_the_neutrino_tensor_is_positive() -> None:
    """L^00 is a sum of squares, so it is positive: this fixes the sign of Eq. (6)."""
    f, _ = random_frames(seed=5)
    assert np.all(f.magnetic[:, 0, 0].real > 0)
    expected = f.q2 * (f.k[:, 0] + f.k_final[:, 0]) ** 2
    assert np.allclose(f.magnetic[:, 0, 0], expected, rtol=EXACT, atol=0)


def test_textbook_vector_trace() -> None:
    """L = 2 [k k' + k' k - g k.k'] with an antisymmetric part that flips for antineutrinos."""
    f, _ = random_frames(seed=6, points=5)
    nu, anti = (f.dirac.vector_tensor(f.k, f.k_final, a) for a in (False, True))
    kk = np.einsum("am,an->amn", f.k, f.k_final)
    symmetric = 2 * (kk + kk.swapaxes(1, 2) - METRIC * dot(f.k, f.k_final)[:, None, None])
    scale = EXACT * abs(symmetric).max()
    assert np.allclose((nu + anti) / 2, symmetric, rtol=0, atol=scale)
    swapped = (nu - anti).swapaxes(1, 2)
    assert np.allclose(nu - anti, -swapped, rtol=0, atol=scale)
    # Tr[gamma_5 a b c d] = -4 i epsilon(a, b, c, d) with epsilon^{0123} = -1
    dirac = Dirac(1j)
    product = dirac.gamma5 @ dirac.gamma[0] @ dirac.gamma[1] @ dirac.gamma[2] @ dirac.gamma[3]
    assert np.trace(product) == pytest.approx(-4j)


def test_massless_gordon_identity_needs_massless_neutrinos() -> None:
    """With a final momentum off the light cone, the tensor is no longer (k+k')(k+k')."""
    f, _ = random_frames(seed=7, points=4)
    heavy = f.k_final.copy()
    heavy[:, 0] *= 1.1
    off = Frame(f.dirac, f.k, heavy, f.p, f.first, f.second)
    identity = next(i for i in IDENTITIES if i.key == "neutrino-tensor")
    assert derivation._number_deviation(*identity.sides(off)) > 1e-3


def test_a_wrong_factor_is_seen() -> None:
    """Doubling F_b on one side only spoils the contraction: the checks have teeth."""
    f, _ = random_frames(seed=8, points=4)
    wrong = Frame(f.dirac, f.k, f.k_final, f.p, f.first, 2 * f.second)
    left, _ = derivation.contraction(f)
    _, right = derivation.contraction(wrong)
    assert derivation._number_deviation(left, right) > 1e-3


def test_longitudinal_electron_current_is_conserved_but_axial_is_not() -> None:
    """q_mu H^{mu nu} vanishes for a vector current and is of order m for an axial one."""
    _, f = random_frames(seed=9, points=5)
    one, zero = np.ones(5), np.zeros(5)
    vector = f.dirac.electron_tensor(f.p, f.p + f.q, (one, zero))
    axial = f.dirac.electron_tensor(f.p, f.p + f.q, (zero, one))
    flow = np.einsum("am,amn->an", f.q, vector)
    assert np.allclose(flow, 0, rtol=0, atol=EXACT * abs(vector).max())
    divergence = contract(np.einsum("am,an->amn", f.q, f.q), axial)
    # 4 m^2 Q^2: the divergence of the axial current of a free electron, m = 1
    assert np.allclose(divergence, 4 * f.q2, rtol=1e-10, atol=0)


def test_equation_10_from_the_solid_angle() -> None:
    """A constant F_a gives 16 pi E'^2/T in these units at every node count from 3 up."""
    e, t = np.array([1.0, 4.0]), np.array([0.2, 3.9])
    for nodes in (3, 12):
        integral = derivation.solid_angle_integral(e, t, nodes)
        assert np.allclose(integral, 16 * np.pi * (e - t) ** 2 / t, rtol=1e-12, atol=0)


def test_leading_powers_equal_those_of_the_interactions() -> None:
    """The coefficients of the channels scale with Q^2 as the table says."""
    T, E = np.array([1.0 * u.keV]), 1.0 * u.MeV
    channels = {
        "magnetic-moment": MagneticMoment(1e-11),
        "millicharge": Couplings((Millicharge(1e-12, neutrino_mass=1e-6 * u.eV),)),
        "charge-radius": Couplings((ChargeRadius(1e-32 * u.cm**2),)),
        "weak": Couplings((Weak(),)),
    }
    for name, interaction in channels.items():
        terms = interaction.terms(flavor="nu_e", constituents={"electron": np.ones(())})

        def integrand(q2: float, terms: tuple = terms) -> float:  # type: ignore[type-arg]
            response = {"L": (T**2 + q2) / T, "T": 2 * T}
            parts = [
                term.coefficient(T, np.array([q2]))
                * E ** float(-term.power)
                * response[term.response]
                for term in terms
                if term.response in response
            ]
            return float(np.sum(parts))

        q2 = 1e-9 * T[0] ** 2  # far below the one scale, T^2
        slope = np.log(integrand(10 * q2) / integrand(q2)) / np.log(10)
        assert slope == pytest.approx(leading_powers()[name], abs=1e-6), name


def test_item_is_complete(item: Item) -> None:
    """The item has both tables, plain values for JSON, and the retraction as such."""
    names = [table.name for table in item.tables]
    assert names == ["derivation", "photon_pole", "derivation_integrand"]
    summary = json.loads(json.dumps(item.summary_dict(), allow_nan=False))["derivation"]
    assert summary["enhancement-for-a-magnetic-moment"]["status"] == "retracted"
    assert summary["no-enhancement-in-the-standard-model"]["status"] == "reproduced"
    assert "largest_relative_deviation" in item.tables[0].to_csv()


def test_check_value_of_equation_10() -> None:
    """Eq. (10) at the check point of the paper: E^2 and E'^2 differ by 0.26 per cent."""
    E, T, sigma = 1 * u.MeV, 1.3 * u.keV, 7.5613e-19 * u.cm**2
    printed = 1e-22 * c.fine_structure / np.pi * (E / c.electron_mass) ** 2 * sigma / T
    unit = u.cm**2 / u.keV
    assert printed / unit == pytest.approx(5.1740e-43, rel=2e-5)  # five printed digits
    assert printed * (1 - T / E) ** 2 / unit == pytest.approx(5.1606e-43, rel=2e-5)


def test_lower_twice_is_the_identity() -> None:
    """Lowering an index twice returns the vector."""
    assert np.array_equal(lower(lower(np.arange(4.0))), np.arange(4.0))
