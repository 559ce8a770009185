"""From a run card to expected counts, and what a magnetic moment adds bin by bin."""

from pathlib import Path

from nuatom import analysis
from nuatom import units as u

model = analysis.load(Path(__file__).with_name("expected_reactor_germanium.toml"))
standard = model.expected()
moment = model.expected({"magnetic-moment": 5e-11, "coherent-magnetic-moment": 5e-11})
quenched = model.expected(shifts={"quenching": 1.0})

print("energy_low_keV,standard_model_and_background,moment_5e_11_mu_B,quenching_up")
rows = zip(model.bin_edges[:-1] / u.keV, standard, moment, quenched, strict=True)
for low, *counts in list(rows)[:12]:
    print(f"{low:.1f}," + ",".join(f"{number:.3f}" for number in counts))
