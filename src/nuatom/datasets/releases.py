"""Official data releases of experiments, read from the folder where a user keeps them.

The package holds no copy of them: ``data/datasets/<name>/<edition>/data.toml`` says what a
release is, where it comes from, how to get it, which file holds what, and its checksums.
A file that differs from the checksum is refused.
"""

import hashlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from nuatom import units as u
from nuatom.arrays import Array
from nuatom.datasets.counts import S2_AREA, BinnedCounts, Residuals, UnbinnedEvents
from nuatom.errors import InvalidInput, lookup

RELEASES = {
    "dresden-ii": "2022",
    "xenonnt-sr0": "2022",
    "xenon1t-s2only": "2019",
}
"""Name of each release and its edition."""


@dataclass(frozen=True, eq=False)
class Release:
    """What is known of an official release.

    Parameters
    ----------
    name : str
        A key of `RELEASES` [name].
    card : dict
        The content of data.toml: title, reference, instructions, numbers, checksums [any].
    """

    name: str
    card: dict[str, Any]

    @property
    def reference(self) -> str:
        """What to cite [text]."""
        return str(self.card["reference"])

    @property
    def notes(self) -> tuple[str, ...]:
        """What a user must know, such as an efficiency already applied [text]."""
        return tuple(self.card["notes"])

    def read(self, folder: Path | str, file: str) -> str:
        """Return the text of one file after comparing its checksum.

        Parameters
        ----------
        folder : Path or str
            Where the user keeps the release [path].
        file : str
            One of the files of the card [name].

        Returns
        -------
        str
            Its text.

        Raises
        ------
        InvalidInput
            If it is absent or differs; the message says where to get it.
        """
        path = Path(folder) / file
        instructions = str(self.card["instructions"])
        try:
            content = path.read_bytes()
        except OSError as error:
            reason = error.strerror or "cannot be read"
            raise InvalidInput(
                f"{path}: {reason}; expected a file of {self.card['title']}; {instructions}"
            ) from None
        expected = lookup(f"file of {self.name}", file, self.card["files"])
        found = hashlib.sha256(content).hexdigest()
        if found != expected:
            raise InvalidInput(
                f"{path}: found sha256 {found[:12]}..., expected {expected[:12]}... of the "
                f"official release; {instructions}"
            )
        return content.decode("utf-8")

    def number(self, name: str) -> float:
        """Return a number of the card.

        Parameters
        ----------
        name : str
            Its key, with the unit [name].

        Returns
        -------
        float
            In the unit that the name says.
        """
        return float(self.card["numbers"][name])


@cache
def release(name: str) -> Release:
    """Return what is known of a release, without reading it.

    Parameters
    ----------
    name : str
        A key of `RELEASES` [name].

    Returns
    -------
    Release
        Title, reference, instructions, checksums.

    Raises
    ------
    UnknownName
        If there is no such release.

    Example
    -------
    >>> release("xenonnt-sr0").number("exposure_tonne_year")
    1.16
    """
    edition = lookup("release", name, RELEASES)
    path = resources.files("nuatom") / "data" / "datasets" / name / edition / "data.toml"
    return Release(name, tomllib.loads(path.read_text(encoding="utf-8")))


def dresden(folder: Path | str) -> tuple[Residuals, Residuals]:
    """Return the spectra of Dresden-II with the reactor on and off, as rates with errors.

    Parameters
    ----------
    folder : Path or str
        With ``data_release.txt`` [path].

    Returns
    -------
    tuple of Residuals
        ON and OFF, 130 bins of 10 eV, in observed ionisation energy.

    Raises
    ------
    InvalidInput
        If the file is absent or is not the official one.

    Notes
    -----
    The file has no header; its numbers are taken as counts per bin and per 2.924 kg day, for
    reasons that the notes of the result give.  They are corrected for the acceptance: do not
    apply an efficiency again.
    """
    card = release("dresden-ii")
    energy, on, on_error, off, off_error = _numbers(card, folder, "data_release.txt").T
    width = card.number("bin_width_keV")
    edges = np.append(energy - width / 2, energy[-1] + width / 2) * u.keV
    unit = 1 / (card.number("exposure_of_rates_kg_day") * u.kg * u.day * width * u.keV)
    pairs = (("on", on, on_error), ("off", off, off_error))
    first, second = (
        Residuals(
            f"dresden-ii-{state}",
            edges,
            rate * unit,
            error * unit,
            references=(card.reference,),
            notes=card.notes,
        )
        for state, rate, error in pairs
    )
    return first, second


def xenonnt(folder: Path | str) -> UnbinnedEvents:
    """Return the electronic recoils of XENONnT SR0 below 30 keV.

    Parameters
    ----------
    folder : Path or str
        With ``data_unbinned_1to30kev.txt`` [path].

    Returns
    -------
    UnbinnedEvents
        433 reconstructed energies between 1 and 30 keV, 1.16 tonne year.

    Raises
    ------
    InvalidInput
        If the file is absent or is not the official one.
    """
    card = release("xenonnt-sr0")
    return UnbinnedEvents(
        card.name,
        _numbers(card, folder, "data_unbinned_1to30kev.txt").ravel() * u.keV,
        (card.number("lowest_keV") * u.keV, card.number("highest_keV") * u.keV),
        card.number("exposure_tonne_year") / card.number("mass_tonne") * u.year,
        card.number("mass_tonne") * u.tonne,
        references=(card.reference,),
        notes=card.notes,
    )


