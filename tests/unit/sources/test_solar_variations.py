"""Variations of the solar neutrinos: components and mixing."""

import numpy as np
import pytest

from nuatom.errors import UnknownName
from nuatom.sources import mixing_variations, solar, solar_components, solar_parts

ZERO = np.array(0.0)


def flavor_flux(source, flavor):
    return sum(float(f.moment(0)(ZERO)) for f in source.fluxes if f.flavor == flavor)


def test_the_parts_are_the_sun():
    """Components with their published errors; flavour by flavour they add up to the whole."""
    parts = solar_parts(components=["pp", "Be7", "B8"])
    whole = solar(components=["pp", "Be7", "B8"])
    for flavor in ("nu_e", "nu_mu", "nu_tau"):
        total = sum(flavor_flux(p.part, flavor) for p in parts)
        # 1e-4: spectra times probabilities are straight to 2e-5 on each segment
        assert total == pytest.approx(flavor_flux(whole, flavor), rel=1e-4)
    published = {name: c.relative_uncertainty for name, c in solar_components().items()}
    assert {p.name: p.relative for p in parts} == {n: published[n] for n in ("pp", "Be7", "B8")}


def test_mixing_variations_move_flavours_only():
    """theta12 up raises the nu_e of 8B, the splitting up lowers the matter effect."""
    fluxes = {
        v.name: [flavor_flux(source, "nu_e") for source in (v.up, v.down)]
        for v in mixing_variations(components=["B8"])
    }
    nominal = solar(components=["B8"])
    for name in ("theta12", "mass-splitting-21"):
        up, down = fluxes[name]
        assert up > flavor_flux(nominal, "nu_e") > down
    total = solar_components()["B8"].total_flux()
    for v in mixing_variations(components=["B8"]):
        assert v.up.total_flux() == pytest.approx(total, rel=1e-6)


@pytest.mark.parametrize("call", [solar_parts, mixing_variations])
def test_unknown_models_are_refused(call):
    """Models are looked up."""
    with pytest.raises(UnknownName, match="solar"):
        call("b16-gs97")
