"""A new channel and a new atomic model are one file and one entry each."""

import importlib.util

import numpy as np
import pytest

import nuatom as na
from nuatom import catalog
from nuatom import constants as c
from nuatom import units as u

CHANNEL = '''
"""A heavy scalar-free toy: a contact vector interaction of strength eps."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Contact:
    strength: float
    neutrino_mass: float = field(default=0.0, init=False)
    has_axial: bool = field(default=False, init=False)

    def vector(self, T, q2, *, flavor, constituent):
        return np.asarray(self.strength)

    def axial(self, T, q2, *, flavor, constituent):
        return np.zeros(())
'''

MODEL = '''
"""One electron bound by B: free above its edge."""

from dataclasses import dataclass, field

import numpy as np

from nuatom.responses.free import ELECTRONS, electrons_on_the_ridge


@dataclass(frozen=True)
class OneElectron:
    binding_energy: float
    name: str = field(default="one-electron", init=False)
    provides: frozenset = field(default=frozenset({"L", "T", "A00", "A03", "A33", "AT", "VA"}))
    shells: tuple = ("only",)
    constituents: dict = field(default_factory=lambda: dict(ELECTRONS))

    @property
    def edges(self):
        return np.array([self.binding_energy])

    def measure(self, T, *, q2_min, q2_max):
        number = 1.0 * (T >= self.binding_energy)[None, :]
        return electrons_on_the_ridge(T, number, q2_min, q2_max)
'''


def load(tmp_path, name, text):
    path = tmp_path / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def extended(tmp_path, monkeypatch):
    """The catalogue with a channel and a model from two temporary files."""
    contact = load(tmp_path, "contact", CHANNEL).Contact
    electron = load(tmp_path, "one_electron", MODEL).OneElectron
    monkeypatch.setitem(
        catalog.INTERACTIONS,
        "contact",
        catalog.Channel(lambda eps, _: contact(eps), "G_F", "toy", "everywhere", "this test"),
    )
    monkeypatch.setitem(
        catalog.RESPONSES,
        "one-electron",
        catalog.Model(lambda target, _p, _f: electron(100 * u.eV), "toy", "test", "this test"),
    )


def test_new_channel_interferes_with_the_weak_one(extended):
    """A contact interaction shifts g_V, in every model and with the right interference."""
    T, E = np.array([0.2, 5.0]) * u.keV, 1 * u.MeV
    pair = na.Couplings((na.Weak(), na.interaction("contact", 0.1)))
    ours = na.differential_cross_section(
        T, E, interaction=pair, response=na.response("one-electron", "Ge")
    )
    left, right = c.weak_mixing + 0.05, 0.5 + c.weak_mixing + 0.05  # anti nu_e: exchanged
    bracket = left**2 + right**2 * (1 - T / E) ** 2 - left * right * c.electron_mass * T / E**2
    expected = 2 * c.fermi_coupling**2 * c.electron_mass / np.pi * bracket
    np.testing.assert_allclose(ours, expected, rtol=1e-12)  # closed forms on both sides


def test_new_model_gives_a_rate_and_an_edge(extended):
    """The model is found by name and is silent below its edge."""
    rate = na.differential_rate(
        [99 * u.eV, 101 * u.eV],
        source="kuo-sheng",
        target="Ge",
        interaction=na.MagneticMoment(1e-11),
        response="one-electron",
    )
    assert rate[0] == 0 < rate[1]


def test_new_channel_on_the_command_line(extended, capsys):
    """The command line finds both without another line of code."""
    from nuatom.cli.main import main

    words = ["xsec", "Ge", "contact=0.1", "--response", "one-electron"]
    assert main([*words, "--neutrino-energy-MeV", "1", "--transfer-keV", "1"]) == 0
    assert capsys.readouterr().out.startswith("energy_transfer_keV,cross_section_cm2_per_keV\n1,")
