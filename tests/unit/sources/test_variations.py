"""Named variations of a source."""

import pytest

from nuatom.errors import InvalidInput
from nuatom.sources import mono_energetic, scale_variation


def test_a_scale_moves_the_flux_only():
    """Up and down by the same share; the energies stay."""
    beam = mono_energetic(2.0, 10.0)
    variation = scale_variation(beam, "activity", 0.2, "a certificate")
    assert variation.up.total_flux() == pytest.approx(12, rel=1e-14)
    assert variation.down.total_flux() == pytest.approx(8, rel=1e-14)
    assert variation.up.mean(1) == beam.mean(1)
    assert (variation.name, variation.reference) == ("activity", "a certificate")


@pytest.mark.parametrize("relative", [-0.1, 1.1, float("nan")])
def test_a_relative_uncertainty_lies_between_0_and_1(relative):
    """A flux that could be negative is no variation."""
    with pytest.raises(InvalidInput, match="activity"):
        scale_variation(mono_energetic(2.0, 10.0), "activity", relative)
