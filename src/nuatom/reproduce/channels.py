"""Every channel on every atomic model, in germanium and xenon at a reactor.

The paper treats the magnetic moment and leaves other channels to later work.  Here each
channel goes through every model that provides what it needs, beside the stepped free
electrons; which of the models holds where is measured (`nuatom.validity`), and the
envelope of those that hold is the band.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from nuatom import catalog, validity
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.errors import UnsupportedResponse
from nuatom.interactions import Amplitude, Interaction, Millicharge
from nuatom.interactions.incoherent import combine
from nuatom.rates import cross_section_by_shell, rate_by_shell
from nuatom.reproduce.channel_validity import TARGETS, brief_table
from nuatom.reproduce.published import PAPER, RETRACTED_NOTE, RETRACTION
from nuatom.reproduce.quantities import Item, Quantity, judge
from nuatom.reproduce.spectra import AB_INITIO, ab_initio_table, energy_grid, reactor
from nuatom.responses import Response
from nuatom.table import Column, Table
from nuatom.targets import element

LOW, HIGH, POINTS = 30 * u.eV, 99.99 * u.keV, 160  # 100 keV belongs to the next band
EQ10 = "equivalent-photon-paper"
REACTOR_FLUX = 6.4e12
"""Of the Kuo-Sheng reactor at 28 m, in 1/(cm^2 s)."""
MODELS = tuple(name for name in catalog.RESPONSES if name not in ("nucleus", EQ10))
"""Atomic models, each tried on every channel; Eq. (10) stands apart."""
IN_MEDIUM = ("equivalent-photon-in-medium", "photoabsorption-ionisation")
"""Those with the density effect."""
MARKED = (0.3, 1.0, 3.0, 10.0)
"""Energies in keV whose values go into the summary."""
SCREENED_AT = (0.3, 1.3, 11.0)
"""Energies in keV of the comparison of medium and vacuum."""
PER = "per_kg_keV_day"


@dataclass(frozen=True)
class Shown:
    """A channel of the report at a stated coupling.

    Parameters
    ----------
    name : str
        In the catalogue [name].
    coupling : float
        In the unit of the catalogue [any].
    settings : mapping
        Further arguments of `catalog.interaction` [any].
    with_weak : bool
        Whether its interference with the weak interaction is shown as well [flag].
    in_medium : bool
        Whether the density effect is shown, which acts on soft photons only [flag].
    """

    name: str
    coupling: float
    settings: Mapping[str, float] = field(default_factory=dict)
    with_weak: bool = False
    in_medium: bool = False

    @property
    def key(self) -> str:
        """Name of the figure and of the table: underscores for hyphens."""
        return self.name.replace("-", "_")

    @property
    def stated(self) -> str:
        """Coupling with its unit, and the mass of a mediator."""
        unit = catalog.INTERACTIONS[self.name].unit
        mass = self.settings.get("mediator_mass")
        boson = "" if mass is None else f", mediator mass {mass / u.keV:g} keV"
        return f"{self.coupling:g} {unit}{boson}"

    @property
    def measured_as(self) -> tuple[str, ...]:
        """Names in the table of validity; a boson of a few keV lies between light and heavy."""
        return (self.name, *([f"light-{self.name}"] if self.settings else []))

    def build(self) -> Amplitude | Interaction:
        """Return the channel at its coupling."""
        return catalog.interaction(self.name, self.coupling, **self.settings)


CHANNELS = (
    Shown("magnetic-moment", 1e-10),
    Shown("millicharge", 1e-12, in_medium=True),
    Shown("charge-radius", 1e-32, with_weak=True),
    Shown("weak", 1.0),
    Shown("b-l-boson", 1e-6, {"mediator_mass": 10 * u.keV}),
)
"""In the order of the page."""

CAPTION = (
    "Each channel by itself, through every atomic model that provides what it needs, in "
    "germanium and xenon at the Kuo-Sheng reactor (6.4e12 / (cm^2 s)). Black: the ab-initio "
    "response, with the band of its computed variants in grey in the lower panels. Solid where a "
    "model holds by the table of validity below, dotted where it does not; a model that holds "
    "nowhere is left out, except the stepped free electrons, which the lower panels divide by. "
    "Light band: envelope of the models that hold. Edges are steps, not smeared; below 100 eV a "
    "solid or a liquid is no longer a set of free atoms."
)


def compute() -> Item:
    """Return the rates of each channel by model, the edges and the table of validity.

    Returns
    -------
    Item
        Tables ``channels_`` + channel, ``channels_validity``, that of `validity.table` and
        ``channels_edges``.
    """
    tables = [channel_table(shown) for shown in CHANNELS]
    summary: dict[str, object] = {
        shown.key: _summary(table) for shown, table in zip(CHANNELS, tables, strict=True)
    }
    summary["millicharge_in_medium_over_vacuum"] = _screening()
    return Item(
        "channels",
        "Every channel on every atomic model",
        (*tables, brief_table(_measured()), validity.table(), edge_table()),
        {"channels": summary},
        CAPTION,
    )


def _measured() -> list[str]:
    """Return the channels of the report as they are called in the table of validity."""
    return [name for shown in CHANNELS for name in shown.measured_as]


def channel_table(shown: Shown) -> Table:
    """Return the rate of a channel by every model, first in germanium, then in xenon.

    Parameters
    ----------
    shown : Shown
        The channel [any].

    Returns
    -------
    Table
        Columns target, energy_keV, for each model the rate and whether it holds, the
        envelope, and what belongs to one channel only.
    """
    parts = [_target_columns(shown, target) for target in TARGETS]
    columns = [
        Column(name, np.concatenate([part[name][0] for part in parts]), meaning)
        for name, (_, meaning) in parts[0].items()
    ]
    labels = [t for t, part in zip(TARGETS, parts, strict=True) for _ in part["energy_keV"][0]]
    entry = catalog.INTERACTIONS[shown.name]
    retracted = shown.name == "magnetic-moment"
    return Table(
        f"channels_{shown.key}",
        f"Rate of {shown.name} at {shown.stated}",
        (Column("target", labels), *columns),
        notes=(
            f"{entry.help}; {entry.validity}",
            "flux 6.4e12 / (cm^2 s); _holds: 1 where the model is valid, see the table of validity",
            *([RETRACTED_NOTE] if retracted else []),
        ),
        references=(entry.reference, *((PAPER, RETRACTION) if retracted else ())),
    )


def _target_columns(shown: Shown, target: str) -> dict[str, tuple[Array, str]]:
    T = grid(target)
    rates = {name: _try_rate(shown, target, name, T) for name in MODELS}
    if not shown.in_medium:
        rates |= dict.fromkeys(IN_MEDIUM)
    columns: dict[str, tuple[Array, str]] = {"energy_keV": (T / u.keV, "energy transfer")}
    valid = []
    for name, values in rates.items():
        if values is None:
            continue
        mask = np.all(
            [validity.is_valid(channel, name, target, T) for channel in shown.measured_as], axis=0
        )
        key = name.replace("-", "_")
        columns[f"{key}_{PER}"] = (values / u.cpkkd, catalog.RESPONSES[name].help)
        columns[f"{key}_holds"] = (mask.astype(float), "1 where the model holds, else 0")
        valid.append(np.where(mask, values / u.cpkkd, np.nan))
    low, high = envelope(np.array(valid))
    columns[f"lowest_{PER}"] = (low, "of the models that hold")
    columns[f"highest_{PER}"] = (high, "of the models that hold")
    if shown.name == "magnetic-moment":
        paper = rate(shown.build(), target, EQ10, T) / u.cpkkd
        columns[f"eq10_retracted_{PER}"] = (paper, "Eq. (10), retracted")
    columns |= _band_columns(shown, target, T, rates[AB_INITIO])
    if shown.with_weak:
        weak = catalog.interaction("weak")
        both = rate((weak, shown.build()), target, AB_INITIO, T)
        added = both - rate(weak, target, AB_INITIO, T)
        meaning = "change of the weak rate by interference and square, ab-initio"
        columns[f"change_of_weak_{PER}"] = (added / u.cpkkd, meaning)
    return columns


def _band_columns(
    shown: Shown, target: str, T: Array, central: Array | None
) -> dict[str, tuple[Array, str]]:
    """Return the ends of the ab-initio band of a channel for which it was computed."""
    table = ab_initio_table(target)
    found = table.table.uncertainty
    if central is None or found is None or shown.name not in found.channels:
        return {}
    return {
        f"ab_initio_{end}_{PER}": (central / u.cpkkd * (1 + change), f"{end} end of its band")
        for end, change in zip(("lower", "upper"), table.band(shown.name, T), strict=True)
    }


def envelope(values: Array) -> tuple[Array, Array]:
    """Return the lowest and the highest of several curves, where there is any.

    Parameters
    ----------
    values : ndarray
        Shape (curve, T); NaN where a curve does not count [any].

    Returns
    -------
    tuple of ndarray
        Both; NaN where no curve counts.

    Example
    -------
    >>> envelope(np.array([[1.0, np.nan], [3.0, np.nan]]))
    (array([ 1., nan]), array([ 3., nan]))
    """
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    return np.asarray(low), np.asarray(high)


def grid(target: str) -> Array:
    """Return energy transfers with the measured edges and those of the models.

    Parameters
    ----------
    target : str
        Symbol of an element [name].

    Returns
    -------
    ndarray
        Increasing [energy].
    """
    edges = [model(target, name).edges for name in ("stepped", "photoabsorption-ionisation")]
    return energy_grid(LOW, HIGH, POINTS, np.concatenate(edges))


@cache
def model(target: str, name: str) -> Response:
    """Return a model of a target, made once.

    Parameters
    ----------
    target : str
        Symbol of an element [name].
    name : str
        A key of `catalog.RESPONSES` [name].

    Returns
    -------
    Response
        The model.
    """
    return catalog.response(name, target)


def rate(
    channels: Amplitude | Interaction | tuple[Amplitude | Interaction, ...],
    target: str,
    name: str,
    T: Array,
) -> Array:
    """Return dR/dT at the Kuo-Sheng reactor.

    Parameters
    ----------
    channels : Amplitude or Interaction, or several
        Several are combined with their interference [interaction].
    target : str
        Symbol of an element [name].
    name : str
        A key of `catalog.RESPONSES` [name].
    T : ndarray
        Energy transfer [energy].

    Returns
    -------
    ndarray
        [1/(mass energy time)]

    Raises
    ------
    UnsupportedResponse
        If the model does not provide what the channel needs.
    """
    by_shell = rate_by_shell(
        T,
        source=reactor(REACTOR_FLUX),
        interaction=combine(channels if isinstance(channels, tuple) else (channels,)),
        response=model(target, name),
        atoms_per_mass=element(target).atoms_per_mass,
    )
    return np.asarray(by_shell.sum(axis=0))


def _try_rate(shown: Shown, target: str, name: str, T: Array) -> Array | None:
    """Return the rate, or None where the model does not provide what the channel needs."""
    try:
        return rate(shown.build(), target, name, T)
    except UnsupportedResponse:
        return None


def edge_table() -> Table:
    """Return the measured edges of the targets.

    Returns
    -------
    Table
        ``channels_edges``.
    """
    rows = [(target, shell) for target in TARGETS for shell in element(target).subshells]
    return Table(
        "channels_edges",
        "Measured edges of germanium and xenon",
        (
            Column("target", [target for target, _ in rows]),
            Column("shell", [shell.name for _, shell in rows]),
            Column("energy_keV", np.array([s.binding_energy for _, s in rows]) / u.keV),
            Column("electrons", np.array([s.electrons for _, s in rows])),
        ),
    )


def _summary(table: Table) -> dict[str, object]:
    """Return the envelope at the marked energies, and how far apart the models are."""
    targets = np.array(table.column("target"))
    names = ("energy_keV", f"lowest_{PER}", f"highest_{PER}", f"stepped_{PER}", f"ab_initio_{PER}")
    numbers = [np.asarray(table.column(name), dtype=np.float64) for name in names]
    holding = [c for c in table.columns if c.name.endswith("_holds")]
    found: dict[str, object] = {}
    for target in TARGETS:
        here = targets == target
        energy, low, high, stepped, right = (values[here] for values in numbers)
        for marked in MARKED:
            at = int(np.argmin(np.abs(np.log(energy / marked))))
            models = [
                column.name.removesuffix("_holds").replace("_", "-")
                for column in holding
                if np.asarray(column.values, dtype=np.float64)[here][at] > 0
            ]
            found[f"{target}_at_{marked:g}_keV"] = _marked(
                (float(low[at]), float(high[at]), float(stepped[at]), float(right[at])), models
            )
    return found


def _marked(rates: tuple[float, float, float, float], models: list[str]) -> dict[str, Quantity]:
    low, high, stepped, right = rates
    note = f"models that hold: {', '.join(models) or 'none'}"
    quantities = {
        f"stepped_{PER}": judge(
            "channels.rate", published=None, ours=stepped, note="stepped free electrons"
        ),
        "ab_initio_over_stepped": judge(
            "channels.ab-initio", published=None, ours=right / stepped, note="ratio of the rates"
        ),
    }
    if models:
        quantities["highest_over_lowest"] = judge(
            "channels.spread", published=None, ours=high / low, note=note
        )
    return quantities


def _screening() -> dict[str, object]:
    """Return what the medium leaves of a millicharge in germanium, E = 1 MeV, m_nu = 0.1 eV."""
    T = np.array(SCREENED_AT) * u.keV
    charge = combine((Millicharge(1e-12, neutrino_mass=0.1 * u.eV),))

    def total(name: str) -> Array:
        by_shell = cross_section_by_shell(
            T,
            np.full(T.size, 1 * u.MeV),
            interaction=charge,
            response=model("Ge", name),
            flavor="anti_nu_e",
        )
        return np.asarray(by_shell.sum(axis=0))

    pairs = {
        "soft_collisions": ("equivalent-photon-in-medium", "equivalent-photon"),
        "all_collisions": (
            "photoabsorption-ionisation",
            "photoabsorption-ionisation-in-vacuum",
        ),
    }
    note = "density effect in solid germanium, E = 1 MeV, m_nu = 0.1 eV"
    return {
        kind: {
            f"at_{energy:g}_keV": judge(
                "channels.screening", published=None, ours=float(ratio), note=note
            )
            for energy, ratio in zip(SCREENED_AT, total(medium) / total(vacuum), strict=True)
        }
        for kind, (medium, vacuum) in pairs.items()
    }
