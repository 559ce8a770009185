"""Every name that a user may ask for, as plain dicts of builders.

One entry holds the builder, the unit of the coupling, the range of validity, the
reference and, where it applies, the retraction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nuatom import units as u
from nuatom.errors import InvalidInput, lookup
from nuatom.interactions import (
    Amplitude,
    ChargeRadius,
    Interaction,
    MagneticMoment,
    Millicharge,
    Weak,
)
from nuatom.responses import (
    EquivalentPhoton,
    FreeElectrons,
    Nucleus,
    PaperEquivalentPhoton,
    Response,
    SteppedElectrons,
)
from nuatom.responses.nucleus import FormFactor
from nuatom.sources import Source, kuo_sheng, user_table
from nuatom.targets import Element, element, helm, klein_nystrand, photoabsorption
from nuatom.targets.photoabsorption import PHOTOABSORPTION_SOURCES

RETRACTED = (
    "Eq. (10) of PRL 105, 061801 (2010) for a magnetic moment was retracted by its authors "
    "(arXiv:1001.2074v3, after Voloshin, PRL 105, 201801)"
)


@dataclass(frozen=True)
class Channel:
    """A catalogue entry for an interaction.

    Parameters
    ----------
    build : callable
        Coupling (in `unit`) -> amplitude or interaction [any].
    unit : str
        Unit of the coupling in files and on the command line [text].
    help : str
        One line [text].
    validity : str
        Where it holds [text].
    reference : str
        Source of the formula [text].
    default : float or None
        Coupling that is taken when none is given; None if one must be given [any].
    nuclear : bool
        Whether the name is a shorthand for coherent scattering on the nucleus [flag].
    """

    build: Callable[[float], Amplitude | Interaction]
    unit: str
    help: str
    validity: str
    reference: str
    default: float | None = None
    nuclear: bool = False


@dataclass(frozen=True)
class Model:
    """A catalogue entry for an atomic or nuclear response.

    Parameters
    ----------
    build : callable
        (element, photoabsorption source, form factor) -> response [any].
    help : str
        One line [text].
    validity : str
        Where it holds [text].
    reference : str
        Source of the model [text].
    retracted : tuple of str
        Channels for which a publication used this model and was retracted [name].
    """

    build: Callable[[Element, str, FormFactor], Response]
    help: str
    validity: str
    reference: str
    retracted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Named:
    """A catalogue entry for anything else: a builder and its description.

    Parameters
    ----------
    build : callable
        Makes the object [any].
    help : str
        One line [text].
    reference : str
        Where it comes from [text].
    """

    build: Callable[..., Any]
    help: str
    reference: str


_VOGEL = "P. Vogel and J. Engel, Phys. Rev. D 39, 3378 (1989)"
_GIUNTI = "C. Giunti and A. Studenikin, Rev. Mod. Phys. 87, 531 (2015)"
_FREEDMAN = "D. Z. Freedman, Phys. Rev. D 9, 1389 (1974)"
_PAPER = "H. T. Wong, H. B. Li and S. T. Lin, Phys. Rev. Lett. 105, 061801 (2010)"

INTERACTIONS: dict[str, Channel] = {
    "magnetic-moment": Channel(
        MagneticMoment,
        "mu_B",
        "effective neutrino magnetic moment (flips helicity, adds incoherently)",
        "any flavour; massless neutrino",
        _VOGEL,
    ),
    "millicharge": Channel(
        Millicharge,
        "e",
        "neutrino electric charge; interferes with weak and charge-radius",
        "photon pole regulated by a neutrino mass of 0.1 eV",
        _GIUNTI,
    ),
    "charge-radius": Channel(
        lambda radius: ChargeRadius(radius * u.cm**2),
        "cm^2",
        "flavour-keeping <r^2>; interferes with weak and millicharge",
        "<r^2> = 6 dF_1/dq^2, Standard Model value of nu_e -0.83e-32 cm^2",
        _GIUNTI,
    ),
    "weak": Channel(
        Weak,
        "times the Standard Model",
        "Standard Model neutrino-electron scattering, seven responses",
        "tree level, sin^2 theta_W at zero momentum transfer",
        _VOGEL,
        default=1.0,
    ),
    "coherent": Channel(
        Weak,
        "times the Standard Model",
        "Standard Model coherent scattering on the nucleus (response nucleus)",
        "spin-0 nucleus, tree level",
        _FREEDMAN,
        default=1.0,
        nuclear=True,
    ),
    "coherent-magnetic-moment": Channel(
        MagneticMoment,
        "mu_B",
        "magnetic moment on the charge of the nucleus (response nucleus)",
        "spin-0 nucleus",
        _VOGEL,
        nuclear=True,
    ),
}

RESPONSES: dict[str, Model] = {
    "free": Model(
        lambda target, _photo, _form: FreeElectrons(target),
        "Z free electrons at rest",
        "energy transfers far above every binding energy",
        _VOGEL,
    ),
    "stepped": Model(
        lambda target, _photo, _form: SteppedElectrons(target),
        "free electrons, each subshell above its measured edge",
        "magnetic moment and weak: 1 % above 1 keV, tens of per cent below; "
        "not for a millicharge near edges",
        "V. I. Kopeikin et al., Phys. At. Nucl. 60, 1859 (1997)",
    ),
    "equivalent-photon": Model(
        lambda target, photo, _form: EquivalentPhoton(photoabsorption(target, photo)),
        "constant F_a in R_L and R_T up to Q^2 = 2mT",
        "millicharge near the photon point; not for a magnetic moment, which has no photon pole",
        "M. B. Voloshin, Phys. Rev. Lett. 105, 201801 (2010)",
        retracted=("magnetic-moment",),
    ),
    "equivalent-photon-transverse": Model(
        lambda target, photo, _form: EquivalentPhoton(
            photoabsorption(target, photo), transverse_only=True
        ),
        "constant F_a in R_T only up to Q^2 = 2mT",
        "millicharge near the photon point; not for a magnetic moment, which has no photon pole",
        "M. B. Voloshin, Phys. Rev. Lett. 105, 201801 (2010)",
        retracted=("magnetic-moment",),
    ),
    "equivalent-photon-paper": Model(
        lambda target, photo, _form: PaperEquivalentPhoton(photoabsorption(target, photo)),
        "the literal Eq. (10) of the paper; magnetic moment only",
        "nowhere: kept to reproduce the paper",
        _PAPER,
        retracted=("magnetic-moment",),
    ),
    "nucleus": Model(
        lambda target, _photo, form: _nucleus(target, form),
        "coherent scattering on each isotope; the energy transfer is the nuclear recoil",
        "spin-0 nuclei",
        _FREEDMAN,
    ),
}

SOURCES: dict[str, Named] = {
    "kuo-sheng": Named(
        kuo_sheng,
        "Kuo-Sheng reactor at 28 m, 6.4e12 / (cm^2 s)",
        "H. T. Wong et al. (TEXONO), Phys. Rev. D 75, 012001 (2007)",
    ),
}

FORM_FACTORS: dict[str, Named] = {
    "helm": Named(
        helm, "Helm, Lewin-Smith parameters", "Lewin and Smith, Astropart. Phys. 6, 87 (1996)"
    ),
    "klein-nystrand": Named(
        klein_nystrand, "Klein-Nystrand", "Klein and Nystrand, Phys. Rev. C 60, 014903 (1999)"
    ),
}

PHOTOABSORPTION: dict[str, Named] = {
    "henke": Named(
        PHOTOABSORPTION_SOURCES["henke"],
        "Henke f2, 10 eV - 30 keV, all shells together",
        "B. L. Henke et al., At. Data Nucl. Data Tables 54, 181 (1993)",
    ),
    "kissel": Named(
        PHOTOABSORPTION_SOURCES["kissel"],
        "Kissel subshells with their own theoretical edges",
        "L. Kissel, Radiat. Phys. Chem. 59, 185 (2000), through xraylib",
    ),
    "elam": Named(
        PHOTOABSORPTION_SOURCES["elam"],
        "Elam totals above 100 eV, all shells together",
        "W. T. Elam et al., Radiat. Phys. Chem. 63, 121 (2002), through xraylib",
    ),
    "recommended": Named(
        PHOTOABSORPTION_SOURCES["recommended"],
        "Henke below about 1 keV, then Kissel subshells at measured edges",
        "this package",
    ),
}


def interaction(name: str, coupling: float | None = None) -> Amplitude | Interaction:
    """Return the channel `name` at a coupling in the unit of its catalogue entry.

    Parameters
    ----------
    name : str
        A key of `INTERACTIONS` [name].
    coupling : float, optional
        In the unit of the entry; needed unless the entry has a default [any].

    Returns
    -------
    Amplitude or Interaction
        To be combined with others by `nuatom.interactions.incoherent.combine`.

    Raises
    ------
    UnknownName
        If there is no such channel.
    InvalidInput
        If the coupling is missing or not acceptable.

    Example
    -------
    >>> interaction("magnetic-moment", 1e-11).moment
    1e-11
    """
    entry = lookup("interaction", name, INTERACTIONS)
    value = entry.default if coupling is None else coupling
    if value is None:
        raise InvalidInput(f"{name}: found no coupling, expected {name}=NUMBER in {entry.unit}")
    return entry.build(value)


def response(
    name: str,
    target: Element | str,
    *,
    photoabsorption: str = "recommended",
    form_factor: str = "helm",
) -> Response:
    """Return the atomic or nuclear model `name` for a target.

    Parameters
    ----------
    name : str
        A key of `RESPONSES` [name].
    target : Element or str
        An element or its symbol [name].
    photoabsorption : str
        Source of sigma_gamma, for the equivalent-photon models [name].
    form_factor : str
        Nuclear form factor, for the nucleus [name].

    Returns
    -------
    Response
        A frozen object.

    Raises
    ------
    UnknownName
        If a name is not in the catalogue.

    Example
    -------
    >>> response("stepped", "Ge").shells[:3]
    ('K', 'L1', 'L2')
    """
    entry = lookup("response", name, RESPONSES)
    lookup("photoabsorption source", photoabsorption, PHOTOABSORPTION)
    form = lookup("form factor", form_factor, FORM_FACTORS).build
    return entry.build(_element(target), photoabsorption, form)


def source(name: str) -> Source:
    """Return the neutrino source `name`, or the one in a CSV file.

    Parameters
    ----------
    name : str
        A key of `SOURCES`, or the path of a user table ending in .csv [name].

    Returns
    -------
    Source
        A frozen object.

    Raises
    ------
    UnknownName
        If there is no such source.

    Example
    -------
    >>> source("kuo-sheng").name
    'kuo-sheng'
    """
    if name.endswith(".csv"):
        return user_table(Path(name))
    built: Source = lookup("source", name, SOURCES).build()
    return built


def _nucleus(target: Element, form: FormFactor) -> Nucleus:
    if not target.isotopes:
        raise InvalidInput(
            f"nucleus: found {target.symbol}, which has no natural isotopes, expected an "
            "element that has; choose another target"
        )
    return Nucleus(target.atomic_number, target.isotopes, form)


def _element(target: Element | str) -> Element:
    return element(target) if isinstance(target, str) else target
