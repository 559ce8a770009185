"""A small table of responses from closed forms, for tests that need one and not its physics."""

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.responses.bound import CONVECTION, BoundElectronWeights
from nuatom.responses.hydrogen_formulas import SHAPES, shell_strengths
from nuatom.responses.hydrogenic import screened_shells
from nuatom.responses.measure import ALL_RESPONSES
from nuatom.responses.response_table import Provenance, RelativeUncertainty, ResponseTable
from nuatom.responses.scaled_grid import TableShell, kinetic_grid
from nuatom.targets import element

CHANNELS = ("magnetic-moment", "millicharge", "charge-radius", "weak")
BAND_KEV = (0.005, 0.3, 150.0)
LOWER, UPPER = (-0.1, -0.05, -0.01), (0.02, 0.04, 0.0)


def shell_responses(shell, T, q):
    """All seven responses of a screened hydrogenic shell, shape (T, q)."""
    m = c.electron_mass
    column = T[:, None]
    q2 = np.maximum((q - column) * (q + column), 0.0)
    scale = shell.width**2 / (2 * m)
    ((strength, current),) = shell_strengths(
        column / scale, (q2 - 2 * m * column) / shell.width**2, (SHAPES[shell.shape],)
    )
    longitudinal = shell.electrons * q**2 / (2 * m * column) * strength / scale
    still, moving = BoundElectronWeights(T, q2, longitudinal), shell.electrons * current / m
    return {name: still[name] + (name in CONVECTION) * moving for name in still}


def hydrogenic_table(
    symbol, *, points=(16, 24), last_kev=100.0, names=ALL_RESPONSES, free_above=np.inf, band=True
):
    """The table of an atom of screened hydrogenic shells; thresholds of the theory 10 % high."""
    target = element(symbol)
    shells, kinetic, responses = [], [], {name: [] for name in names}
    for shell in screened_shells(target):
        grid = TableShell(
            shell.name, shell.electrons, shell.edge, 1.1 * shell.edge, free_above * shell.edge,
            shell.width / 2, shell.edge,
        )  # fmt: skip
        energies = kinetic_grid(last_kev * u.keV - shell.edge, shell.edge, points[0])
        T = shell.edge + energies
        made = shell_responses(shell, T, grid.momentum_grid(T, points[1]))
        shells.append(grid)
        kinetic.append(energies)
        for name in names:
            responses[name].append(made[name])
    energy = np.array(BAND_KEV) * u.keV
    rows = len(CHANNELS), 1
    uncertainty = RelativeUncertainty(CHANNELS, energy, np.tile(LOWER, rows), np.tile(UPPER, rows))
    return ResponseTable(
        tuple(shells),
        np.array(kinetic),
        {name: np.array(values) for name, values in responses.items()},
        Provenance(
            symbol,
            target.atomic_number,
            "screened hydrogenic shells",
            "none",
            "0",
            "none",
            ("H. Bethe, Ann. Phys. 397, 325 (1930)",),
            "measured",
            "a test",
        ),
        uncertainty if band else None,
    )
