"""Limits on magnetic moment, millicharge and charge radius from published data.

Dresden-II, XENONnT SR0 and XENON1T S2-only, by channel, atomic model and method, with what was
published for the same data (published.toml), and two joint fits.  The equivalent photons of a
magnetic moment are there because the paper used them; they are retracted.  The paper's own
limits, from pseudo-data of Kuo-Sheng, are in `nuatom reproduce`.

Usage: python limit_study.py [--shared FOLDER] [--out FILE.csv]
"""

import argparse
import csv
import sys
import tempfile
import tomllib
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis.limits.interest import Interest
from nuatom.analysis.limits.likelihood import LikelihoodSettings, described
from nuatom.analysis.limits.limit import limit, limit_of_model
from nuatom.analysis.model import Model
from nuatom.inference.bayes.posterior import posterior
from nuatom.inference.feldman_cousins import feldman_cousins_interval
from nuatom.inference.fits.fit import fit
from nuatom.inference.fits.profile import ONE_SIDED, Interval, interval, upper_limit
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.unknown_background import optimum_interval

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import dresden  # noqa: E402
import xenon  # noqa: E402

SHARED = HERE.parents[2] / "shared" / "data"
PUBLISHED = tomllib.loads((HERE / "published.toml").read_text(encoding="utf-8"))
CHANNELS = ("magnetic-moment", "millicharge", "charge-radius")
MODELS = ("free", "stepped", "ab-initio", "equivalent-photon")
PHOTONS = "equivalent-photon"
CONFIDENCE = 0.9
COLUMNS = (
    *("experiment", "channel", "model", "treatment", "method", "low", "high", "unit", "pieces"),
    *("published", "published_by", "ratio", "remark"),
)
_BOUNDS = {"magnetic-moment^2": (0.0, 1e4), "millicharge": (-300.0, 300.0)}
"""Far beyond every limit here; farther out the background cannot be fitted at all."""
_PARTS = 8
"""Bins of S2-only for methods with bins, equal numbers of the bins of the release."""


@dataclass(frozen=True)
class Folders:
    """Where the releases lie, and where tables may be written."""

    shared: Path
    scratch: Path

    @property
    def dresden(self) -> Path:
        """Dresden-II."""
        return self.shared / "dresden2"

    @property
    def xenonnt(self) -> Path:
        """XENONnT SR0."""
        return self.shared / "xenonnt_sr0"

    @property
    def s2(self) -> Path:
        """XENON1T S2-only."""
        return self.shared / "xenon1t_s2only"


Row = dict[str, Any]


def row(where: Mapping[str, str], ends: tuple[float, float], unit: str, **more: Any) -> Row:
    """Return a row with what was published for the same data, if anything."""
    found: Row = dict.fromkeys(COLUMNS, "") | dict(where) | more
    low, high = ends
    found |= {"low": f"{low:.4g}", "high": f"{high:.4g}", "unit": unit}
    for entry in PUBLISHED.get("limit", []):
        same = (entry["experiment"], entry["channel"]) == (found["experiment"], found["channel"])
        if same and found["method"] == "profile-likelihood":
            found["published"] = entry["high"]
            found["published_by"] = entry["reference"].split(", ")[-1]
            found["ratio"] = f"{high / entry['high']:.3f}"
    if found["model"] == PHOTONS and found["channel"] == "magnetic-moment":
        found["remark"] = "; ".join(filter(None, ("RETRACTED model", found["remark"])))
    return found


def ends_of(interest: Interest, found: Interval) -> tuple[float, float]:
    """Return both ends as couplings."""
    low, high = (x if np.isinf(x) else interest.coupling(x) for x in (found.low, found.high))
    return low, high


def pieces_of(interest: Interest, found: Interval) -> str:
    """Return the accepted pieces as couplings where there are several."""
    if len(found.pieces) < 2:
        return ""
    parts = [f"{interest.coupling(a):.3g} to {interest.coupling(b):.3g}" for a, b in found.pieces]
    return " or ".join(parts)


def bounded(likelihood: Likelihood, name: str) -> Likelihood:
    """Return the likelihood with a parameter of interest that stays where fits are possible."""
    if name not in _BOUNDS:
        return likelihood
    low, high = _BOUNDS[name]
    own = likelihood.parameter(name)
    starts = tuple(x for x in own.starts if low <= x <= high)
    return likelihood.with_parameter(replace(own, low=low, high=high, starts=starts))


def dresden_model(folders: Folders, channel: str, electrons: str, quenching: str) -> Model:
    """Return the model of Dresden-II; equivalent photons do without the weak interaction."""
    channels = dresden.channels_of(channel)
    if electrons == PHOTONS:
        channels = channels[1:]
    card = dresden.card(folders.dresden, folders.scratch, channels, electrons, quenching)
    if electrons == PHOTONS:
        card["detector"]["lowest_deposit"] = "0.0101 keV"
    return analysis.load(card)


