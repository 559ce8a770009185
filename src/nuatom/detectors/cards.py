"""Detectors of experiments, as far as published numbers say what they are.

Each card lists its numbers with their references, and under `missing` what was not found
in a source.  What is missing is never filled in: whoever builds a `Detector` brings it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array, ArrayLike
from nuatom.detectors.detector import Detector
from nuatom.detectors.quenching import Lindhard, Quenching
from nuatom.detectors.resolution import FanoResolution, Resolution
from nuatom.detectors.resolution_formulas import PowerResolution, polynomial_in_keV
from nuatom.errors import InvalidInput, lookup
from nuatom.targets import element
from nuatom.targets.compounds import Compound, compound

_FOLDER = resources.files("nuatom") / "data" / "detectors"

UNITS: Mapping[str, float] = {
    "_per_tonne_year_keV": 1 / (u.tonne * u.year * u.keV),
    "_per_tonne_keV_day": 1 / (u.tonne * u.keV * u.day),
    "_per_kg_keV_day": u.cpkkd,
    "_per_cm2_s": u.flux,
    "_tonne_year": u.tonne * u.year,
    "_tonne_day": u.tonne * u.day,
    "_kg_day": u.kg * u.day,
    "_tonne": u.tonne,
    "_gram": u.gram,
    "_kg": u.kg,
    "_hour": u.hour,
    "_day": u.day,
    "_keV": u.keV,
    "_eV": u.eV,
    "_GW": u.GW,
    "_m": u.metre,
}
"""End of a name in a card -> its unit; the first that fits counts."""


_WANTED: Mapping[str, str] = {
    "exposure": "exposure, or mass and live_time",
    "bin_edges": "bin_edges ([bins] in a run card)",
    "resolution": "resolution (perfect for no smearing)",
    "efficiencies": "efficiencies (empty if the data are corrected for them)",
}
"""What a card may lack -> how to give it."""


@dataclass(frozen=True)
class Number:
    """A published number.

    Parameters
    ----------
    value : float
        In base units [any].
    reference : str
        Where it stands [text].
    uncertainty : float
        One standard deviation as published, 0 where none was found [any].
    """

    value: float
    reference: str
    uncertainty: float = 0.0


@dataclass(frozen=True, eq=False)
class DetectorCard:
    """What is published about a detector, number by number.

    Parameters
    ----------
    name : str
        Experiment and edition, such as ``conus-plus/run-1`` [name].
    content : mapping
        The content of its data.toml [any].

    Example
    -------
    >>> card = detector_card("conus-plus")
    >>> round(card.numbers["mass"].value / u.kg, 3), card.missing[0]
    (2.83, 'resolution as the collaboration states it')
    """

    name: str
    content: Mapping[str, Any]

    @property
    def title(self) -> str:
        """One line [text]."""
        return str(self.content["title"])

    @property
    def missing(self) -> tuple[str, ...]:
        """What could not be found in a source [text]."""
        return tuple(self.content["missing"])

    @property
    def target(self) -> Compound:
        """What it is made of."""
        return compound(self.content["target"])

    @property
    def numbers(self) -> Mapping[str, Number]:
        """Name without its unit -> the number in base units, and its reference."""
        return dict(_number(name, entry) for name, entry in self.content["numbers"].items())

    @property
    def references(self) -> tuple[str, ...]:
        """What to cite, each once [text]."""
        parts = [*self.content["numbers"].values(), *self.content.get("quenching", {}).values()]
        parts += [self.content[key] for key in ("resolution", "bins") if key in self.content]
        every = [self.content["reference"], *(part["reference"] for part in parts)]
        return tuple(dict.fromkeys(every))

    @property
    def exposure(self) -> float:
        """Mass times live time, with the reactor on where there is one [mass time].

        Raises
        ------
        InvalidInput
            If the card has neither it nor both factors.
        """
        numbers = self.numbers
        if "exposure" in numbers:
            return numbers["exposure"].value
        if {"mass", "live_time"} <= set(numbers):
            return numbers["mass"].value * numbers["live_time"].value
        raise self._lacks("exposure")

    @property
    def bin_edges(self) -> Array:
        """Edges of the bins of the analysis [energy].

        Raises
        ------
        InvalidInput
            If the card has none.
        """
        if "bins" not in self.content:
            raise self._lacks("bin_edges")
        low, high, width = (self.content["bins"][f"{k}_keV"] for k in ("low", "high", "width"))
        count = round((high - low) / width)
        return np.asarray(np.linspace(low, high, count + 1) * u.keV)

    @property
    def resolution(self) -> Resolution:
        """Smearing of the energy.

        Raises
        ------
        InvalidInput
            If the card has none.
        """
        if "resolution" not in self.content:
            raise self._lacks("resolution")
        part = self.content["resolution"]
        if part["kind"] == "fano":
            return FanoResolution(part["noise_eV"] * u.eV)
        if part["kind"] == "polynomial":
            return polynomial_in_keV(part["coefficients_keV"], part["highest_keV"] * u.keV)
        return PowerResolution(root=part["root_keV"] * np.sqrt(u.keV), linear=part["linear"])

    @property
    def quenching(self) -> Mapping[str, Quenching]:
        """Element -> quenching of its recoils; empty if the card has none."""
        return {
            symbol: Lindhard(element(symbol).atomic_number, part["k"])
            for symbol, part in self.content.get("quenching", {}).items()
        }

    def detector(self, bin_edges: ArrayLike | None = None, **replacements: Any) -> Detector:
        """Return the detector; whatever the card lacks must be given.

        Parameters
        ----------
        bin_edges : array_like, optional
            Instead of the bins of the card [energy].
        **replacements : object
            Arguments of `Detector` by name, which replace those of the card [any].

        Returns
        -------
        Detector
            Of the numbers of the card and of what was given.

        Raises
        ------
        InvalidInput
            If the exposure, the bins, the resolution or the efficiencies are neither in the
            card nor given, all of them in one line; no card has a curve of efficiency, and
            ``efficiencies=()`` says that the data are corrected for it.

        Example
        -------
        >>> detector = detector_card("dresden-2").detector(efficiencies=())
        >>> detector.bin_edges.size, round(detector.exposure / (u.kg * u.day), 4)
        (131, 281.8736)
        """
        parts = dict(replacements)
        parts.setdefault("name", self.name)
        parts.setdefault("target", self.target)
        if bin_edges is not None:
            parts["bin_edges"] = bin_edges
        parts.setdefault("quenching", self.quenching)
        lacking = []
        for key in ("exposure", "bin_edges", "resolution"):
            if key not in parts:
                try:
                    parts[key] = getattr(self, key)
                except InvalidInput:
                    lacking.append(key)
        if "efficiencies" not in parts:
            lacking.append("efficiencies")
        if lacking:
            raise self._lacks(*lacking)
        threshold = self.numbers.get("threshold")
        if threshold is not None:
            parts.setdefault("threshold", threshold.value)
        return Detector(**parts)

    def _lacks(self, *what: str) -> InvalidInput:
        """Return the error for what the card does not have."""
        given = ", ".join(_WANTED[key] for key in what)
        return InvalidInput(
            f"detector {self.name}: found no {' and no '.join(what)} in its card, because none "
            f"was found in a source; expected from you: {given}"
        )


@cache
def card_names() -> tuple[str, ...]:
    """Return the names of all cards, experiment and edition.

    Returns
    -------
    tuple of str
        In alphabetical order.

    Example
    -------
    >>> "xenonnt/sr0" in card_names()
    True
    """
    return tuple(
        sorted(f"{e.name}/{d.name}" for e in _FOLDER.iterdir() for d in e.iterdir() if d.is_dir())
    )


@cache
def detector_card(name: str) -> DetectorCard:
    """Return the card of a detector.

    Parameters
    ----------
    name : str
        ``experiment/edition``; the experiment alone where it has only one edition [name].

    Returns
    -------
    DetectorCard
        Read once and kept.

    Raises
    ------
    UnknownName
        If there is no such card.
    InvalidInput
        If an experiment has several editions and none is named.

    Example
    -------
    >>> detector_card("gemma").title
    'GEMMA germanium spectrometer at Kalinin, phases I and II'
    """
    editions = [full for full in card_names() if full.split("/")[0] == name]
    if len(editions) > 1:
        raise InvalidInput(f"detector {name}: found no edition, expected {' or '.join(editions)}")
    known = {full: full for full in card_names()}
    full = editions[0] if editions else lookup("detector", name, known)
    text = _FOLDER.joinpath(*full.split("/"), "data.toml").read_text(encoding="utf-8")
    return DetectorCard(full, tomllib.loads(text))


def _number(name: str, entry: Mapping[str, Any]) -> tuple[str, Number]:
    """Return the name without its unit, and the number."""
    suffix = next((s for s in UNITS if name.endswith(s)), "")
    unit = UNITS.get(suffix, 1.0)
    uncertainty = entry.get("uncertainty", 0.0) * unit
    return name.removesuffix(suffix), Number(entry["value"] * unit, entry["reference"], uncertainty)
