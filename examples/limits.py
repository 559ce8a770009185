"""From a run card to limits in Python: methods, the fit, and a joint fit of two experiments."""

from dataclasses import replace
from pathlib import Path

from nuatom import analysis
from nuatom.analysis.limits.interest import interests
from nuatom.analysis.limits.likelihood import LikelihoodSettings, likelihood
from nuatom.inference.fits.profile import interval

here = Path(__file__).parent
result = analysis.limit(here / "limit_reactor_germanium.toml")
print("likelihood,model,method,upper_limit_1e_11_mu_B")
for quote in result.quotes:
    print(f"counts,{quote.model},{quote.method},{quote.high / 1e-11:.3f}")

# a likelihood of one's own: with another experiment, nuisances of each kept apart by a prefix
asked = LikelihoodSettings(("magnetic-moment",), prefix="first ", shared=("reactor_power",))
other = replace(asked, asimov=True, prefix="second ")
first = likelihood(analysis.load(here / "limit_reactor_germanium.toml"), asked)
model = analysis.load(here / "expected_germanium_from_csv.toml")
joint = first + likelihood(model, other)
(moment,) = interests(model, ("magnetic-moment",))
found = interval(joint, moment.name, 0.90)
print(f"joint,both,profile-likelihood,{moment.coupling(found.high) / 1e-11:.3f}")
