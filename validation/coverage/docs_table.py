"""Write coverage.csv as the section "Coverage" of docs/limits.md.

Usage: python docs_table.py
"""

import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "limits.md"
BEGIN = "## Coverage\n"
_NEXT = "\n## "
_OPENING = """
How often each method holds the true value at a nominal 90 %, in per cent of simulated experiments
with known truth (or of all possible counts, summed exactly), for true signals in the heading: in
standard deviations for the Gaussian measurement, else in counts. **Bold**: less than 90 %, by more
than the 99 % binomial interval of the experiments. From `validation/coverage/coverage.csv`, which
has those intervals; `docs_table.py` beside it writes this section.
"""


def rows() -> list[dict[str, str]]:
    """Return the lines of the file."""
    with (HERE / "coverage.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def section(lines: Iterable[Mapping[str, str]]) -> str:
    """Return the section in Markdown."""
    groups: dict[tuple[str, str], dict[tuple[str, str], dict[str, str]]] = {}
    for line in lines:
        group = groups.setdefault((line["measurement"], line["background"]), {})
        cells = group.setdefault((line["method"], line["toys"]), {})
        cells[line["signal"]] = _cell(line)
    parts = [BEGIN + _OPENING]
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
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(line: Mapping[str, str]) -> str:
    text = f"{100 * float(line['coverage']):.1f}"
    return f"**{text}**" if float(line["high_99"]) < 0.9 else text


def written(page: str, text: str) -> str:
    """Return a page with its section replaced, or with it at the end."""
    before, found, rest = page.partition(BEGIN)
    if not found:
        return f"{page.rstrip()}\n\n{text}"
    _, more, after = rest.partition(_NEXT)
    return before + text + (f"{more}{after}" if more else "")


def main() -> int:
    """Write the section."""
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(written(page, section(rows())), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
