"""Print the table of b8-effective: allowed branches that stand for the spectrum of 8B.

Usage: python boron8_branches.py FILE, with the neutrino spectrum of Winter et al., Phys. Rev. C
73, 025503 (2006), as MeV, density (any unit), uncertainty.

The levels were chosen once, dense where the 2+ state of 8Be at 3.03 MeV has its strength;
the intensities are a least-squares fit with none negative.
"""

import sys
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

from nuatom import constants as c
from nuatom import units as u
from nuatom.sources.beta_decay import allowed_shape

Q_MEV = 17.9799
LEVELS_MEV = (1.6, 2.2, 2.6, 3.0, 3.4, 3.8, 4.5, 5.5, 7.0, 9.0, 11.0, 13.0, 15.0)


def table(file: Path) -> str:
    energy, density = np.loadtxt(file, delimiter=",", comments="#").T[:2]
    shapes = []
    for level in LEVELS_MEV:
        end = (Q_MEV - level) * u.MeV - 2 * c.electron_mass
        inside = energy * u.MeV < end
        shape = np.zeros(energy.size)
        shape[inside] = allowed_shape(
            energy[inside] * u.MeV, end_point=end, atomic_number=-4, mass_number=8
        )
        shapes.append(shape / shape.sum())
    shares, _ = nnls(np.array(shapes).T, density / density.sum())
    lines = ["daughter_level_keV,intensity_percent"]
    lines += [
        f"{round(1000 * level)},{round(100 * share, 3)}"
        for level, share in zip(LEVELS_MEV, shares, strict=True)
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(table(Path(sys.argv[1])), end="")
