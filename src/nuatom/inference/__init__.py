"""Statistics on arrays and callables: fits, intervals and limits; no physics.

=======================================  ==================================================
`chi_square`                             strength of a template, Gaussian errors
`intervals`                              limits for a Gaussian measurement with x >= 0
`feldman_cousins`                        their exact construction, and two-sided intervals
`binned_poisson`                         limits from counts, without a background model
=======================================  ==================================================
"""

from nuatom.inference import binned_poisson, chi_square, feldman_cousins, gaussian, intervals
from nuatom.inference.chi_square import (
    TemplateFit,
    fit_by_covariance,
    fit_by_shift,
    statistical_error,
)
from nuatom.inference.feldman_cousins import feldman_cousins_acceptance, feldman_cousins_interval
from nuatom.inference.intervals import DEFAULT, METHODS, Method

__all__ = [
    "DEFAULT",
    "METHODS",
    "Method",
    "TemplateFit",
    "binned_poisson",
    "chi_square",
    "feldman_cousins",
    "feldman_cousins_acceptance",
    "feldman_cousins_interval",
    "fit_by_covariance",
    "fit_by_shift",
    "gaussian",
    "intervals",
    "statistical_error",
]
