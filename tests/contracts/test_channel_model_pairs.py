"""Every channel on every model of the catalogue, on germanium and silicon.

A pair either works, and then obeys what is below, or raises an error that names both.
"""

import dataclasses

import numpy as np
import pytest

import nuatom as na
from nuatom import catalog
from nuatom import constants as c
from nuatom import units as u
from nuatom.errors import UnsupportedResponse
from nuatom.interactions.terms import FLAVORS
from nuatom.responses.shipped_tables import shipped_elements

pytestmark = pytest.mark.filterwarnings("ignore::nuatom.errors.ValidityWarning")
"""Models are also compared where one of them does not hold."""

ELECTRONIC = {
    "magnetic-moment": 1e-11,
    "electric-dipole-moment": 1e-11,
    "millicharge": -1e-12,
    "charge-radius": 1e-32,
    "transition-charge-radius": 1e-32,
    "anapole": -1e-33,
    "b-l-boson": 1e-6,
    "universal-boson": 1e-6,
    "weak": 1.0,
}
COUPLINGS = ELECTRONIC | {
    "coherent" if name == "weak" else f"coherent-{name}": value
    for name, value in ELECTRONIC.items()
}
"""One coupling for each channel, in its unit; a channel that is not here is tested too."""

MEDIATOR = 1 * u.MeV
WEAK = {"weak", "coherent"}
VECTOR = set(COUPLINGS) - WEAK
PAPER = {name for name in COUPLINGS if "moment" in name}
PROMISED = {
    "ab-initio": set(COUPLINGS),
    "free": set(COUPLINGS),
    "stepped": set(COUPLINGS),
    "nucleus": set(COUPLINGS),
    "equivalent-photon": VECTOR,
    "equivalent-photon-transverse": VECTOR,
    "equivalent-photon-paper": PAPER,
    "equivalent-photon-in-medium": VECTOR,
    "photoabsorption-ionisation": VECTOR,
    "photoabsorption-ionisation-in-vacuum": VECTOR,
    "hydrogenic": set(COUPLINGS),
    "impulse": set(COUPLINGS),
}
"""The channels that must work: an equivalent photon has no axial current, Eq. (10) is one
formula for one channel."""

FLAVOUR_BLIND = VECTOR
"""Channels in which the photon couples to the neutrino: all flavours and antiflavours alike."""

E = 1 * u.MeV
T = np.array([0.11, 0.15, 0.5, 1.21, 1.3, 5.0, 11.2, 40.0, 90.0]) * u.keV
T.flags.writeable = False
RECOIL = np.geomspace(1e-3, 0.028, 9) * u.keV
"""Recoils that 1 MeV can give to germanium (2E^2/M = 0.0296 keV) and silicon."""
ROUNDING = 1e-12
"""The same quadrature with the energies in other company."""

CHANNELS = (*catalog.ELECTRONIC, "coherent", "coherent-magnetic-moment")
"""The coherent shorthands share the builders of their electronic channels: two stand for all."""
MAIN = ("magnetic-moment", "millicharge", "charge-radius", "weak")
PAIRS = [
    (target, channel, model)
    for target, channels in (("Ge", CHANNELS), ("Si", MAIN))
    for channel in channels
    for model in catalog.RESPONSES
    if model != "ab-initio" or target in shipped_elements()
]


def strength(channel):
    """The coupling to test a channel with."""
    default = catalog.INTERACTIONS[channel].default
    return COUPLINGS.get(channel, 1e-12 if default is None else default)


@dataclasses.dataclass(frozen=True)
class Pair:
    """A channel on a model, ready to be computed."""

    target: str
    channel: str
    model: object
    energies: np.ndarray

    def interaction(self, coupling=None):
        value = strength(self.channel) if coupling is None else coupling
        return catalog.interaction(self.channel, value, mediator_mass=MEDIATOR)

    def sigma(self, transfer, neutrino_energy=E, *, coupling=None, flavor="anti_nu_e"):
        return na.differential_cross_section(
            transfer,
            neutrino_energy,
            interaction=self.interaction(coupling),
            response=self.model,
            flavor=flavor,
        )

    def rate(self, transfer, source):
        return na.differential_rate(
            transfer,
            source=source,
            target=self.target,
            interaction=self.interaction(),
            response=self.model,
        )


def supported(channel, model):
    """Whether the model has what the channel asks for, from the objects themselves."""
    interaction = catalog.interaction(channel, strength(channel), mediator_mass=MEDIATOR)
    if not hasattr(interaction, "terms"):
        interaction = na.Couplings((interaction,))
    terms = interaction.terms(flavor="anti_nu_e", constituents=model.constituents)
    return {term.response for term in terms} <= model.provides


@pytest.fixture
def pair(request):
    """The pair, or a skip where the channel asks for what the model lacks."""
    target, channel, name = request.param
    model = catalog.response(name, target)
    if not supported(channel, model):
        pytest.skip(f"{name} does not provide what {channel} needs: tested to be refused")
    return Pair(target, channel, model, RECOIL if name == "nucleus" else T)