def xenonnt_background(folder: Path | str) -> tuple[Array, Array]:
    """Return the best-fit background of XENONnT SR0, its efficiency and resolution included.

    Parameters
    ----------
    folder : Path or str
        With ``bkg_model.txt`` [path].

    Returns
    -------
    tuple of ndarray
        Reconstructed energies [energy] and rates [1/(mass energy time)].

    Raises
    ------
    InvalidInput
        If the file is absent or is not the official one.
    """
    energy, rate = _numbers(release("xenonnt-sr0"), folder, "bkg_model.txt").T
    return energy * u.keV, rate / (u.tonne * u.year * u.keV)


def xenonnt_efficiency(folder: Path | str) -> tuple[Array, Array]:
    """Return the total efficiency of XENONnT SR0.

    Parameters
    ----------
    folder : Path or str
        With ``efficiency.txt`` [path].

    Returns
    -------
    tuple of ndarray
        Recoil energies [energy] and efficiencies [dimensionless].

    Raises
    ------
    InvalidInput
        If the file is absent or is not the official one.
    """
    energy, efficiency = _numbers(release("xenonnt-sr0"), folder, "efficiency.txt").T
    return energy * u.keV, efficiency


def xenon1t_s2only(folder: Path | str) -> BinnedCounts:
    """Return the S2-only events of XENON1T in the S2 bins of the release.

    Parameters
    ----------
    folder : Path or str
        With ``events_after_cuts.csv``, ``s2_binning_info.csv`` and
        ``er_and_cevns_background.csv`` [path].

    Returns
    -------
    BinnedCounts
        On the axis ``s2_area`` [PE], with the published part of the background (which is
        known to be incomplete).

    Raises
    ------
    InvalidInput
        If a file is absent or is not the official one.
    """
    card = release("xenon1t-s2only")
    edges = _s2_edges(card, folder)
    areas = np.array([float(row[0]) for row in _rows(card, folder, "events_after_cuts.csv")])
    background = _rows(card, folder, "er_and_cevns_background.csv")
    return BinnedCounts(
        card.name,
        edges,
        np.histogram(areas, edges)[0].astype(float),
        card.number("exposure_tonne_year") / card.number("mass_tonne") * u.year,
        card.number("mass_tonne") * u.tonne,
        np.array([float(row[1]) + float(row[2]) for row in background]),
        S2_AREA,
        (card.reference,),
        card.notes,
    )


def xenon1t_response(folder: Path | str) -> tuple[Array, Array, Array]:
    """Return the response of XENON1T S2-only to electronic recoils.

    Parameters
    ----------
    folder : Path or str
        With ``s2_response_er.csv`` and ``s2_binning_info.csv`` [path].

    Returns
    -------
    tuple of ndarray
        Recoil energies (row,) [energy], edges of the S2 bins (bin + 1,) [dimensionless] and
        the probability of a count in each bin (row, bin), selections included
        [dimensionless].

    Raises
    ------
    InvalidInput
        If a file is absent or is not the official one.
    """
    card = release("xenon1t-s2only")
    table = np.array(_rows(card, folder, "s2_response_er.csv"), dtype=float)
    return table[:, 0] * u.keV, _s2_edges(card, folder), table[:, 3:]


def xenon1t_cells(folder: Path | str) -> Array:
    """Return the ends of the cells of energy that the rows of `xenon1t_response` stand for.

    Parameters
    ----------
    folder : Path or str
        With ``s2_response_er.csv`` [path].

    Returns
    -------
    ndarray
        Midway between the energies in ln E, and as the release continues them at both ends,
        shape (row + 1,) [energy].

    Raises
    ------
    InvalidInput
        If the file is absent or is not the official one.
    """
    card = release("xenon1t-s2only")
    table = np.array(_rows(card, folder, "s2_response_er.csv"), dtype=float)
    return np.append(table[:, 1], table[-1, 2]) * u.keV


def _s2_edges(card: Release, folder: Path | str) -> Array:
    rows = np.array(_rows(card, folder, "s2_binning_info.csv"), dtype=float)
    return np.append(rows[:, 1], rows[-1, 2])


def _numbers(card: Release, folder: Path | str, file: str) -> Array:
    lines = card.read(folder, file).splitlines()
    return np.array([[float(cell) for cell in line.split()] for line in lines if line.strip()])


def _rows(card: Release, folder: Path | str, file: str) -> list[list[str]]:
    lines = card.read(folder, file).splitlines()[1:]
    return [line.split(",") for line in lines if line.strip()]


READERS: dict[str, Callable[[Path | str], Any]] = {
    "dresden-ii": dresden,
    "xenonnt-sr0": xenonnt,
    "xenon1t-s2only": xenon1t_s2only,
}
"""Name of a release -> its reader."""
