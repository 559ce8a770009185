"""Print the table of bestiole-2023-bins from the ancillary files of arXiv:2304.14992.

Usage: python bestiole_bins.py FOLDER, with bestiole_u235.txt, bestiole_u238.txt,
bestiole_pu239.txt and bestiole_pu241.txt in it (MeV at the middle of bins of 25 keV,
antineutrinos per MeV and fission).
"""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

ISOTOPES = ("U235", "U238", "Pu239", "Pu241")
EDGES_MEV = (0, 0.25, 0.5, 1.0, 1.5, 2.0)
BIN_MEV = 0.025


def table(folder: Path) -> str:
    columns = []
    for isotope in ISOTOPES:
        energy, density = np.loadtxt(folder / f"bestiole_{isotope.lower()}.txt", delimiter=",").T
        inside = [(energy > low) & (energy < high) for low, high in pairwise(EDGES_MEV)]
        columns.append([BIN_MEV * float(np.sum(density[chosen])) for chosen in inside])
    lines = ["low_MeV,high_MeV," + ",".join(f"{isotope}_per_fission" for isotope in ISOTOPES)]
    for (low, high), *numbers in zip(pairwise(EDGES_MEV), *columns, strict=True):
        lines.append(f"{low},{high}," + ",".join(f"{number:.3f}" for number in numbers))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(Path(sys.argv[1])), end="")
