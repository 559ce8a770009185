"""Reactors, against independent moments and published fluxes."""

import tomllib

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput, UnknownName
from nuatom.sources import ReactorCore, Source, components, kuo_sheng, kuo_sheng_core, reactor
from nuatom.sources.fission_spectra import ISOTOPES, low_energy_systematic

ZERO = np.array(0.0)


@pytest.fixture(scope="module")
def reference(root):
    return tomllib.loads((root / "validation/reactor/moments.toml").read_text(encoding="utf-8"))


def moments(continua):
    """Neutrinos per fission, <E> in MeV and <E^2> in MeV^2."""
    source = Source("sum", tuple(continua))
    return source.total_flux(), source.mean(1) / u.MeV, source.mean(2) / u.MeV**2


@pytest.mark.parametrize("which", ["fission", "with_captures"])
def test_moments(reference, which):
    """Neutrinos per fission and the first two moments, to 1 %."""
    parts = components(kuo_sheng_core())
    chosen = [parts["fission"]] if which == "fission" else list(parts.values())
    expected = reference[which]
    for ours, key in zip(moments(chosen), ("neutrinos", "mean", "mean_square"), strict=True):
        assert ours == pytest.approx(expected[key], rel=reference["tolerance"]), key


def test_bestiole(reference):
    """The moments of the BESTIOLE summation agree within the 12 % systematic."""
    expected = reference["bestiole"]
    ours = moments(components(kuo_sheng_core()).values())
    relative, _ = low_energy_systematic()
    for value, key in zip(ours, ("neutrinos", "mean", "mean_square"), strict=True):
        assert value == pytest.approx(expected[key], rel=relative), key


def test_bestiole_below_the_end_of_the_systematic(shared):
    """Below 1.5 MeV, captures included, the number of neutrinos agrees within 12 %."""
    core = kuo_sheng_core()
    weights = {name.lower(): f for name, f in core.fission_fractions.items()}
    weights |= {"u239": core.captures_per_fission, "np239": core.captures_per_fission}
    relative, limit = low_energy_systematic()
    total = 0.0
    for name, weight in weights.items():
        energy, density = np.loadtxt(
            shared / f"reference/reactor/bestiole_{name}.txt", delimiter=","
        ).T
        total += weight * 0.025 * density[energy * u.MeV < limit].sum()
    source = Source("sum", tuple(components(core).values()))
    ours = sum(float(f.moment(0)(ZERO) - f.moment(0)(np.array(limit))) for f in source.fluxes)
    assert ours == pytest.approx(total, rel=relative)


def test_power_and_distance_give_the_published_flux():
    """2.9 GW at 28 m give 6.0 to 6.4e12 per cm^2 and second."""
    flux = reactor(kuo_sheng_core()).total_flux() / u.flux
    assert 6.0e12 < flux < 6.4e12


def test_kuo_sheng_is_normalised_to_the_published_flux():
    """The source has 6.4e12 per cm^2 and second, and says what power and distance give."""
    source = kuo_sheng()
    assert source.name == "kuo-sheng"
    assert source.total_flux() == pytest.approx(6.4e12 * u.flux, rel=1e-12)
    assert "6.09e+12" in source.notes
    assert "6.4e+12" in source.notes
    assert any("75, 012001" in text for text in source.references)
    assert kuo_sheng() is source
    assert len(source.fluxes) == 1
    assert source.fluxes[0].flavor == "anti_nu_e"


def test_components_add_up():
    """The one continuum of a source has the moments of its components, jumps included."""
    core = kuo_sheng_core()
    merged = reactor(core, total_flux=1.0).fluxes[0]
    parts = components(core)
    assert list(parts) == ["fission", "U239", "Np239"]
    energies = np.array([0.0, 1e-4, 0.01, 0.2, 0.3311, 0.3925, 1.1868, 2.0, 6.0]) * u.MeV
    total = sum(part.moment(0)(ZERO) for part in parts.values())
    for power in (-2, 0, 1, 2):
        summed = sum(part.moment(power)(energies) for part in parts.values())
        assert merged.moment(power)(energies) == pytest.approx(summed / total, rel=1e-11)


