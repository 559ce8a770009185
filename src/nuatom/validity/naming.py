"""From objects to the names under which they were measured."""

from nuatom.interactions import (
    Amplitude,
    Anapole,
    ChargeRadius,
    Couplings,
    DipoleMoment,
    Interaction,
    MagneticMoment,
    Millicharge,
    MixedMoments,
    TransitionChargeRadius,
    VectorMediator,
    Weak,
)
from nuatom.interactions.incoherent import IncoherentSum
from nuatom.interactions.vector_mediator import B_MINUS_L
from nuatom.responses import Response
from nuatom.targets.elements import SYMBOLS
from nuatom.validity.conventions import LIGHT, LIGHT_BOSON

_NAMES: dict[type, str] = {
    MagneticMoment: "magnetic-moment",
    MixedMoments: "magnetic-moment",
    Millicharge: "millicharge",
    ChargeRadius: "charge-radius",
    TransitionChargeRadius: "transition-charge-radius",
    Anapole: "anapole",
    Weak: "weak",
}


def channels_of(interaction: Interaction | Amplitude) -> tuple[str, ...]:
    """Return the channels of an interaction under their names in the table.

    Parameters
    ----------
    interaction : Interaction or Amplitude
        One channel or a sum [interaction].

    Returns
    -------
    tuple of str
        Each once; empty for types of which nothing was measured, such as a charged
        projectile.  A boson other than B-L stands as the universal one: the charges drop
        out of a ratio of models.

    Example
    -------
    >>> channels_of(Couplings((Weak(), Millicharge(1e-12))))
    ('weak', 'millicharge')
    """
    parts: tuple[Interaction | Amplitude, ...] = ()
    if isinstance(interaction, IncoherentSum):
        parts = interaction.interactions
    elif isinstance(interaction, Couplings):
        parts = interaction.amplitudes
    if parts:
        return tuple(dict.fromkeys(name for part in parts for name in channels_of(part)))
    if isinstance(interaction, VectorMediator):
        name = {B_MINUS_L: "b-l-boson"}.get(interaction.charges, "universal-boson")
        return (LIGHT[name] if interaction.mass < LIGHT_BOSON else name,)
    if isinstance(interaction, DipoleMoment):
        return ("magnetic-moment" if interaction.magnetic else "electric-dipole-moment",)
    return tuple(name for cls, name in _NAMES.items() if type(interaction) is cls)


def target_of(response: Response) -> str | None:
    """Return the symbol of the element that an atomic model was built for.

    Parameters
    ----------
    response : Response
        Any model [response].

    Returns
    -------
    str or None
        None for a nucleus or a model that does not say.

    Example
    -------
    >>> from nuatom import catalog
    >>> target_of(catalog.response("equivalent-photon", "Xe"))
    'Xe'
    """
    source = response
    for name in ("parts", "dielectric", "photoabsorption"):
        inner = getattr(source, name, None)
        if inner is not None:
            source = inner[0] if name == "parts" else inner
    found = getattr(source, "element", None)
    symbol = getattr(found, "symbol", found)
    return symbol if symbol in SYMBOLS else None
