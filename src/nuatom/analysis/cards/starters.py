"""Commented run cards to begin with."""

GERMANIUM = """\
# A run card of nuatom: what a reactor experiment with germanium expects to count.
#   nuatom expected CARD.toml --out expected.csv --plot expected.png
# Quantities are text with a unit: "220 eV", "0.338 kg day", "5 %".

title = "Germanium at a reactor"

[source]
name = "kuo-sheng"                  # nuatom list sources; or file = "flux.csv" with flavor
# total_flux = "6.4e12 / cm2 / s"   # scales the source

[detector]                          # or name = one of the shipped detectors
target = "Ge"
exposure = "1 kg day"               # or mass and live_time
threshold = "200 eV"                # observed energies below are not counted
resolution = { kind = "fano", noise = "30 eV", fano = "0.11", energy_per_pair = "2.96 eV" }
quenching.Ge = { kind = "lindhard", k = "0.157" }   # needed by coherent channels
# [[detector.efficiencies]]         # multiplied; each says of which energy
# kind = "error-function"
# threshold = "220 eV"
# width = "20 eV"
# of = "reconstructed"

[bins]                              # of observed energy; or edges = ["0.2 keV", "1 keV"]
low = "0.2 keV"
high = "12 keV"
number = 118

[response]
electrons = "stepped"               # nuatom list responses
form_factor = "helm"

[signals]                           # nuatom list interactions
channels = ["weak", "coherent", "magnetic-moment", "charge-radius"]

[[backgrounds]]
kind = "flat"
name = "compton"
rate = "1 / kg / keV / day"
uncertainty = "10 %"                # leave it out for a rate that is free

[[backgrounds]]
kind = "electron-capture"           # K, L and M lines in a fixed ratio
name = "germanium-71"
nuclide = "71Ge"
rate = "10 / kg / day"              # of the K line

[variations]                        # one standard deviation each
source_normalisation = "5 %"
resolution = "5 %"
energy_scale = "1 %"
quenching = "10 %"
threshold = "10 eV"

[limit]                             # nuatom limit CARD.toml; `nuatom limit --help` has methods
parameters = ["magnetic-moment"]    # one or two channels; of other new physics there is none
data = "asimov"                     # leave it out for the data of a section [data]
# methods = ["profile-likelihood", "feldman-cousins"]
# models = ["ab-initio"]            # the limit with other models of electrons, too
# confidence = "90 %"
"""

XENON = """\
# A run card of nuatom: solar neutrinos on electrons in liquid xenon.
#   nuatom expected CARD.toml --out expected.nc --plot expected.png

title = "Solar neutrinos in xenon"

[source]
name = "solar-b16-gs98"              # nuatom list sources

[detector]
target = "LXe"
mass = "4.37 tonne"
live_time = "97.1 day"
resolution = { kind = "power", root_at_1_keV = "0.31 keV", linear = "0.37 %" }
# [[detector.efficiencies]]
# kind = "table"
# file = "efficiency.csv"           # energy_keV,efficiency
# of = "true"

[bins]
low = "1 keV"
high = "30 keV"
number = 29

[response]
electrons = "stepped"

[signals]
channels = ["weak", "magnetic-moment", "millicharge"]

[[backgrounds]]
kind = "flat"
name = "radon-daughters"
rate = "3e-5 / kg / keV / day"

[[backgrounds]]
kind = "tritium"
name = "tritium"
activity = "0.001 / kg / day"

[variations]
source_normalisation = "1 %"
resolution = "3 %"

[limit]                             # nuatom limit CARD.toml; `nuatom limit --help` has methods
parameters = ["millicharge"]        # it interferes with weak, so that its sign counts
data = "asimov"                     # leave it out for the data of a section [data]
"""

STARTERS: dict[str, str] = {"germanium": GERMANIUM, "xenon": XENON}
"""Name -> text of a card.  The numbers are for the form; they are no experiment's."""
