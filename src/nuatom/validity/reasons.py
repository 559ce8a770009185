"""Why a model does not hold for a channel, with the source."""

from dataclasses import dataclass

from nuatom import catalog
from nuatom.validity.conventions import IN_MEDIUM, POLE, REFERENCES, TOLERANCE

_FREE_ATOM, _DENSE = REFERENCES["millicharge"], "photoabsorption-ionisation"


@dataclass(frozen=True)
class Reason:
    """Why a pair does not hold.

    Parameters
    ----------
    channels : tuple of str
        To which it applies [names].
    models : tuple of str
        To which it applies [names].
    text : str
        One line with its source [text].
    """

    channels: tuple[str, ...]
    models: tuple[str, ...]
    text: str


_SOFT = ("equivalent-photon", "equivalent-photon-transverse", "equivalent-photon-in-medium")
_CONTACT = tuple(set(REFERENCES) - set(POLE) - set(catalog.DIPOLES))
REASONS: tuple[Reason, ...] = (
    Reason(
        POLE,
        ("free", "stepped"),
        "free electrons have no soft photons: far too low near edges "
        "(J.-W. Chen et al., Phys. Rev. D 90, 011301, 2014)",
    ),
    Reason(
        POLE,
        ("impulse",),
        "the impulse approximation has no photon point, Q^2 << 2mT "
        "(P. Eisenberger and P. M. Platzman, Phys. Rev. A 2, 415, 1970)",
    ),
    Reason(
        POLE,
        ("hydrogenic",),
        "photoabsorption of outer shells is not hydrogenic "
        "(U. Fano and J. W. Cooper, Rev. Mod. Phys. 40, 441, 1968)",
    ),
    Reason(
        POLE[1:],
        IN_MEDIUM,
        "the dielectric function screens the photon, not a new boson",
    ),
    Reason(
        POLE,
        _SOFT,
        "soft collisions only, without the close ones "
        "(W. W. M. Allison and J. H. Cobb, Annu. Rev. Nucl. Part. Sci. 30, 253, 1980)",
    ),
    Reason(
        _CONTACT,
        (*_SOFT, _DENSE, _FREE_ATOM),
        "no photon pole, so that nothing dominates at the photon point "
        "(M. B. Voloshin, Phys. Rev. Lett. 105, 201801, 2010)",
    ),
    Reason(
        tuple(REFERENCES),
        ("free",),
        "counts electrons that are bound more tightly than the energy transfer "
        "(V. I. Kopeikin et al., Phys. At. Nucl. 60, 1859, 1997)",
    ),
    Reason(
        POLE,
        (catalog.AB_INITIO,),
        "independent electrons: photoabsorption near outer edges is set by correlation "
        "(J.-W. Chen et al., arXiv:1411.0574)",
    ),
    Reason(
        tuple(REFERENCES),
        (catalog.AB_INITIO,),
        "independent electrons: variants of exchange and thresholds differ, and correlation, "
        "which is left out, matters as much (J.-W. Chen et al., arXiv:1411.0574)",
    ),
    Reason(
        tuple(REFERENCES),
        ("hydrogenic",),
        "outer shells are not hydrogenic (U. Fano and J. W. Cooper, Rev. Mod. Phys. 40, 441, 1968)",
    ),
    Reason(
        tuple(REFERENCES),
        ("stepped",),
        "near the edges of outer shells bound electrons are not free "
        "(J.-W. Chen et al., arXiv:1411.0574)",
    ),
    Reason(
        tuple(REFERENCES),
        ("impulse",),
        "the impulse approximation needs transfers of several edges "
        "(P. Eisenberger and P. M. Platzman, Phys. Rev. A 2, 415, 1970)",
    ),
    Reason(
        tuple(REFERENCES),
        (_DENSE, _FREE_ATOM),
        "tables of photoabsorption differ (henke, kissel, elam)",
    ),
)
"""The first that applies is given; otherwise `GENERIC`."""
RETRACTED = f"{catalog.RETRACTED}: no photon pole"
"""For the channels in `Model.retracted`."""
GENERIC = f"off by more than {TOLERANCE:.0%}"
DENSITY = (
    "a free atom: in the dense medium the density effect screens the soft photons "
    "(E. Fermi, Phys. Rev. 57, 485, 1940; W. W. M. Allison and J. H. Cobb, 1980)"
)
SOLID = (
    "theory of a free atom below 0.1 keV in a solid, where valence electrons form bands "
    "(B. L. Henke et al., At. Data Nucl. Data Tables 54, 181, 1993)"
)


def why(channel: str, model: str) -> str:
    """Return the reason of a miss beyond the tolerance.

    Parameters
    ----------
    channel : str
        Name in the table [name].
    model : str
        Name of the response [name].

    Returns
    -------
    str
        The first of `REASONS` that applies, or `GENERIC`.

    Example
    -------
    >>> why("millicharge", "impulse")[:45]
    'the impulse approximation has no photon point'
    """
    texts = (r.text for r in REASONS if channel in r.channels and model in r.models)
    return next(texts, GENERIC)
