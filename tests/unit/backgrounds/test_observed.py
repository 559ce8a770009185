"""What a detector counts of a background."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.backgrounds import (
    CaptureLines,
    Flat,
    Line,
    NoiseEdge,
    PowerLaw,
    Template,
    expected_rate,
    varied,
)
from nuatom.detectors.detector import Detector
from nuatom.detectors.efficiency import ConstantEfficiency
from nuatom.detectors.resolution import FanoResolution
from nuatom.errors import NuatomError, OutOfRange
from nuatom.targets.compounds import compound

EDGES = np.linspace(0.5, 2.5, 21) * u.keV
DETECTOR = Detector(
    "sketch",
    compound("Ge"),
    1 * u.kg * u.day,
    EDGES,
    FanoResolution(30 * u.eV),
    (ConstantEfficiency(0.5),),
)
MATRIX = DETECTOR.matrix("electron")


def counts(background):
    return expected_rate(background, DETECTOR, MATRIX) * u.kg * u.day


def test_deposits_pass_the_efficiency_and_observed_spectra_do_not():
    """A flat spectrum of deposits is halved by an efficiency of one half, an observed one is
    as it was observed (1e-6: the grid of deposits)."""
    deposited, observed = Flat("a", 3 * u.cpkkd), Flat("a", 3 * u.cpkkd, observed=True)
    assert counts(deposited) == pytest.approx(0.15, rel=1e-6)
    assert counts(observed) == pytest.approx(0.3, rel=1e-12)


def test_line_is_spread_by_the_resolution_and_conserved():
    """A line in the middle is counted whole (its tails beyond are below 1e-9), times one half."""
    line = counts(Line("a", 8 / (u.kg * u.day), 1.5 * u.keV))
    assert line.sum() == pytest.approx(4, rel=1e-8)
    place = np.searchsorted(EDGES, 1.5 * u.keV * (1 + 1e-9))
    assert line[place - 2 : place + 1].sum() > 0.8 * 4


def test_only_lines_near_the_bins_count():
    """Of the K, L and M lines of 71Ge these bins see the L line alone: 0.12 of the K line."""
    lines = CaptureLines("a", "71Ge", 100 / (u.kg * u.day))
    _, rates = lines.lines()
    assert counts(lines).sum() == pytest.approx(0.5 * rates[1] * u.kg * u.day, rel=1e-6)


def test_steps_of_a_template_need_not_agree_with_the_bins():
    """An observed template is averaged exactly over bins that cut its own."""
    template = Template("t", np.array([0.55, 1.03, 2.5]) * u.keV, np.array([1.0, 4.0]) * u.cpkkd)
    found = counts(template)
    assert found[0] == pytest.approx(0.05, rel=1e-9)
    assert found[5] == pytest.approx(0.03 * 1 + 0.07 * 4, rel=1e-9)
    assert found.sum() == pytest.approx(0.48 + 4 * 1.47, rel=1e-9)


def test_parameters_vary_by_name():
    """Twice the noise reaches further; what does not exist is refused by name."""
    noise = NoiseEdge("n", 1 * u.cpkkd, 0.5 * u.keV, 0.05 * u.keV)
    wider = varied(noise, "sigma", 0.1 * u.keV)
    assert np.all(counts(wider)[1:] >= counts(noise)[1:])
    with pytest.raises(NuatomError, match="parameter of n"):
        varied(noise, "width", 1.0)


def test_overflow_is_an_error():
    """No inf leaves."""
    with pytest.raises(OutOfRange, match="beyond floating-point"):
        counts(PowerLaw("a", 1 * u.cpkkd, 1e6 * u.keV, 200.0))
