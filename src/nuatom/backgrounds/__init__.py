"""Backgrounds as components: a spectrum or lines, and what is not known exactly.

===================  ==============================================================
`Flat`               the same rate at every energy
`Exponential`        falling over a stated energy
`PowerLaw`           a power of the energy
`BetaContinuum`      electrons of an allowed beta decay, such as tritium
`CaptureLines`       electron capture, K, L and M tied
`Fluorescence`       X rays of one element, tied
`Line`               one line
`NoiseEdge`          excursions of electronic noise
`Template`           a user's own spectrum
===================  ==============================================================

The Standard Model scattering on electrons and nuclei is no background of this kind but
physics: the channels ``weak`` and ``coherent``.
"""

from nuatom.backgrounds.continua import (
    TRITIUM_END_POINT,
    BetaContinuum,
    Exponential,
    Flat,
    NoiseEdge,
    PowerLaw,
    Template,
)
from nuatom.backgrounds.lines import CaptureLines, Fluorescence, Line
from nuatom.backgrounds.nuisance import Nuisance
from nuatom.backgrounds.observed import Background, Continuum, Lines, expected_rate, varied

__all__ = [
    "TRITIUM_END_POINT",
    "Background",
    "BetaContinuum",
    "CaptureLines",
    "Continuum",
    "Exponential",
    "Flat",
    "Fluorescence",
    "Line",
    "Lines",
    "NoiseEdge",
    "Nuisance",
    "PowerLaw",
    "Template",
    "expected_rate",
    "varied",
]