def dresden_rows(folders: Folders) -> Iterator[Row]:
    """Yield limits of Dresden-II with the published background and our resolution and flux."""
    for channel in CHANNELS:
        for electrons in MODELS:
            if electrons == PHOTONS and channel == "charge-radius":
                continue
            for quenching in ("fef", "ybe", "0.157"):
                model = dresden_model(folders, channel, electrons, quenching)
                where = {
                    "experiment": "Dresden-II",
                    "channel": channel,
                    "model": electrons,
                    "treatment": f"quenching {quenching}",
                }
                yield from _dresden_case(model, where, full=quenching == "fef")


def _dresden_case(model: Model, where: dict[str, str], *, full: bool) -> Iterator[Row]:
    found, interest = dresden.likelihood(model, where["channel"])
    likelihood = bounded(found, interest.name)
    name = interest.name
    quoted = interval(likelihood, name, CONFIDENCE)
    methods: dict[str, Interval] = {"profile-likelihood": quoted}
    if full and interest.linear:
        methods["one-sided"] = upper_limit(likelihood, name, CONFIDENCE, convention=ONE_SIDED)
        methods["gaussian-feldman-cousins"] = gaussian(likelihood, name)
    if full and where["model"] in ("stepped", "ab-initio"):
        belief = posterior(likelihood, name)
        methods["bayes"] = (
            belief.interval(CONFIDENCE) if interest.signed else belief.upper_limit(CONFIDENCE)
        )
    for method, one in methods.items():
        yield row(
            {**where, "method": method},
            ends_of(interest, one),
            interest.unit,
            pieces=pieces_of(interest, one),
        )


def gaussian(likelihood: Likelihood, name: str) -> Interval:
    """Return the interval of Feldman and Cousins from the fit without a bound."""
    own = likelihood.parameter(name)
    best = fit(likelihood.with_parameter(replace(own, low=-own.high)))
    ends = feldman_cousins_interval(best.values[name], best.errors[name], CONFIDENCE)
    return Interval(*ends, best.values[name], CONFIDENCE, "Gaussian", "", (ends,))


def xenonnt_card(folders: Folders, channel: str, electrons: str, rate: str | None = None) -> Any:
    """Return the card of XENONnT; equivalent photons stand on the whole published background."""
    base = xenon.with_background(
        folders.xenonnt,
        folders.scratch,
        channel,
        "stepped" if electrons == PHOTONS else electrons,
        rate,
    )
    if electrons == PHOTONS:
        base["response"] = {"electrons": PHOTONS}
        base["signals"] = {"channels": [channel]}
    return base


def xenonnt_rows(folders: Folders) -> Iterator[Row]:
    """Yield limits of XENONnT: binned and unbinned, the background free and known."""
    for channel in CHANNELS:
        for electrons in MODELS:
            if electrons == PHOTONS and channel == "charge-radius":
                continue
            card = xenonnt_card(folders, channel, electrons)
            asked: dict[str, Any] = {"parameters": [channel], "likelihood": "poisson"}
            asked["methods"] = ["profile-likelihood", "bayes"]
            if channel == "magnetic-moment":
                asked["methods"] += ["one-sided", "gaussian-feldman-cousins", "binned-poisson"]
            where = {"experiment": "XENONnT SR0", "channel": channel, "model": electrons}
            yield from _quoted(where | {"treatment": "1 keV bins, B0 free"}, card, asked)
            if electrons != PHOTONS:
                single = asked | {"likelihood": "unbinned", "methods": ["profile-likelihood"]}
                yield from _quoted(where | {"treatment": "unbinned, B0 free"}, card, single)
                known = xenonnt_card(folders, channel, electrons, "8 %")
                asked = asked | {"methods": ["profile-likelihood"]}
                yield from _quoted(where | {"treatment": "1 keV bins, B0 8 %"}, known, asked)


def _quoted(where: dict[str, str], card: Any, asked: dict[str, Any]) -> Iterator[Row]:
    for quote in limit({**card, "limit": asked}).quotes:
        yield row({**where, "method": quote.method}, (quote.low, quote.high), quote.unit)


def s2_rows(folders: Folders) -> Iterator[Row]:
    """Yield limits of XENON1T S2-only: without a background, and with the published part."""
    for channel in CHANNELS:
        for electrons in MODELS:
            if electrons == PHOTONS and channel == "charge-radius":
                continue
            where = {"experiment": "XENON1T S2-only", "channel": channel, "model": electrons}
            yield from _s2_without_background(folders, where)
            if electrons == PHOTONS:
                continue
            model = xenon.s2(folders.s2, ["weak", channel], electrons, _PARTS)
            for published in ("free", "exact"):
                asked = {
                    "parameters": [channel],
                    "methods": ["profile-likelihood"],
                    "published_background": published,
                }
                found = limit_of_model(model, asked)
                (quote,) = found.quotes
                goodness = found.goodness
                remark = "" if goodness is None else f"goodness of fit p = {goodness.p_value:.2g}"
                if published == "exact":
                    remark += "; published background is incomplete: no measurement"
                yield row(
                    where
                    | {
                        "treatment": f"{_PARTS} bins, published background {published}",
                        "method": quote.method,
                    },
                    (quote.low, quote.high),
                    quote.unit,
                    remark=remark,
                )