def test_two_antineutrinos_per_capture():
    """Each capture on 238U gives one antineutrino of U239 and one of Np239."""
    parts = components(kuo_sheng_core())
    captured = sum(float(parts[name].moment(0)(ZERO)) for name in ("U239", "Np239"))
    assert captured == pytest.approx(1.2, rel=1e-12)


def test_without_captures():
    """No captures, no capture component."""
    core = ReactorCore({"U235": 1.0}, 1 * u.GW, 10 * u.metre, captures_per_fission=0.0)
    assert list(components(core)) == ["fission"]
    assert "Structure" not in " ".join(reactor(core).references)


def test_inverse_square_and_proportional_to_power():
    """Twice the distance gives a quarter, twice the power twice the flux."""
    fractions = {"U235": 0.6, "Pu239": 0.4}
    near, far, strong = (
        reactor(ReactorCore(fractions, power * u.GW, distance * u.metre)).total_flux()
        for power, distance in ((1, 10), (1, 20), (2, 10))
    )
    assert near / far == pytest.approx(4, rel=1e-12)
    assert strong / near == pytest.approx(2, rel=1e-12)


def test_fission_rate_of_a_gigawatt():
    """1 GW of U235 fissions is 1 GW/201.92 MeV = 3.091e19 per second."""
    core = ReactorCore({"U235": 1.0}, 1 * u.GW, 1 * u.metre)
    per_second = core.fissions_per_area() * 4 * np.pi * u.metre**2 * u.second
    assert per_second == pytest.approx(1e9 / (201.92e6 * 1.602176634e-19), rel=1e-12)


def test_energies_per_fission_agree():
    """The two evaluations differ by less than 0.6 %."""
    values = [
        ReactorCore({isotope: 1.0}, 1.0, 1.0, energy_per_fission=name).mean_energy_per_fission()
        for isotope in ISOTOPES
        for name in ("kopeikin", "ma")
    ]
    kopeikin, ma = np.array(values).reshape(-1, 2).T
    assert ma == pytest.approx(kopeikin, rel=0.006)  # uncertainties are 0.1 to 0.5 %
    assert kopeikin[0] == pytest.approx(201.92 * u.MeV, rel=1e-12)


def test_published_fractions_are_normalised():
    """Fractions that add up to 0.9995 by rounding are taken as shares."""
    core = ReactorCore({"U235": 0.5, "Pu239": 0.4995}, 1.0, 1.0)
    assert sum(core.fission_fractions.values()) == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize(
    ("change", "error", "word"),
    [
        ({"fission_fractions": {"U235": 0.5}}, InvalidInput, "sum of 1"),
        ({"fission_fractions": {"U235": 1.5, "U238": -0.5}}, InvalidInput, "none negative"),
        ({"fission_fractions": {}}, InvalidInput, "sum of 1"),
        ({"fission_fractions": {"U-235": 1.0}}, UnknownName, "U235"),
        ({"thermal_power": 0.0}, InvalidInput, "thermal_power"),
        ({"distance": np.nan}, InvalidInput, "distance"),
        ({"captures_per_fission": -0.1}, InvalidInput, "captures_per_fission"),
        ({"energy_per_fission": "kopeykin"}, UnknownName, "kopeikin"),
    ],
)
def test_wrong_cores_are_refused(change, error, word):
    """What is wrong is named."""
    good = {"fission_fractions": {"U235": 1.0}, "thermal_power": 1.0, "distance": 1.0}
    with pytest.raises(error, match=word):
        ReactorCore(**(good | change))


@pytest.mark.parametrize("flux", [0.0, -1.0, np.nan])
def test_a_total_flux_is_positive(flux):
    """A source cannot be normalised to nothing."""
    with pytest.raises(InvalidInput, match="total_flux"):
        reactor(kuo_sheng_core(), total_flux=flux)
