"""A model of random numbers with every kind of component, and data for it; made in no time.

Rates are |sum of amplitudes|^2, so that no couplings give a negative one.
"""

import itertools
from dataclasses import replace

import numpy as np

from nuatom import units as u
from nuatom.analysis.model import Component, Model, Parameter
from nuatom.analysis.observation import observation
from nuatom.datasets import BinnedCounts

BINS = 8
EDGES = np.linspace(1.0, 5.0, BINS + 1) * u.keV
UNITS = {
    "weak": ("times the Standard Model", 1.0, 1),
    "millicharge": ("e", 0.0, 1),
    "charge-radius": ("cm^2", 0.0, 1),
    "b-l-boson": ("coupling g", 0.0, 2),
    "magnetic-moment": ("mu_B", 0.0, 1),
    "coherent": ("times the Standard Model", 1.0, 1),
    "coherent-magnetic-moment": ("mu_B", 0.0, 1),
    "coherent-millicharge": ("e", 0.0, 1),
}
SIZES = {
    "weak": 3.0,
    "coherent": 2.0,
    "millicharge": 2e13,
    "coherent-millicharge": 1e13,
    "charge-radius": 1e32,
    "b-l-boson": 3e12,
    "magnetic-moment": 3e11,
    "coherent-magnetic-moment": 1e11,
}
FLIPPING = ("magnetic-moment", "coherent-magnetic-moment")


def model(*channels, backgrounds=True, variations=True, seed=3, scale=1.0):
    """Return a model of some channels, counts times `scale`."""
    draw = np.random.default_rng(seed)
    amplitudes = {
        name: SIZES[name] * np.sqrt(scale) * draw.normal(1.0, 0.4, (3, BINS)) for name in SIZES
    }
    parts = [
        _part(name, "signal", (name,), (amplitudes[name] ** 2).sum(axis=0)) for name in channels
    ]
    for a, b in itertools.combinations(channels, 2):
        if a.startswith("coherent") == b.startswith("coherent") and not {a, b} & set(FLIPPING):
            counts = 2 * (amplitudes[a] * amplitudes[b]).sum(axis=0)
            parts.append(_part(f"{a}*{b}", "interference", (a, b), counts))
    if variations:
        parts = [_varied(part, draw) for part in parts]
    if backgrounds:
        parts += _backgrounds(draw, scale, variations=variations)
    names = dict.fromkeys(name for part in parts for name in part.upper)
    return Model(
        "random numbers",
        EDGES,
        tuple(Parameter(name, *UNITS[name]) for name in channels),
        tuple(parts),
        dict.fromkeys(names, "one standard deviation"),
        1.0 * u.kg * u.day,
        ("a note",),
        ("a reference",),
        {"nuatom": "test", "source": "reactor", "flavors": "anti_nu_e", "electrons": "free"},
    )


def _part(name, kind, channels, counts):
    return Component(name, kind, channels, counts, {}, {})


def _varied(part, draw):
    """Return a signal with a factor and a change of shape that is not symmetric."""
    up, down = 1 + 0.1 * draw.normal(size=BINS), 1 + 0.1 * draw.normal(size=BINS)
    return replace(
        part,
        upper={"source_normalisation": 1.05 * part.counts, "resolution": up * part.counts},
        lower={"source_normalisation": 0.95 * part.counts, "resolution": down * part.counts},
    )


def _backgrounds(draw, scale, *, variations):
    flat = scale * np.full(BINS, 40.0)
    peak = scale * 60 * np.exp(-(((np.arange(BINS) - 3) / 1.2) ** 2))
    shape = {"resolution": flat * (1 + 0.02 * draw.normal(size=BINS))} if variations else {}
    return [
        Component(
            "flat",
            "background",
            (),
            flat,
            {"flat_rate": 1.1 * flat, **shape},
            {"flat_rate": 0.9 * flat, **{name: 2 * flat - up for name, up in shape.items()}},
            "flat_rate",
        ),
        Component("peak", "background", (), peak, {}, {}),
    ]


def counted(found, counts=None, **more):
    """Return a model with counts, those expected rounded if none are given."""
    numbers = np.round(found.expected()) if counts is None else np.asarray(counts, dtype=float)
    data = BinnedCounts("counts", found.bin_edges, numbers, 1.0 * u.day, 1.0 * u.kg, **more)
    return with_data(found, data)


def with_data(found, data):
    """Return a model with a dataset."""
    seen = observation(data, found.bin_edges)
    if seen.exposure is None:
        size = found.exposure
        seen = replace(
            seen,
            counts=seen.counts * size,
            errors=seen.errors * size,
            exposure=np.full(seen.counts.shape, size),
        )
    return replace(found, observed=seen)
