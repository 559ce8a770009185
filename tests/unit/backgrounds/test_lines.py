"""Lines with tied strengths."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.backgrounds import CaptureLines, Fluorescence, Line
from nuatom.detectors.capture_lines import capture_nuclide
from nuatom.errors import NuatomError
from nuatom.targets import element


def test_capture_lines_keep_the_ratio_of_their_fractions():
    """Twice the K line is twice the L and the M line, in the measured ratio."""
    rate = 10 / (u.kg * u.day)
    energies, rates = CaptureLines("Ge", "68Ge", rate).lines()
    fractions = np.array(capture_nuclide("68Ge").fractions)
    assert rates / rate == pytest.approx(fractions / fractions[0], rel=1e-12)
    assert energies[0] == pytest.approx(
        {s.name: s.binding_energy for s in element("Ga").subshells}["K"], rel=1e-12
    )


def test_copper_shines_at_eight_kev():
    """K alpha at 8.05 and 8.03 keV, two to one; K beta at 8.9 keV, a seventh (handbook values,
    to two figures)."""
    energies, rates = Fluorescence("copper", "Cu", 1.0).lines()
    assert energies[:2] / u.keV == pytest.approx([8.05, 8.03], abs=0.01)
    assert rates[0] / rates[1] == pytest.approx(2, rel=0.05)
    assert rates[2:].sum() / rates[:2].sum() == pytest.approx(0.14, abs=0.02)
    assert rates.sum() == pytest.approx(1, rel=1e-12)


@pytest.mark.parametrize(
    "make",
    [
        lambda: CaptureLines("a", "72Ge", 1.0),
        lambda: CaptureLines("a", "71Ge", -1.0),
        lambda: Fluorescence("a", "H", 1.0),
        lambda: Fluorescence("a", "Cu", 1.0, "L"),
        lambda: Line("a", 1.0, 0.0),
    ],
)
def test_unknown_names_and_wrong_numbers_are_refused(make):
    """Names are looked up, numbers checked."""
    with pytest.raises(NuatomError):
        make()
