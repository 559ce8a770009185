"""The tabulated response against the exact formulas of hydrogen-like shells.

The reference is a quadrature of the kernels over Q^2 written out here, which shares with
the model only the closed forms of the shells.
"""

import dataclasses
import functools

import numpy as np
import pytest

import nuatom as na
from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import InvalidInput, OutOfRange, UnknownName, UnsupportedResponse
from nuatom.interactions.terms import minimum_neutrino_energy, q2_limits
from nuatom.responses import FreeElectrons
from nuatom.responses.bound import CONVECTION, BoundElectronWeights
from nuatom.responses.hydrogen_formulas import SHAPES, oscillator_strength, transverse_strength
from nuatom.responses.measure import ALL_RESPONSES
from nuatom.responses.response_table import Provenance, RelativeUncertainty, ResponseTable
from nuatom.responses.scaled_grid import TableShell, kinetic_grid
from nuatom.responses.table_format import read_table, write_table
from nuatom.responses.tabulated import Tabulated

ALPHA, M = c.fine_structure, c.electron_mass
PROVENANCE = Provenance(
    "H", 1, "closed forms", "none", "0", "none", ("H. Bethe",), "calculated", "a test"
)
MU, CHARGE, NU_MASS, RADIUS = 1e-11, 1e-12, 0.1 * u.eV, 1e-32 * u.cm**2
CHANNELS = {
    "magnetic-moment": na.MagneticMoment(MU),
    "charge-radius": na.ChargeRadius(RADIUS),
    "millicharge": na.Millicharge(CHARGE, neutrino_mass=NU_MASS),
}
E = 1 * u.MeV

CASES = {  # charge, shell, greatest T in edges
    "1s, Z = 0.01": (0.01, "1s", 300),
    "1s, Z = 1": (1, "1s", 300),
    "1s, Z = 32": (32, "1s", 50),
    "2p, Z = 32": (32, "2p", 200),
    "2s, Z = 32": (32, "2s", 200),
    "3s, Z = 10": (10, "3s", 300),
}
GOAL = 5e-3
"""What a table of 60 x 80 points must reach for every shell."""
CLOSE = {"1s": GOAL / 50}
"""Closer for a shell without nodes; GOAL/5 for the others, whose R_L has sharp minima."""


def edge(Z, shell):
    return Z**2 * c.rydberg / SHAPES[shell].n ** 2


def exact(Z, shell, T, q):
    """All responses of one electron, at T of shape (T,) and |q| of shape (T, node)."""
    T2 = T[:, None]
    q2 = np.maximum((q - T2) * (q + T2), 0.0)
    W, Qs = T2 / (Z**2 * c.rydberg), q2 / (Z * ALPHA * M) ** 2
    # the ridge of the closed forms is put at Q^2 = 2mT, where the table expects it
    strength = oscillator_strength(W, Qs, shell=shell) / (Z**2 * c.rydberg)
    longitudinal = q**2 / (2 * M * T2) * strength
    still, current = (
        BoundElectronWeights(T, q2, longitudinal),
        transverse_strength(W, Qs, shell=shell),
    )
    return {name: still[name] + (name in CONVECTION) * current / M for name in still}


def build(Z, shell, last, *, points=(60, 80), names=("L", "T"), free_above=np.inf, shift=0.0):
    """The table of one electron, up to T = last edges."""
    B = edge(Z, shell)
    width = np.sqrt(2 * M * B) / 2
    grid = TableShell(shell, 1.0, B + shift, B, free_above, width, B)
    kinetic = kinetic_grid((last - 1) * B, B, points[0])
    q = grid.momentum_grid(B + shift + kinetic, points[1])
    responses = exact(Z, shell, B + shift + kinetic, q)
    return ResponseTable(
        (grid,), kinetic[None], {name: responses[name][None] for name in names}, PROVENANCE
    )


@functools.cache
def cached(case, points=(60, 80)):
    Z, shell, last = CASES[case]
    return Tabulated(build(Z, shell, last, points=points))


