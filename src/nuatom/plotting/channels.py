"""One channel on every atomic model: rates in germanium and xenon, and ratios to stepped."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import NullFormatter, NullLocator

from nuatom.arrays import Array
from nuatom.errors import lookup
from nuatom.plotting.channel_subjects import PER, SUBJECTS, Subject
from nuatom.plotting.legends import key_below
from nuatom.plotting.palette import colour
from nuatom.plotting.spectra import mark_edges
from nuatom.plotting.style import LOOKS, Look, at, note, numbers, plain_log_ticks, texts
from nuatom.table import Table

BoolArray = npt.NDArray[np.bool_]

HEIGHT_INCHES = 6.4
_PLACES = {
    "left": 0.14,
    "right": 0.967,
    "top": 0.893,
    "bottom": 0.212,
    "hspace": 0.1,
    "wspace": 0.09,
}
"""Of the four panels, as shares of the figure."""
_VARIANTS = (f"ab_initio_lower_{PER}", f"ab_initio_upper_{PER}")
"""Columns of the band of the ab-initio response."""
TARGETS = ("Ge", "Xe")
_FADED = (1.0, 1.7)
"""Dots of a model outside its validity."""
_MODELS: Mapping[str, tuple[Look, str]] = {
    # broad curves first: the later ones lie on top of them
    "stepped": (Look(colour("blue"), 3.0), "stepped free electrons"),
    "impulse": (Look(colour("vermilion"), 1.9), "impulse approximation"),
    "hydrogenic": (Look(colour("green"), 1.2), "screened hydrogenic"),
    "photoabsorption_ionisation": (Look(colour("purple"), 2.4), "photoabsorption, in the medium"),
    "photoabsorption_ionisation_in_vacuum": (
        Look(colour("purple"), 1.3),
        "photoabsorption, free atom",
    ),
    "equivalent_photon": (Look(colour("sky"), 1.6), "equivalent photon"),
    "equivalent_photon_transverse": (Look(colour("sky"), 1.0), "equivalent photon, transverse"),
    "equivalent_photon_in_medium": (Look(colour("muted"), 1.6), "equivalent photon, in the medium"),
    "free": (Look(colour("muted"), 1.0), "free electrons"),
    "ab_initio": (LOOKS["ab_initio"], "ab-initio, band: its variants"),
}
"""Look and words of each model; a model that has none is drawn in ink."""


def alternative(subject: str) -> str:
    """Return what a figure shows, for a reader who cannot see it.

    Parameters
    ----------
    subject : str
        A key of `SUBJECTS` [name].

    Returns
    -------
    str
        Plain text.
    """
    said = lookup("channel of a figure", subject, SUBJECTS)
    name = subject.replace("_", " ")
    return (
        f"Two columns, germanium and xenon. Top: rate of the {name} channel against the energy "
        "transfer from 0.03 to 100 keV, on logarithmic axes, by atomic model, with the K, L and M "
        f"edges marked. Bottom: ratio to stepped free electrons. {said.alternative}"
    )


def caption(subject: str) -> str:
    """Return the caption of a figure.

    Parameters
    ----------
    subject : str
        A key of `SUBJECTS` [name].

    Returns
    -------
    str
        Plain text.
    """
    return lookup("channel of a figure", subject, SUBJECTS).caption


@dataclass(frozen=True, eq=False)
class _Panel:
    """The curves of one target.

    Parameters
    ----------
    energy : ndarray
        Energy transfer in keV [any].
    rates : mapping
        Model -> rate [any].
    holds : mapping
        Model -> where it is valid [any].
    low, high : ndarray
        Envelope of the valid models [any].
    variants : list of ndarray
        Ends of the ab-initio band; empty where it was not computed [any].
    extra : mapping
        Column -> rate [any].
    """

    energy: Array
    rates: Mapping[str, Array]
    holds: Mapping[str, BoolArray]
    low: Array
    high: Array
    variants: list[Array]
    extra: Mapping[str, Array]


def draw(tables: Mapping[str, Table], figure: Figure, subject: str) -> None:
    """Draw the table of one channel with the edges of ``channels_edges``.

    Parameters
    ----------
    tables : mapping
        With ``channels_`` + subject and ``channels_edges`` [any].
    figure : Figure
        Empty; drawn upon [any].
    subject : str
        A key of `SUBJECTS` [name].

    Raises
    ------
    UnknownName
        If a table or column is missing.
    """
    said = lookup("channel of a figure", subject, SUBJECTS)
    # the places are known beforehand, which saves the time to find them
    figure.set_layout_engine("none")
    panels = {target: _panel(tables, subject, target) for target in TARGETS}
    always = ("stepped", "ab_initio", *said.beside)
    shown = [
        name
        for name in _ordered(panels["Ge"].rates)
        if name in always or _holds_somewhere(name, panels)
    ]
    axes = figure.subplots(
        2, 2, sharex="col", sharey="row", height_ratios=(1.3, 1.0), gridspec_kw=_PLACES
    )
    for column, target in enumerate(TARGETS):
        panel = panels[target]
        top, bottom = axes[0, column], axes[1, column]
        _rates(top, panel, shown, said)
        _ratios(bottom, panel, shown, said)
        _edges(top, bottom, tables, target, (float(panel.energy[0]), float(panel.energy[-1])))
        top.set_title(target, pad=16)
        top.set(xscale="log", xlim=(panel.energy[0], panel.energy[-1] * 1.001))
        plain_log_ticks(top, "x", (0.1, 1, 10, 100))
        bottom.set_xlabel("Energy transfer T (keV)")
    _scales((axes[0, 0], axes[1, 0]), list(panels.values()), shown, said)
    axes[0, 0].set_ylabel(r"Rate (kg$^{-1}$ keV$^{-1}$ day$^{-1}$)")
    axes[1, 0].set_ylabel("Ratio to stepped")
    figure.align_ylabels(axes[:, 0])
    figure.text(0.02, 0.985, said.words, fontsize=10.5, fontweight="bold", va="top")
    _key(figure, shown, panels, said)


def _panel(tables: Mapping[str, Table], subject: str, target: str) -> _Panel:
    table = f"channels_{subject}"
    (targets,) = texts(tables, table, "target")
    here = np.array(targets) == target

    def column(name: str) -> Array:
        return np.asarray(numbers(tables, table, name)[0][here])

    columns = [c.name for c in tables[table].columns]
    models = [name.removesuffix("_holds") for name in columns if name.endswith("_holds")]
    return _Panel(
        column("energy_keV"),
        {name: _positive(column(f"{name}_{PER}")) for name in models},
        {name: column(f"{name}_holds") > 0 for name in models},
        column(f"lowest_{PER}"),
        column(f"highest_{PER}"),
        [column(name) for name in _VARIANTS if name in columns],
        {name: _positive(column(name)) for name, _, _ in SUBJECTS[subject].extra},
    )


def _holds_somewhere(name: str, panels: Mapping[str, _Panel]) -> bool:
    """Whether a model holds in a range of either target; a single point is none."""
    return any(np.count_nonzero(panel.holds[name]) > 1 for panel in panels.values())


def _positive(values: Array) -> Array:
    """Leave a gap where the rate is zero, which a logarithmic axis cannot show."""
    return np.where(values > 0, values, np.nan)


def _ordered(models: Mapping[str, Array]) -> list[str]:
    """Return the models in the order in which they are drawn."""
    return [n for n in _MODELS if n in models] + [n for n in models if n not in _MODELS]


def _look(name: str) -> tuple[Look, str]:
    return _MODELS.get(name, (Look(colour("ink"), 1.2), name.replace("_", " ")))


def _faded(name: str, said: Subject) -> Look:
    """Return the look of a model outside its validity: dashed for comparison, else dotted."""
    color = _look(name)[0].color
    return Look(color, 1.3, (4.0, 1.6)) if name in said.beside else Look(color, 1.1, _FADED)


def _curve(
    axes: Axes, energy: Array, values: Array, holds: BoolArray, looks: tuple[Look, Look]
) -> None:
    """Draw a curve solid where its model holds, dotted where it does not."""
    look, faded = looks
    # one point more on each side, so that the two kinds of line touch
    near = holds | np.append(holds[1:], False) | np.append(False, holds[:-1])
    if not holds.all():
        outside = np.where(near & holds, np.nan, values)
        axes.plot(energy, outside, **faded.line())
    if holds.any():
        axes.plot(energy, np.where(near, values, np.nan), **look.line())


def _rates(axes: Axes, panel: _Panel, shown: list[str], said: Subject) -> None:
    axes.fill_between(panel.energy, panel.low, panel.high, color=colour("blue_fill"), linewidth=0)
    for column, look, text in said.extra:
        values = panel.extra[column]
        axes.plot(panel.energy, values, **look.line())
        where = float(panel.energy[0] * (panel.energy[-1] / panel.energy[0]) ** 0.42)
        note(
            axes,
            where,
            at(panel.energy, values, where),
            text,
            color=look.color,
            offset=(3, -19 if "\n" in text else 13),
            fontsize=8.6,
        )
    for name in shown:
        looks = _look(name)[0], _faded(name, said)
        _curve(axes, panel.energy, panel.rates[name], panel.holds[name], looks)


def _ratios(axes: Axes, panel: _Panel, shown: list[str], said: Subject) -> None:
    stepped = panel.rates["stepped"]
    axes.fill_between(
        panel.energy,
        panel.low / stepped,
        panel.high / stepped,
        color=colour("blue_fill"),
        linewidth=0,
    )
    if panel.variants:
        low, high = (end / stepped for end in panel.variants)
        axes.fill_between(panel.energy, low, high, color=colour("band"), linewidth=0)
    for name in shown:
        looks = _look(name)[0], _faded(name, said)
        _curve(axes, panel.energy, panel.rates[name] / stepped, panel.holds[name], looks)


def _edges(
    top: Axes,
    bottom: Axes,
    tables: Mapping[str, Table],
    target: str,
    span: tuple[float, float],
) -> None:
    targets, shells = texts(tables, "channels_edges", "target", "shell")
    energies, _ = numbers(tables, "channels_edges", "energy_keV", "electrons")
    here = [i for i, name in enumerate(targets) if name == target]
    chosen = [shells[i] for i in here]
    mark_edges(top, chosen, energies[here], span, "KLM")
    for i in here:
        if shells[i][0] in "KLM" and span[0] <= energies[i] <= span[1]:
            for axes in (top, bottom):
                axes.axvline(energies[i], zorder=0.6, color=colour("grid"), linewidth=0.9)
    for axes in (top, bottom):
        axes.grid(False, axis="x")


def _scales(axes: tuple[Axes, Axes], panels: list[_Panel], shown: list[str], said: Subject) -> None:
    """Set the ranges, which the two columns share, from what is drawn."""
    top, bottom = axes
    rates = [values for panel in panels for values in panel.extra.values()]
    rates += [values for panel in panels for values in (panel.rates["stepped"], panel.high)]
    low, high = (float(f([f(values) for values in rates])) for f in (np.nanmin, np.nanmax))
    top.set(yscale="log", ylim=(10 ** np.floor(np.log10(low)), high * 5))
    top.yaxis.set_minor_formatter(NullFormatter())
    if high / low > 1e3:
        top.yaxis.set_minor_locator(NullLocator())
    low, high = _ratio_range(panels, shown, said.beside)
    if high / low > 4:
        bottom.set(yscale="log", ylim=(low / 1.3, high * 1.4))
        marks = (0.01, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000)
        plain_log_ticks(bottom, "y", [m for m in marks if low / 1.3 < m < high * 1.4])
    else:
        margin = 0.08 * (high - low) + 0.005
        bottom.set(ylim=(low - margin, high + margin))


def _ratio_range(
    panels: list[_Panel], shown: list[str], beside: tuple[str, ...]
) -> tuple[float, float]:
    """Return the ends of the ratios where a model holds, or is shown beside; 1 included.

    Two points in a thousand on each side may lie outside: spikes between two tables of one edge.
    """
    found = [np.ones(1)]
    for panel in panels:
        for name in shown:
            counts = panel.holds[name] | (name in beside)
            values = np.where(counts, panel.rates[name] / panel.rates["stepped"], np.nan)
            found.append(values[np.isfinite(values)])
    low, high = np.percentile(np.concatenate(found), (0.2, 99.8))
    return min(1.0, float(low)), max(1.0, float(high))


def _key(figure: Figure, shown: list[str], panels: Mapping[str, _Panel], said: Subject) -> None:
    """Name the curves below the panels."""
    handles: list[Line2D | Patch] = []
    for name in shown:
        look, words = _look(name)
        if name in said.beside or not _holds_somewhere(name, panels):
            look = _faded(name, said)
        handles.append(Line2D([], [], label=words, **look.line()))
    handles.append(Patch(color=colour("blue_fill"), linewidth=0, label="envelope where valid"))
    faded = Look(colour("muted"), 1.1, _FADED)
    handles.append(Line2D([], [], label="dotted: outside its validity", **faded.line()))
    key_below(figure, handles)