def pairs(*, channels=None, models=None):
    """Run a test on every pair that is promised, and on those that nobody has listed yet."""
    chosen = [
        pytest.param((target, channel, model), id=f"{target}-{channel}-{model}")
        for target, channel, model in PAIRS
        if channel in PROMISED.get(model, {channel})
        if channels is None or channel in channels
        if models is None or model in models
    ]
    return pytest.mark.parametrize("pair", chosen, indirect=True)


every_pair = pairs()


def test_every_promise_is_in_the_catalogue():
    """What is listed above exists."""
    assert set(COUPLINGS) <= set(catalog.INTERACTIONS)
    assert set(PROMISED) <= set(catalog.RESPONSES)


@pytest.mark.parametrize(("target", "channel", "name"), PAIRS)
def test_pair_works_or_is_refused_by_name(target, channel, name):
    """What must work works; what cannot raises an error with the channel and the model."""
    model = catalog.response(name, target)
    energies = RECOIL if name == "nucleus" else T
    pair = Pair(target, channel, model, energies)
    source = na.mono_energetic(E, 1e13 * u.flux)
    if name in PROMISED and channel in COUPLINGS:
        assert supported(channel, model) == (channel in PROMISED[name])
    if supported(channel, model):
        assert np.any(pair.sigma(energies) > 0)
        return
    kind = type(pair.interaction())
    spoken = kind.__name__ if hasattr(kind, "terms") else "Couplings"
    for call in (pair.sigma, lambda T: pair.rate(T, source)):
        with pytest.raises(UnsupportedResponse) as caught:
            call(energies)
        assert repr(name) in str(caught.value)
        assert spoken in str(caught.value) or kind.__name__ in str(caught.value)


@every_pair
def test_shape_and_company_do_not_matter(pair):
    """T and E broadcast, and each value is that of its own two energies."""
    rows = pair.energies[::4]
    neutrino = np.array([1.0, 3.0]) * u.MeV
    table = pair.sigma(rows[:, None], neutrino)
    assert table.shape == (rows.size, 2)
    for i, j in np.ndindex(*table.shape):
        one = pair.sigma(float(rows[i]), float(neutrino[j]))
        assert one.shape == ()
        assert float(one) == pytest.approx(float(table[i, j]), rel=ROUNDING, abs=0)


@every_pair
def test_never_negative(pair):
    """A cross section is finite and not negative, for every flavour and energy."""
    for flavor in FLAVORS:
        for energy in (0.1, 1.0, 10.0):
            values = pair.sigma(pair.energies, energy * u.MeV, flavor=flavor)
            assert np.all(np.isfinite(values))
            assert np.all(values >= 0)


@every_pair
def test_no_rate_above_the_neutrino_energy(pair):
    """Neutrinos of 50 keV never transfer 60 keV, whatever the model: exactly zero."""
    source = na.mono_energetic(50 * u.keV, 1e13 * u.flux)
    np.testing.assert_array_equal(pair.rate(np.array([50.001, 60, 99]) * u.keV, source), 0)


@pairs(models=("free", "stepped", "nucleus"))
def test_zero_beyond_the_kinematic_end(pair):
    """A free particle of mass M takes at most 2E^2/(M+2E); beyond it is exactly zero."""
    mass = c.electron_mass
    if pair.model.name == "nucleus":
        mass = min(isotope.mass for isotope in pair.model.isotopes)
    energy = 100 * u.keV
    end = 2 * energy**2 / (mass + 2 * energy)
    beyond = pair.sigma(np.array([1.0001, 1.5, 2.0]) * end, energy)
    np.testing.assert_array_equal(beyond, 0)
    assert pair.sigma(0.9 * end, energy) > 0


@every_pair
def test_no_coupling_no_cross_section(pair):
    """A coupling of zero gives exactly zero."""
    np.testing.assert_array_equal(pair.sigma(pair.energies, coupling=0.0), 0)


@every_pair
def test_cross_section_is_quadratic_in_the_coupling(pair):
    """Three times the coupling is nine times as strong, 81 times where it acts at both ends."""
    tripled = pair.sigma(pair.energies, coupling=3 * strength(pair.channel))
    power = 4 if "boson" in pair.channel else 2
    np.testing.assert_allclose(tripled, 3**power * pair.sigma(pair.energies), rtol=ROUNDING)


@pairs(channels=COUPLINGS)
def test_flavours(pair):
    """A photon sees no flavour; the weak force sees muon and tau neutrinos alike."""
    values = {flavor: pair.sigma(pair.energies, flavor=flavor) for flavor in FLAVORS}
    for anti in ("", "anti_"):
        np.testing.assert_array_equal(values[f"{anti}nu_mu"], values[f"{anti}nu_tau"])
    if pair.channel in FLAVOUR_BLIND or pair.model.name == "nucleus":
        for flavor in FLAVORS:
            np.testing.assert_array_equal(values[flavor], values["nu_e"])
    else:
        assert np.any(values["nu_e"] != values["nu_mu"])
        assert np.any(values["nu_e"] != values["anti_nu_e"])


@every_pair
def test_input_is_left_alone(pair):
    """Arrays that cannot be written to are enough."""
    energies = pair.energies.copy()
    energies.flags.writeable = False
    pair.sigma(energies)
    pair.rate(energies, na.mono_energetic(E, 1e13 * u.flux))
