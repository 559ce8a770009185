"""What experiments counted: binned, unbinned, ON/OFF; tables of users, official releases.

=====================  ===========================================================
`BinnedCounts`         counts with a live time per bin; limits that assume no
                       background take ``counts`` and need nothing else
`UnbinnedEvents`       one energy for each event
`OnOff`                the same bins with the source on and off, shared errors
`Residuals`            rates with Gaussian errors, such as ON - OFF
=====================  ===========================================================
"""

from nuatom.datasets.counts import BinnedCounts, OnOff, Residuals, UnbinnedEvents
from nuatom.datasets.histograms import from_histogram, open_root
from nuatom.datasets.releases import READERS, RELEASES, Release, release
from nuatom.datasets.user import (
    Dataset,
    binned_counts,
    dataset,
    on_off,
    residuals,
    unbinned_events,
)

__all__ = [
    "READERS",
    "RELEASES",
    "BinnedCounts",
    "Dataset",
    "OnOff",
    "Release",
    "Residuals",
    "UnbinnedEvents",
    "binned_counts",
    "dataset",
    "from_histogram",
    "on_off",
    "open_root",
    "release",
    "residuals",
    "unbinned_events",
]
