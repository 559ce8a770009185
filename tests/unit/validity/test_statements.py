"""Where a model holds, by how much it misses, and what is said if it does not hold."""

import numpy as np
import pytest

from nuatom import catalog, validity
from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.validity import TOLERANCE

PAIRS = [(c, m) for c, m, t in validity.bands() if t == "Ge"]
T = np.geomspace(0.011, 99, 60) * u.keV


# --- what the measurement must show -----------------------------------------------------


@pytest.mark.parametrize("target", ["Ge", "Xe"])
@pytest.mark.parametrize("channel", catalog.DIPOLES)
def test_equivalent_photons_never_hold_for_a_moment(channel, target):
    """No photon pole: retracted, and off by far more than the tolerance over most energies."""
    for model, entry in catalog.RESPONSES.items():
        if channel in entry.retracted:
            assert not np.any(validity.is_valid(channel, model, target, T))
    above = T[T > 0.1 * u.keV]
    assert np.all(validity.miss(channel, "equivalent-photon-paper", target, above) > 0.5)
    # Voloshin: the enhancement is not there; Eq. (10) is thousands of times too large at 0.3 keV
    assert validity.miss(channel, "equivalent-photon-paper", target, 0.2 * u.keV) > 1000


def test_stepped_electrons_miss_a_millicharge_near_edges():
    """Between 0.1 and 3 keV they are too low by a factor of 3 to 20 and more."""
    rows = validity.bands()["millicharge", "stepped", "Ge"]
    near = [r for r in rows if 0.1 * u.keV <= r.low * (1 + 1e-9) and r.high < 3.1 * u.keV]
    assert len(near) == 3
    low, high = min(r.ratio[0] for r in near), max(r.ratio[1] for r in near)
    # the range given in the literature of millicharges, 3 to 20, to a quarter
    assert 1 / 25 < low < 1 / 15
    assert 1 / 4 < high < 1 / 3
    assert not np.any(validity.is_valid("millicharge", "stepped", "Ge", T))


@pytest.mark.parametrize("channel", ["weak", "charge-radius", "magnetic-moment", "b-l-boson"])
def test_binding_matters_little_without_a_pole(channel):
    """Stepped electrons are within 25 % of bound ones above 1 keV (Kouzakov and Studenikin).

    The largest misses lie within some eV above an edge; from 30 keV on they are free.
    """
    for target in ("Ge", "Xe"):
        missed = validity.miss(channel, "stepped", target, T)
        assert np.all(missed[T > 1 * u.keV] < TOLERANCE)
        assert np.all(validity.is_valid(channel, "stepped", target, T[T > 1 * u.keV]))
    assert np.all(validity.miss(channel, "stepped", "Ge", T[T > 30 * u.keV]) < 0.03)


def test_ab_initio_needs_a_table():
    """It holds nowhere for an element of which the package has no table."""
    energies = np.array([1, 10]) * u.keV
    assert np.all(validity.is_valid("weak", "ab-initio", "Ge", energies))
    assert not np.any(validity.is_valid("weak", "ab-initio", "U", energies))
    assert "ab-initio" not in validity.valid_models("weak", "U", energies)
    assert next(iter(validity.valid_models("weak", "Ge", energies))) == "ab-initio"


def test_a_free_atom_knows_no_medium():
    """For a millicharge in germanium ab-initio gives way to the dielectric function."""
    (line,) = validity.warnings_for(["millicharge"], "ab-initio", "Ge", 10 * u.keV)
    assert "density effect" in line
    assert line.endswith("use photoabsorption-ionisation")


def test_the_density_effect_excludes_free_atoms():
    """A millicharge in germanium at 0.3, 1.3 and 11 keV: the medium takes more than half."""
    points = np.array([0.3, 1.3, 11]) * u.keV
    free, dense = "photoabsorption-ionisation-in-vacuum", "photoabsorption-ionisation"
    assert np.all(validity.miss("millicharge", free, "Ge", points) < TOLERANCE)
    assert not np.any(validity.is_valid("millicharge", free, "Ge", points))
    assert np.all(validity.is_valid("millicharge", dense, "Ge", points))
    rows = validity.bands()["millicharge", free, "Ge"]
    # far above the plasma energy the medium is thin: within 20 % of one at 30 to 100 keV
    assert rows[-1].medium[0] > 0.8
    assert all(row.medium is None for row in validity.bands()["millicharge", dense, "Ge"])


def test_a_medium_screens_the_photon_only():
    """A model with a dielectric function never holds for a new light boson."""
    for model in validity.IN_MEDIUM:
        assert not np.any(validity.is_valid("light-b-l-boson", model, "Ge", T))
        (line, *_) = validity.warnings_for(["light-b-l-boson"], model, "Ge", u.keV)
        assert "not a new boson" in line


def test_a_free_atom_is_no_solid():
    """Below 100 eV nothing holds for germanium; xenon stays a free atom."""
    below = np.array([0.02, 0.05, 0.0999]) * u.keV
    for channel in ("weak", "magnetic-moment", "millicharge"):
        for holds in validity.valid_models(channel, "Ge", below).values():
            assert not np.any(holds)
    for line in validity.warnings_for(["weak"], "stepped", "Xe", below):
        assert "solid" not in line
    assert not any("solid" in t for t in validity.warnings_for(["weak"], "stepped", "Ge", T[30]))


