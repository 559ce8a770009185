"""The units agree with the SI and scale as powers of one energy."""

import math
import os
import subprocess
import sys

import pytest

from nuatom import units as u

# The exact constants of the 2019 SI leave only rounding.
ROUNDING = 1e-12


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (u.MeV / u.keV, 1e3),
        (u.GeV / u.eV, 1e9),
        (u.day / u.second, 86400),
        (u.year / u.day, 365.25),
        (u.hour / u.minute, 60),
        (u.metre / u.cm, 100),
        (u.km / u.mm, 1e6),
        (u.angstrom / u.fm, 1e5),
        (u.megabarn / u.cm**2, 1e-18),
        (u.tonne / u.gram, 1e6),
        (u.GW / u.kW, 1e6),
        (u.MW * u.second / u.joule, 1e6),
    ],
)
def test_prefixes(value, expected):
    """Every prefix is the power of ten (or the number of seconds) that its name says."""
    assert value == pytest.approx(expected, rel=ROUNDING)


def test_hbar_c():
    """hbar c = 197.326 980 4... MeV fm (CODATA 2022), which is 1 here."""
    assert 1 / (u.MeV * u.fm) == pytest.approx(197.3269804593025, rel=1e-10)


def test_speed_of_light():
    """c = 299 792 458 m/s is 1 here."""
    assert 299792458 * u.metre / u.second == pytest.approx(1, rel=ROUNDING)


def test_electronvolt_in_joule():
    """1 eV = 1.602 176 634e-19 J, exactly."""
    assert u.eV / u.joule == pytest.approx(1.602176634e-19, rel=ROUNDING)


def test_kilogram_as_energy():
    """1 kg = 5.609 588 603 804 45e35 eV (CODATA 2022)."""
    assert u.kg / u.eV == pytest.approx(5.609588603804450e35, rel=1e-12)


def test_rates():
    """One cpkkd is one count per kilogram, keV and day; a flux is per cm^2 and second."""
    assert u.cpkkd * u.kg * u.keV * u.day == pytest.approx(1, rel=ROUNDING)
    assert u.flux * u.cm**2 * u.second == pytest.approx(1, rel=ROUNDING)


POWERS = {
    "keV": 1, "eV": 1, "MeV": 1, "GeV": 1, "joule": 1, "kg": 1, "gram": 1, "tonne": 1,
    "second": -1, "minute": -1, "hour": -1, "day": -1, "year": -1,
    "metre": -1, "cm": -1, "mm": -1, "km": -1, "fm": -1, "angstrom": -1,
    "barn": -2, "megabarn": -2, "watt": 2, "kW": 2, "MW": 2, "GW": 2, "cpkkd": -1, "flux": 3,
}  # fmt: skip


def units_of_a_run(seed: str) -> dict[str, float]:
    program = (
        f"from nuatom import units as u; print(*[repr(getattr(u, n)) for n in {list(POWERS)!r}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "NUATOM_UNIT_SEED": seed},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return dict(zip(POWERS, map(float, done.stdout.split()), strict=True))


def test_every_unit_is_a_power_of_the_base_scale():
    """A seed changes the scale of energy, and every other unit by its dimension."""
    plain, seeded = units_of_a_run(""), units_of_a_run("7")
    assert plain["keV"] == 1
    scale = seeded["keV"]
    assert abs(math.log(scale)) > 0.01
    for name, power in POWERS.items():
        assert seeded[name] / plain[name] == pytest.approx(scale**power, rel=ROUNDING), name


def test_no_unit_is_forgotten():
    """The table above holds every public number of the module."""
    public = {n for n, v in vars(u).items() if isinstance(v, float) and not n.startswith("_")}
    assert public == set(POWERS)
