"""Write limits/limits.csv and coverage/coverage.csv as sections of docs/limits.md.

Usage: python validation/limits_page.py
"""

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "limits.md"
LIMITS = HERE / "limits" / "limits.csv"
COVERAGE = HERE / "coverage" / "coverage.csv"
LIMITS_TITLE = "## Limits from released data\n"
COVERAGE_TITLE = "## Coverage\n"
MODELS = ("free", "stepped", "ab-initio", "equivalent-photon")
METHODS = ("profile-likelihood", "optimum-interval", "binned-poisson")
TRACE = ("ours", "from 3 eV", "captures", "as published", "exact", "8 %", "background free")
"""Ends of the treatments that stand in the file only."""
_NEXT = "\n## "
_LIMITS_OPENING = """
From the official releases, 90 % confidence, by the method that fits what is known of the
background. One coupling at a time; the moment is that of electron antineutrinos at Dresden-II and
of all flavours as they arrive from the Sun elsewhere. *Equivalent photons are RETRACTED for a
magnetic moment; that column shows what they would claim.* The charge radius is what is added to the
Standard Model amplitude without one. Dresden-II depends on the quenching of nuclear recoils: `fef`
and `ybe` are the two tables of its release, 0.157 is Lindhard's k. The published background of
XENON1T S2-only is incomplete, so that none is taken off here.

Of the published limits from the same data one could be read: XENONnT, 6.4e-12 mu_B. Tables of
others could not, and nothing is compared with numbers from memory. `validation/limits` has the
sources, other methods, the treatment of a published Dresden-II analysis followed step by step, and
one row for each number (`limits.csv`).
"""
_COVERAGE_OPENING = """
How often each method holds the true value at a nominal 90 %, in per cent of simulated experiments
with known truth (or of all possible counts, summed exactly), for true signals in the heading: in
standard deviations for the Gaussian measurement, else in counts. **Bold**: less than 90 %, by more
than the 99 % binomial interval of the experiments. From `validation/coverage/coverage.csv`, which
has those intervals; `validation/limits_page.py` writes this section.
"""


def rows(file: Path) -> list[dict[str, str]]:
    """Return the lines of a file."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def limits_section(lines: Iterable[Mapping[str, str]]) -> str:
    """Return the section of limits in Markdown."""
    cells: dict[tuple[str, ...], dict[str, str]] = {}
    for line in lines:
        if line["method"] in METHODS and not line["treatment"].endswith(TRACE):
            about = (line["experiment"], line["channel"], line["treatment"], line["method"])
            unit = line["unit"]
            cells.setdefault((*about, unit), {})[line["model"]] = _limit(line)
    parts = [LIMITS_TITLE + _LIMITS_OPENING]
    for channel in dict.fromkeys(key[1] for key in cells):
        chosen = {key: value for key, value in cells.items() if key[1] == channel}
        unit = next(iter(chosen))[4]
        heads = [
            f"{model} (RETRACTED)"
            if model == "equivalent-photon" and channel == "magnetic-moment"
            else model
            for model in MODELS
        ]
        table = [["data", "treatment", "method", *heads], ["---"] * (3 + len(MODELS))]
        table += [
            [key[0], key[2], key[3], *(value.get(model, "") for model in MODELS)]
            for key, value in chosen.items()
        ]
        parts.append(f"\n{channel.capitalize()} [{unit}]:\n\n{_markdown(table)}")
    return "".join(parts)


def _limit(line: Mapping[str, str]) -> str:
    low, high = line["low"], line["high"]
    return f"< {high}" if float(low) == 0 else f"{low} to {high}"


def coverage_section(lines: Iterable[Mapping[str, str]]) -> str:
    """Return the section of coverage in Markdown."""
    groups: dict[tuple[str, str], dict[tuple[str, str], dict[str, str]]] = {}
    for line in lines:
        group = groups.setdefault((line["measurement"], line["background"]), {})
        cells = group.setdefault((line["method"], line["toys"]), {})
        cells[line["signal"]] = _cell(line)
    parts = [COVERAGE_TITLE + _COVERAGE_OPENING]
    for (measurement, background), group in groups.items():
        about = "" if background == "0" else f"; {background} counts of background"
        parts.append(f"\n{measurement[0].upper()}{measurement[1:]}{about}:\n\n{_table(group)}")
    return "".join(parts)


def _table(group: Mapping[tuple[str, str], Mapping[str, str]]) -> str:
    signals = list(dict.fromkeys(signal for cells in group.values() for signal in cells))
    lines = [["method", *signals, "experiments"], ["---"] * (len(signals) + 2)]
    for (method, toys), cells in group.items():
        number = "exact sum" if toys == "0" else toys
        lines.append([method, *(cells.get(signal, "") for signal in signals), number])
    return _markdown(lines)


def _markdown(lines: Iterable[Iterable[str]]) -> str:
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(line: Mapping[str, str]) -> str:
    text = f"{100 * float(line['coverage']):.1f}"
    return f"**{text}**" if float(line["high_99"]) < 0.9 else text


def written(page: str, title: str, text: str) -> str:
    """Return a page with a section replaced, or with it at the end."""
    before, found, rest = page.partition(title)
    if not found:
        return f"{page.rstrip()}\n\n{text}"
    _, more, after = rest.partition(_NEXT)
    return before + text + (f"{more}{after}" if more else "")


def renewed(page: str) -> str:
    """Return the page with both sections as the files have them."""
    page = written(page, LIMITS_TITLE, limits_section(rows(LIMITS)))
    return written(page, COVERAGE_TITLE, coverage_section(rows(COVERAGE)))


def main() -> int:
    """Write the sections."""
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