# --- what the functions promise ---------------------------------------------------------


@pytest.mark.parametrize(("channel", "model"), PAIRS)
def test_a_pair_that_does_not_hold_has_a_reason_with_a_source(channel, model):
    """Valid and silent, or not valid and at least one line: at every energy."""
    for target in ("Ge", "Xe", "Si"):
        if model == "ab-initio" and catalog.default_response(target) != model:
            continue
        holds = validity.is_valid(channel, model, target, T)
        known = ~np.isnan(validity.miss(channel, model, target, T))
        for energy, valid in zip(T[known], holds[known], strict=True):
            lines = validity.warnings_for([channel], model, target, energy)
            assert bool(lines) == (not valid)
            for line in lines:
                assert "\n" not in line
                assert target in line
                assert "off by more than" not in line, "a reason is better than a number"


def test_shapes():
    """A number gives a number; any shape is kept, no energies are no energies."""
    for shape in [(), (0,), (4,), (2, 3)]:
        energies = np.full(shape, 1.3) * u.keV
        assert validity.miss("weak", "stepped", "Ge", energies).shape == shape
        assert validity.is_valid("weak", "stepped", "Ge", energies).shape == shape
        assert validity.warnings_for(["weak"], "ab-initio", "Ge", energies) == []
        for holds in validity.valid_models("weak", "Ge", energies).values():
            assert holds.shape == shape
            assert holds.dtype == bool


def test_what_was_not_measured():
    """No number below 10 eV and beyond 700 keV, where the last verdict stands."""
    outside = np.array([0.009, 800]) * u.keV
    assert np.all(np.isnan(validity.miss("weak", "stepped", "Ge", outside)))
    assert validity.is_valid("weak", "stepped", "Ge", outside).tolist() == [False, True]
    assert np.isnan(validity.miss("weak", "equivalent-photon", "Ge", u.keV))
    assert not validity.is_valid("weak", "equivalent-photon", "Ge", u.keV)
    assert validity.warnings_for(["weak"], "equivalent-photon", "Ge", u.keV) == []


def test_a_retraction_holds_at_every_energy():
    """Also where nothing was measured: below 10 eV in the units of the K edge of xenon."""
    (line, _) = validity.warnings_for(
        ["magnetic-moment"], "equivalent-photon-paper", "U", 0.02 * u.keV
    )
    assert "retracted" in line
    assert "nothing was measured there" in line


def test_nuclei_are_left_alone():
    """Coherent scattering has one model."""
    assert list(validity.valid_models("coherent", "Ge", 1 * u.keV)) == ["nucleus"]
    assert np.all(validity.is_valid("coherent-magnetic-moment", "nucleus", "Ge", T))
    assert validity.warnings_for(["weak"], "nucleus", "Ge", T) == []


def test_the_line_says_where_why_how_much_and_what_else():
    """From the lowest to the highest of the energies that are meant, and only those."""
    energies = np.array([0.3, 1.3, 50]) * u.keV
    (line,) = validity.warnings_for(["weak"], "free", "Ge", energies)
    assert line.startswith("weak with free on Ge at 0.3-1.3 keV: ")
    assert "Kopeikin" in line
    assert "times ab-initio" in line
    assert " use ab-initio" in line
    # the K edge of silicon is six times lower, and the line says where it was measured
    (line,) = validity.warnings_for(["weak"], "free", "Si", np.array([0.2, 5]) * u.keV)
    assert line.startswith("weak with free on Si at 0.2 keV: ")
    assert "times ab-initio on Ge, at the same energy in K edges" in line


def test_unknown_names_and_energies():
    """As everywhere: the nearest name, and positive energies only."""
    with pytest.raises(UnknownName, match="did you mean 'weak'"):
        validity.miss("weka", "stepped", "Ge", u.keV)
    with pytest.raises(UnknownName, match="did you mean 'stepped'"):
        validity.is_valid("weak", "steped", "Ge", u.keV)
    with pytest.raises(UnknownName, match="did you mean 'Ge'"):
        validity.valid_models("weak", "ge", u.keV)
    with pytest.raises(InvalidInput):
        validity.miss("weak", "stepped", "Ge", -u.keV)


def test_the_table_says_the_same():
    """One row for each band; valid as `is_valid` says in its middle."""
    table = validity.table()
    columns = ("channel", "model", "target", "energy_low_keV", "energy_high_keV", "miss", "valid")
    rows = list(zip(*(table.column(name) for name in columns), strict=True))
    assert len(rows) == sum(len(found) for found in validity.bands().values())
    for channel, model, target, low, high, missed, valid in rows[:: len(rows) // 200]:
        middle = np.sqrt(low * high) * u.keV
        assert validity.miss(channel, model, target, middle) == missed
        assert validity.is_valid(channel, model, target, middle) == (valid == "yes")
    reasons = table.column("reason")
    assert all(bool(r) == (row[-1] == "no") for r, row in zip(reasons, rows, strict=True))
