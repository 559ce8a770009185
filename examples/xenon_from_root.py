"""A xenon detector whose counts lie in a ROOT file: written here, read back, compared.

    python examples/xenon_from_root.py FOLDER
    nuatom gallery FOLDER/xenon_from_root.toml --out gallery

Needs uproot (pip install uproot); without it the same counts go through a CSV file.  They are
invented for the form.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from nuatom import analysis

RUN_CARD = """\
title = "A xenon detector from a ROOT file"

[source]
name = "solar-b16-gs98"

[data]
file = "counts.toml"

[detector]
target = "LXe"
resolution = { kind = "power", root_at_1_keV = "0.3 keV" }

[[detector.efficiencies]]
kind = "error-function"
threshold = "1.5 keV"
width = "0.4 keV"
plateau = "0.85"
of = "reconstructed"

[response]
electrons = "stepped"

[signals]
channels = ["weak", "magnetic-moment", "millicharge"]

[[backgrounds]]
kind = "flat"
name = "radon-daughters"
rate = "15 / tonne / year / keV"

[variations]
solar_fluxes = true
solar_mixing = true
"""
IN_ROOT = """\
table = "counts.root"
histogram = "spectra/observed"
histogram_unit = "keV"
"""
DATASET = """\
kind = "binned-counts"
name = "counts-of-a-user"
mass = "2 tonne"
live_time = "200 day"
notes = ["invented counts"]
"""


def main(folder: Path) -> None:
    """Write the three files, and print what is expected in them."""
    edges = np.linspace(1.0, 30.0, 30)
    rate = 15 * (1 - np.exp(-edges[:-1]))
    counts = np.random.default_rng(1).poisson(rate * 2 * 200 / 365.25).astype(float)
    (folder / "counts.toml").write_text(DATASET + _table(folder, counts, edges), encoding="utf-8")
    card = folder / "xenon_from_root.toml"
    card.write_text(RUN_CARD, encoding="utf-8")

    model = analysis.load(card)
    assert model.observed is not None
    print("energy_low_keV,observed,expected,with_moment_2e_11_mu_B")
    moment = model.expected({"magnetic-moment": 2e-11})
    rows = zip(edges, model.observed.counts, model.expected(), moment, strict=False)
    for low, observed, standard, new in list(rows)[:10]:
        print(f"{low:g},{observed:g},{standard:.2f},{new:.2f}")


def _table(folder: Path, counts: np.ndarray, edges: np.ndarray) -> str:
    """Write the counts, and return the keys that say where they are."""
    try:
        import uproot
    except ImportError:
        rows = zip(edges, edges[1:], counts, strict=False)
        text = "".join(f"{low:g},{high:g},{count:g}\n" for low, high, count in rows)
        header = "energy_low_keV,energy_high_keV,counts\n"
        (folder / "counts.csv").write_text(header + text, encoding="utf-8")
        return 'table = "counts.csv"\n'
    with uproot.recreate(folder / "counts.root") as file:
        file["spectra/observed"] = (counts, edges)
    return IN_ROOT


if __name__ == "__main__" and len(sys.argv) > 1:
    main(Path(sys.argv[1]))
else:
    with tempfile.TemporaryDirectory() as place:
        main(Path(place))