def random_energies(case, number=200):
    """Off the grid; a quarter of them within 1 % above the edge."""
    Z, shell, last = CASES[case]
    rng = np.random.default_rng(1)
    near = edge(Z, shell) * (1 + 0.01 * rng.uniform(size=number // 4))
    return np.append(near, edge(Z, shell) * last ** rng.uniform(size=number - number // 4))


def direct(case, T, E=E):
    """The cross sections of three channels by quadrature: 500 x 8 nodes in ln Q^2 and |q|."""
    Z, shell, _ = CASES[case]
    x, w = np.polynomial.legendre.leggauss(8)
    cells = np.linspace(0, 1, 501)
    place = (cells[:-1, None] + (cells[1] / 2) * (1 + x)).ravel()
    part = np.tile(w * cells[1] / 2, 500)
    column, mass2 = T[:, None], NU_MASS**2
    result = dict.fromkeys(CHANNELS, 0.0)
    # in ln Q^2 from the lowest kinematic limit to T^2/4, in ln |q|^2 beyond
    low, top = q2_limits(T, np.full(T.size, E), neutrino_mass=NU_MASS)
    middle = np.minimum(T**2 / 4, top)
    span = np.log(middle / low)[:, None]
    first = low[:, None] * np.exp(span * place)
    span_q = np.log((T**2 + top) / (T**2 + middle))[:, None]
    qq = (T**2 + middle)[:, None] * np.exp(span_q * place)
    for q2, dq2 in ((first, first * span * part), (qq - column**2, qq * span_q * part)):
        qq = column**2 + q2
        r = exact(Z, shell, T, np.sqrt(qq))
        rest = 4 * E * (E - column) - q2
        magnetic = q2 * (2 * E - column) ** 2 / qq**2 * r["L"] + rest / (2 * qq) * r["T"]
        longitudinal = rest / qq**2 * r["L"]
        transverse = rest / (2 * qq * q2) + 1 / q2
        charge = longitudinal + (transverse - 2 * mass2 / q2**2) * r["T"]
        radius = (q2 / 6) ** 2 * (longitudinal + transverse * r["T"])
        factor = np.pi * ALPHA**2 / E**2
        for name, strength, integrand in (
            ("magnetic-moment", MU**2 / (4 * M**2), magnetic),
            ("millicharge", CHARGE**2, charge),
            ("charge-radius", RADIUS**2, radius),
        ):
            result[name] = result[name] + factor * strength * (integrand * dq2).sum(axis=1)
    return result


def sigma(name, response, T, E=E):
    interaction = CHANNELS.get(name, na.Weak())
    return na.differential_cross_section(T, E, interaction=interaction, response=response)


def worst(found, expected):
    return float(np.abs(np.asarray(found) / expected - 1).max())


@pytest.mark.parametrize("case", CASES)
def test_cross_sections_off_the_grid(case):
    """60 x 80 points give three channels to much better than 0.5 %, at the edge too."""
    T = random_energies(case)
    T = T[T < 0.9 * E]
    expected = direct(case, T)
    for name in CHANNELS:
        error = worst(sigma(name, cached(case), T), expected[name])
        assert error < CLOSE.get(CASES[case][1], GOAL / 5), name


@pytest.mark.parametrize("case", CASES)
def test_half_the_grid(case):
    """Every other energy and momentum left out moves the cross sections by less than 0.5 %."""
    T = random_energies(case)
    T = T[T < 0.9 * E]
    for name in CHANNELS:
        full = sigma(name, cached(case), T)
        assert worst(sigma(name, cached(case, (30, 40)), T), full) < GOAL, name


def test_kinematic_cut_through_the_ridge():
    """Where 4 E E' ends the integral below, on or above the ridge, it is still exact."""
    case = "1s, Z = 1"
    T = random_energies(case)[::4]
    for energy in (2 * u.keV, 5 * u.keV, 20 * u.keV):
        inside = T[T < 0.95 * energy]
        expected = direct(case, inside, energy)
        for name in CHANNELS:
            # the ridge, cut: the panels end at the limit
            assert worst(sigma(name, cached(case), inside, energy), expected[name]) < 1e-4, name


def test_responses_at_random_points():
    """200 random points (T, |q|): each of the seven responses to 1e-3."""
    Z, shell, last = CASES["1s, Z = 32"]
    model = Tabulated(build(Z, shell, last, names=tuple(sorted(ALL_RESPONSES))))
    T = random_energies("1s, Z = 32")
    end = model.table.shells[0].greatest_momentum(T)
    q = (T * (end / T) ** np.random.default_rng(2).uniform(size=200))[:, None]
    expected = exact(Z, shell, T, q)
    for name in sorted(ALL_RESPONSES):
        found = model.interpolate(name, T, q)[0]
        np.testing.assert_allclose(found, expected[name], rtol=1e-3, err_msg=name)


def test_weak_channel_needs_all_seven():
    """The weak cross section from seven tabulated responses is that of the exact model."""
    Z, shell, last = CASES["1s, Z = 32"]
    model = Tabulated(build(Z, shell, last, names=tuple(sorted(ALL_RESPONSES))))
    hydrogen = na.responses.hydrogenic.HydrogenLike(Z, shell, nodes_factor=3)
    T = random_energies("1s, Z = 32")
    for flavor in ("nu_e", "anti_nu_e"):
        found, expected = (
            na.differential_cross_section(
                T, E, interaction=na.Weak(), response=response, flavor=flavor
            )
            for response in (model, hydrogen)
        )
        np.testing.assert_allclose(found, expected, rtol=2e-5)
    with pytest.raises(UnsupportedResponse, match="AT"):
        sigma("weak", cached("1s, Z = 1"), T[:1])


def test_photon_pole_is_a_logarithm_of_the_neutrino_mass():
    """Between two masses the cross section changes by sigma_gamma times the pole's logarithm.

    (2 alpha q_nu^2 sigma/(pi E^2 T)) (E^2 - ET + T^2/2) ln(m_1/m_2), with the residue at
    the photon point; Q^2 runs over 26 decades for the smaller mass.
    """
    Z, shell, _ = CASES["1s, Z = 32"]
    T = random_energies("1s, Z = 32", 40)
    model = cached("1s, Z = 32")
    photo = 2 * np.pi**2 * ALPHA / T * exact(Z, shell, T, T[:, None])["T"][:, 0]
    light, heavy = 1e-6 * u.eV, 1 * u.eV
    found = np.subtract(
        *(
            na.differential_cross_section(
                T, E, interaction=na.Millicharge(CHARGE, neutrino_mass=mass), response=model
            )
            for mass in (light, heavy)
        )
    )
    bracket = E**2 - E * T + T**2 / 2
    expected = 2 * ALPHA * CHARGE**2 * photo / (np.pi * E**2 * T) * bracket * np.log(heavy / light)
    # interpolation in T; terms of order m_nu^2/T^2 are below 1e-7
    np.testing.assert_allclose(found, expected, rtol=2e-5)


def test_photoabsorption_from_both_responses():
    """R_T and R_L at |q| = T give one cross section where the current is conserved."""
    Z, shell, last = CASES["1s, Z = 1"]
    model = Tabulated(build(Z, shell, last))
    T = random_energies("1s, Z = 1", 40)
    # non-relativistic: T/m and (T a_0)^2 are below 0.01 at 300 edges and 1e-4 at 10
    T = T[T < 10 * edge(Z, shell)]
    strength = oscillator_strength(T / c.rydberg, 0.0) / c.rydberg
    for name in ("T", "L"):
        found = model.photoabsorption_by_shell(T, response=name)[0]
        np.testing.assert_allclose(found, 2 * np.pi**2 * ALPHA / M * strength, rtol=1e-3)
    with pytest.raises(UnknownName):
        model.photoabsorption_by_shell(T, response="A00")


def test_nodes_converge():
    """Four times the nodes change a cross section by less than a fifth of the goal."""
    for case in ("1s, Z = 1", "2p, Z = 32", "3s, Z = 10"):
        T = random_energies(case, 60)
        T = T[T < 0.9 * E]
        fine = dataclasses.replace(cached(case), nodes_factor=4)
        for name in CHANNELS:
            change = worst(sigma(name, cached(case), T), sigma(name, fine, T))
            assert change < CLOSE.get(CASES[case][1], GOAL / 5), (case, name)


def test_the_file_changes_nothing(tmp_path):
    """A table that went through a file gives the cross sections of the one in memory."""
    case = "1s, Z = 32"
    write_table(tmp_path / "t.nc", cached(case).table)
    read = Tabulated.read(tmp_path / "t.nc", name="ab-initio")
    assert read.name == "ab-initio"
    T = random_energies(case, 60)
    for name in CHANNELS:
        # rounding to 2^-17 = 8e-6
        assert worst(sigma(name, read, T), sigma(name, cached(case), T)) < 2e-5
    assert read_table(tmp_path / "t.nc").provenance == PROVENANCE
    with pytest.raises(InvalidInput, match="no such file"):
        Tabulated.read(tmp_path / "none.nc")


def test_free_electrons_above():
    """Above `free_above` a shell is exactly a free electron; below nothing changes."""
    Z, shell, last = CASES["1s, Z = 1"]
    B = edge(Z, shell)
    model = Tabulated(build(Z, shell, last, names=tuple(ALL_RESPONSES), free_above=100 * B))
    hydrogen = FreeElectrons(na.targets.element("H"))
    above, below = np.geomspace(101, 2000, 30) * B, np.geomspace(1, 99, 30) * B
    for name in ("magnetic-moment", "charge-radius", "weak"):
        # the same node and the same weights
        free = sigma(name, hydrogen, above)
        np.testing.assert_allclose(sigma(name, model, above), free, rtol=1e-12)
        mixed = np.concatenate([below, above])
        np.testing.assert_allclose(sigma(name, model, mixed)[30:], free, rtol=1e-12)
    whole = sigma("magnetic-moment", cached("1s, Z = 1"), below)
    np.testing.assert_allclose(sigma("magnetic-moment", model, below), whole, rtol=1e-12)
    # the last node obeys the kinematic limits too: E = 3 keV cannot reach the ridge
    assert np.all(sigma("weak", model, above[above < 2.9 * u.keV], 3 * u.keV) == 0)


def test_edges_and_range():
    """Zero below the edge, open at it, an error beyond the table or its responses."""
    Z, shell, last = CASES["1s, Z = 1"]
    model, B = cached("1s, Z = 1"), edge(Z, shell)
    assert sigma("magnetic-moment", model, 0.999 * B) == 0
    assert sigma("magnetic-moment", model, B) > 0
    assert sigma("magnetic-moment", model, last * B) > 0
    with pytest.raises(OutOfRange, match=r"ends at 4\.08\d* keV") as caught:
        sigma("magnetic-moment", model, np.array([B, 1.01 * last * B]))
    assert "\n" not in str(caught.value)
    np.testing.assert_allclose(model.edges, [B])
    assert model.shells == ("1s",)
    assert model.provides == {"L", "T"}
    with pytest.raises(UnsupportedResponse, match="A00"):
        model.interpolate("A00", np.array([B]), np.array([[2 * B]]))


def test_first_energy_above_the_edge():
    """A grid that starts 1 % above the edge is continued to it."""
    Z, shell, last = CASES["1s, Z = 1"]
    table = build(Z, shell, last)
    B = edge(Z, shell)
    kinetic = table.kinetic_energy + 0.01 * B
    q = table.shells[0].momentum_grid(B + kinetic[0], 80)
    responses = exact(Z, shell, B + kinetic[0], q)
    late = Tabulated(
        dataclasses.replace(
            table, kinetic_energy=kinetic, responses={n: responses[n][None] for n in ("L", "T")}
        )
    )
    T = B * np.linspace(1, 1.01, 20)
    for name in CHANNELS:
        # 1 % of the edge beyond the first of 60 energies
        assert worst(sigma(name, late, T), sigma(name, cached("1s, Z = 1"), T)) < 1e-4


def test_calculated_edges_move_a_shell_rigidly():
    """R(eps) stays at its kinetic energy when the calculated threshold is asked for."""
    Z, shell, last = CASES["1s, Z = 1"]
    B = edge(Z, shell)
    measured = Tabulated(build(Z, shell, last, shift=0.1 * B))
    calculated = dataclasses.replace(measured, calculated_edges=True)
    np.testing.assert_allclose(measured.edges, 1.1 * B)
    np.testing.assert_allclose(calculated.edges, B)
    T = np.geomspace(1.2, 100, 20) * B
    q = (50 * T)[:, None]
    for name in ("L", "T"):
        moved = calculated.interpolate(name, T - 0.1 * B, q)
        # the momentum is the same, the grid of the table is used at the table's energy
        np.testing.assert_allclose(moved, measured.interpolate(name, T, q), rtol=1e-9)


def test_shells_add_up():
    """A table of two shells gives each what it has alone, on nodes that serve both."""
    one, two = cached("1s, Z = 32").table, cached("2p, Z = 32").table
    both = Tabulated(
        ResponseTable(
            one.shells + two.shells,
            np.concatenate([one.kinetic_energy, two.kinetic_energy]),
            {n: np.concatenate([one.responses[n], two.responses[n]]) for n in ("L", "T")},
            PROVENANCE,
        )
    )
    T = np.geomspace(1, 190, 50) * two.shells[0].edge
    for name in CHANNELS:
        parts = sigma(name, Tabulated(one), T) + sigma(name, Tabulated(two), T)
        # other nodes for the wider shell
        np.testing.assert_allclose(sigma(name, both, T), parts, rtol=2e-4)


def test_measure_respects_the_limits():
    """Nodes lie within the limits, weights are >= 0, and vanish where nothing is allowed."""
    model = cached("1s, Z = 1")
    T = random_energies("1s, Z = 1", 40)
    low, high = q2_limits(T, np.full(40, 3 * u.keV), neutrino_mass=NU_MASS)
    copies = T.copy(), low.copy(), high.copy()
    measure = model.measure(T, q2_min=low, q2_max=high)
    for before, after in zip(copies, (T, low, high), strict=True):
        np.testing.assert_array_equal(before, after)
    weights = measure.weights["L"]
    assert np.all(weights >= 0)
    used = np.broadcast_to(measure.q2, weights.shape)[weights > 0]
    column = np.broadcast_to(T[:, None], weights.shape[1:])[weights[0] > 0]
    # 1e-12 for the rounding of Q^2
    reach = minimum_neutrino_energy(column, used, neutrino_mass=NU_MASS)
    assert np.all(reach <= 3 * u.keV * (1 + 1e-12))
    assert np.all(weights[:, T > 3 * u.keV] == 0)
    with pytest.raises(KeyError):
        measure.weights["VA"]
    assert sorted(measure.weights) == ["L", "T"]


def test_one_energy_equals_many():
    """A cross section does not depend on the company in which it is asked for."""
    T = random_energies("1s, Z = 1", 12)
    for name in CHANNELS:
        together = sigma(name, cached("1s, Z = 1"), T)
        alone = [float(sigma(name, cached("1s, Z = 1"), t)) for t in T]
        # sums in another order
        np.testing.assert_allclose(together, alone, rtol=1e-12)


def test_band():
    """The band is that of the table, by channel, and nothing outside its energies."""
    T = np.array([1.0, 10.0]) * u.keV
    uncertainty = RelativeUncertainty(
        ("weak",), T, np.array([[-0.1, -0.3]]), np.array([[0.0, 0.2]])
    )
    table = dataclasses.replace(cached("1s, Z = 1").table, uncertainty=uncertainty)
    lower, upper = Tabulated(table).band("weak", np.sqrt(10.0) * T[:1])
    np.testing.assert_allclose([lower[0], upper[0]], [-0.2, 0.1])
    with pytest.raises(OutOfRange):
        Tabulated(table).band("weak", 11 * T[:1])
    with pytest.raises(UnknownName):
        Tabulated(table).band("millicharge", T)
    with pytest.raises(UnsupportedResponse):
        cached("1s, Z = 1").band("weak", T)