def _s2_without_background(folders: Folders, where: dict[str, str]) -> Iterator[Row]:
    """Yield what any background allows; the half event of the weak interaction is left out."""
    channel = where["channel"]
    model = xenon.s2(folders.s2, [channel], where["model"], _PARTS)
    asked = {
        "parameters": [channel],
        "methods": ["binned-poisson"],
        "published_background": "unused",
    }
    (quote,) = limit_of_model(model, asked).quotes
    bins = {"treatment": f"{_PARTS} bins, no background", "method": "binned-poisson"}
    remark = "channel alone, without interference"
    yield row(where | bins, (quote.low, quote.high), quote.unit, remark=remark)
    fine = xenon.s2(folders.s2, [channel], where["model"])
    (wanted,) = described(
        fine, LikelihoodSettings((channel,), published_background="unused")
    ).interests
    signal = fine.component(channel).counts * wanted.reference**2
    found = optimum_interval.upper_limit(*xenon.s2_fractions(folders.s2, fine, signal))
    end = wanted.reference * float(np.sqrt(found.limit))
    events = {"treatment": "single events, no background", "method": "optimum-interval"}
    yield row(where | events, (0.0, end), wanted.unit, remark=remark)


def trace_rows(folders: Folders) -> Iterator[Row]:
    """Yield the magnetic moment from Dresden-II, one ingredient after the other as published."""
    for quenching in dresden.QUENCHING:
        model = dresden_model(folders, "magnetic-moment", "stepped", quenching)
        rows = dresden.quenching_rows(folders.dresden, quenching)
        for name, treatment in dresden.TREATMENTS.items():
            likelihood, interest = dresden_as(model, rows, treatment)
            found = interval(likelihood, interest.name, CONFIDENCE)
            where = {
                "experiment": "Dresden-II",
                "channel": "magnetic-moment",
                "model": "stepped",
                "treatment": f"quenching {quenching}, {name}",
                "method": "profile-likelihood",
            }
            remark = f"least deviance {fit(likelihood).deviance:.2f}"
            yield row(where, ends_of(interest, found), interest.unit, remark=remark)


def dresden_as(
    model: Model, rows: Any, treatment: dresden.Treatment
) -> tuple[Likelihood, Interest]:
    """Return the likelihood with counts summed directly in a treatment."""
    edges = model.bin_edges / u.keV
    counts = {
        name: dresden.DAYS
        * dresden.direct_counts(
            name, edges, rows if name.startswith("coherent") else None, treatment
        )
        for name in dresden.channels_of("magnetic-moment")
    }
    found, interest = dresden.likelihood(dresden.replaced(model, counts), "magnetic-moment")
    return bounded(found, interest.name), interest


def joint(folders: Folders, other: str, electrons: str) -> tuple[Likelihood, Interest]:
    """Return XENONnT together with S2-only, or with Dresden-II (one moment of all flavours)."""
    channel = "magnetic-moment"
    first = described(
        analysis.load(xenonnt_card(folders, channel, electrons)),
        LikelihoodSettings((channel,), kind="poisson"),
    )
    (interest,) = first.interests
    if other == "XENON1T S2-only":
        second = described(
            xenon.s2(folders.s2, ["weak", channel], electrons, _PARTS),
            LikelihoodSettings((channel,), published_background="free", prefix="s2-"),
        ).likelihood
    else:
        second, _ = dresden.likelihood(dresden_model(folders, channel, electrons, "fef"), channel)
    both = first.likelihood + second
    return both, interest


def joint_rows(folders: Folders) -> Iterator[Row]:
    """Yield the joint limits."""
    for other in ("XENON1T S2-only", "Dresden-II"):
        for electrons in ("stepped", "ab-initio"):
            likelihood, interest = joint(folders, other, electrons)
            found = interval(likelihood, interest.name, CONFIDENCE)
            where = {
                "experiment": f"XENONnT SR0 + {other}",
                "channel": "magnetic-moment",
                "model": electrons,
                "treatment": "as each alone, backgrounds free",
                "method": "profile-likelihood",
            }
            remark = "one moment of all flavours" if other == "Dresden-II" else ""
            yield row(where, ends_of(interest, found), interest.unit, remark=remark)


def all_rows(folders: Folders) -> Iterator[Row]:
    """Yield everything."""
    for part in (dresden_rows, trace_rows, xenonnt_rows, s2_rows, joint_rows):
        yield from part(folders)


def main() -> int:
    """Compute and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with the releases")
    parser.add_argument("--out", type=Path, default=HERE / "limits.csv")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as scratch:
        table = list(all_rows(Folders(options.shared, Path(scratch))))
    with options.out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
