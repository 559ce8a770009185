"""Every name that a user may ask for, as plain dicts of builders.

One entry holds the builder, the unit of the coupling, the range of validity, the
reference and, where it applies, the retraction.
"""

from pathlib import Path

from nuatom.catalog.channels import ELECTRONIC, INTERACTIONS
from nuatom.catalog.entries import Channel, Model, Named, Settings
from nuatom.catalog.models import AB_INITIO, DIPOLES, RESPONSES, RETRACTED, default_response
from nuatom.catalog.sources import SOURCES
from nuatom.errors import InvalidInput, lookup
from nuatom.interactions import Amplitude, Interaction
from nuatom.responses import Response, Tabulated
from nuatom.sources import Source, user_table
from nuatom.targets import Element, element, helm, klein_nystrand
from nuatom.targets.photoabsorption import PHOTOABSORPTION_SOURCES

__all__ = [
    "AB_INITIO",
    "DIPOLES",
    "ELECTRONIC",
    "FORM_FACTORS",
    "INTERACTIONS",
    "PHOTOABSORPTION",
    "RESPONSES",
    "RETRACTED",
    "SOURCES",
    "Channel",
    "Model",
    "Named",
    "Settings",
    "default_response",
    "interaction",
    "response",
    "source",
]

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


def interaction(
    name: str,
    coupling: float | None = None,
    *,
    neutrino_mass: float = Settings.neutrino_mass,
    mediator_mass: float | None = None,
) -> Amplitude | Interaction:
    """Return the channel `name` at a coupling in the unit of its catalogue entry.

    Parameters
    ----------
    name : str
        A key of `INTERACTIONS` [name].
    coupling : float, optional
        In the unit of the entry; needed unless the entry has a default [any].
    neutrino_mass : float
        Regulates the photon pole of a millicharge; 0.1 eV unless given [energy].
    mediator_mass : float, optional
        Needed by the channels of a new vector boson [energy].

    Returns
    -------
    Amplitude or Interaction
        To be combined with others by `nuatom.interactions.incoherent.combine`.

    Raises
    ------
    UnknownName
        If there is no such channel.
    InvalidInput
        If the coupling or the mass of a boson is missing or not acceptable.

    Example
    -------
    >>> interaction("magnetic-moment", 1e-11).moment
    1e-11
    """
    entry = lookup("interaction", name, INTERACTIONS)
    value = entry.default if coupling is None else coupling
    if value is None:
        raise InvalidInput(f"{name}: found no coupling, expected {name}=NUMBER in {entry.unit}")
    return entry.build(value, Settings(neutrino_mass, mediator_mass))


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
        A key of `RESPONSES`, or the path of a response table ending in .nc [name].
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
    InvalidInput
        If a table is damaged or of another element.
    UnsupportedResponse
        If the package holds no table of the element, for ``ab-initio``.

    Example
    -------
    >>> response("stepped", "Ge").shells[:3]
    ('K', 'L1', 'L2')
    """
    if name.endswith(".nc"):
        return _tabulated(Path(name), _element(target))
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


def _tabulated(path: Path, target: Element) -> Tabulated:
    model = Tabulated.read(path)
    found = model.table.provenance.element
    if found != target.symbol:
        raise InvalidInput(f"{path}: found a table of {found}, expected one of {target.symbol}")
    return model


def _element(target: Element | str) -> Element:
    return element(target) if isinstance(target, str) else target
