"""Print the moments of the BESTIOLE spectra for the fission fractions of moments.toml.

Usage: python bestiole_moments.py FOLDER, with the ancillary files of arXiv:2304.14992 in it
(bestiole_u235.txt and so on: MeV, antineutrinos per MeV and fission or decay).
"""

import sys
from pathlib import Path

import numpy as np

WEIGHTS = {"u235": 0.55, "u238": 0.07, "pu239": 0.32, "pu241": 0.06, "u239": 0.6, "np239": 0.6}
BIN_MEV = 0.025


def main(folder: Path) -> None:
    total = np.zeros(3)
    for name, weight in WEIGHTS.items():
        energy, density = np.loadtxt(folder / f"bestiole_{name}.txt", delimiter=",").T
        total += [weight * BIN_MEV * np.sum(energy**k * density) for k in range(3)]
    print(f"neutrinos = {total[0]:.3f}")
    print(f"mean = {total[1] / total[0]:.4f}")
    print(f"mean_square = {total[2] / total[0]:.4f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
