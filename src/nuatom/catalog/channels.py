"""Channels by name: one entry for each way in which a neutrino may interact."""

from collections.abc import Callable
from dataclasses import replace

from nuatom import units as u
from nuatom.catalog.entries import FREEDMAN, VOGEL, Channel, Settings
from nuatom.errors import InvalidInput
from nuatom.interactions import (
    Amplitude,
    Anapole,
    ChargeRadius,
    DipoleMoment,
    MagneticMoment,
    Millicharge,
    TransitionChargeRadius,
    VectorMediator,
    Weak,
)
from nuatom.interactions.vector_mediator import B_MINUS_L, UNIVERSAL, VectorCharges

_GIUNTI = "C. Giunti and A. Studenikin, Rev. Mod. Phys. 87, 531 (2015)"
_BOSON = (
    "R. Harnik, J. Kopp and P. A. N. Machado, JCAP 07 (2012) 026; "
    "D. G. Cerdeno et al., JHEP 05 (2016) 118"
)
_KOUZAKOV = "K. A. Kouzakov and A. I. Studenikin, Phys. Rev. D 95, 055013 (2017)"


def _boson(charges: VectorCharges) -> Callable[[float, Settings], Amplitude]:
    def build(coupling: float, settings: Settings) -> Amplitude:
        if settings.mediator_mass is None:
            raise InvalidInput(
                f"{charges.name} boson: found no mass, expected one (--mediator-mass-keV, "
                "or mediator_mass= in Python)"
            )
        return VectorMediator(
            coupling, settings.mediator_mass, charges, neutrino_mass=settings.neutrino_mass
        )

    return build


ELECTRONIC: dict[str, Channel] = {
    "magnetic-moment": Channel(
        lambda mu, _: MagneticMoment(mu),
        "mu_B",
        "effective neutrino magnetic moment (flips helicity, adds incoherently)",
        "any flavour; massless neutrino",
        VOGEL,
    ),
    "electric-dipole-moment": Channel(
        lambda eps, _: DipoleMoment(eps),
        "mu_B",
        "neutrino electric dipole moment; scatters as a magnetic moment of the same size "
        "(1 mu_B = 1.93e-11 e cm)",
        "massless neutrino; diagonal moments add in squares",
        _GIUNTI,
    ),
    "millicharge": Channel(
        lambda charge, settings: Millicharge(charge, neutrino_mass=settings.neutrino_mass),
        "e",
        "neutrino electric charge; interferes with weak and charge-radius",
        "photon pole regulated by a neutrino mass (0.1 eV unless given)",
        _GIUNTI,
        convention="q_nu > 0 is a charge of the proton's sign; it lowers g_V of an electron",
    ),
    "charge-radius": Channel(
        lambda radius, _: ChargeRadius(radius * u.cm**2),
        "cm^2",
        "flavour-keeping <r^2>; interferes with weak and millicharge",
        "<r^2> = 6 dF_1/dq^2, Standard Model value of nu_e -0.83e-32 cm^2",
        _GIUNTI,
        convention="<r^2> = 6 dF_1/dq^2 at 0; an electron has g_V + sqrt2 pi alpha <r^2>/(3 G)",
    ),
    "transition-charge-radius": Channel(
        lambda radius, _: TransitionChargeRadius(radius * u.cm**2),
        "cm^2",
        "flavour-changing charge radius, root sum of squares over final flavours; adds",
        "short baseline; zero in the Standard Model",
        _KOUZAKOV,
        convention="<r^2> = 6 dF_1/dq^2 at q^2 = 0, root sum of squares over the final flavours",
    ),
    "anapole": Channel(
        lambda moment, _: Anapole(moment * u.cm**2),
        "cm^2",
        "anapole moment a; acts as a charge radius of -6a and interferes",
        "massless neutrino; do not count the Standard Model value twice",
        _GIUNTI,
        convention="acts as a charge radius of -6 a, <r^2> = 6 dF_1/dq^2",
    ),
    "b-l-boson": Channel(
        _boson(B_MINUS_L),
        "coupling g",
        "light vector boson of B-L; interferes with weak (needs a mediator mass)",
        "tree level, vacuum propagator; mass above some 10 eV, or Q^2 above it",
        _BOSON,
        convention="charges of equal sign of neutrino and target raise g_V",
    ),
    "universal-boson": Channel(
        _boson(UNIVERSAL),
        "coupling g",
        "light vector boson with one charge for all fermions (needs a mediator mass)",
        "tree level, vacuum propagator; mass above some 10 eV, or Q^2 above it",
        _BOSON,
        convention="charges of equal sign of neutrino and target raise g_V",
    ),
    "weak": Channel(
        lambda strength, _: Weak(strength),
        "times the Standard Model",
        "Standard Model neutrino-electron scattering, seven responses",
        "tree level, sin^2 theta_W at zero momentum transfer",
        VOGEL,
        default=1.0,
    ),
}
"""Channels on electrons (or on whatever the response describes)."""


def _coherent(name: str) -> Channel:
    channel = ELECTRONIC[name]
    return replace(
        channel,
        help=f"{channel.help}, coherently on the nucleus (response nucleus)",
        validity=f"spin-0 nucleus; {channel.validity}",
        reference=FREEDMAN if name == "weak" else channel.reference,
        nuclear=True,
    )


INTERACTIONS: dict[str, Channel] = {
    **ELECTRONIC,
    **{
        "coherent" if name == "weak" else f"coherent-{name}": _coherent(name) for name in ELECTRONIC
    },
}
"""Every channel; ``coherent-...`` is a shorthand for the channel on the nucleus."""
