"""Statistics on arrays and callables: fits, intervals and limits; no physics.

=======================================  =========================================================
`parameters`, `likelihood`               parameters with priors; likelihoods that add
`predictions`, `likelihoods`             what is expected; one kind of data each
`fits`                                   best fit, errors, goodness of fit; profiles and intervals
`toys`                                   Feldman-Cousins and CLs with simulated experiments
`asymptotic`                             CLs, discovery and what to expect, without simulation
`asimov`                                 median limits and reach of a planned experiment, fast
`bayes`                                  posteriors of one parameter with a stated prior
`unknown_background`                     maximum gap, optimum interval, binned Poisson
`feldman_cousins_poisson`                few counts on top of a known background
`chi_square`                             strength of a template, Gaussian errors
`intervals`                              limits for a Gaussian measurement with x >= 0
`feldman_cousins`                        their exact construction, and two-sided intervals
`likelihood_ratio`                       how much exposure tells two spectra apart
=======================================  =========================================================
"""

from nuatom.inference import chi_square, feldman_cousins, gaussian, intervals
from nuatom.inference.chi_square import (
    TemplateFit,
    fit_by_covariance,
    fit_by_shift,
    statistical_error,
)
from nuatom.inference.feldman_cousins import feldman_cousins_acceptance, feldman_cousins_interval
from nuatom.inference.fits.fit import Fit
from nuatom.inference.intervals import DEFAULT, METHODS, Method
from nuatom.inference.likelihood import Likelihood, Prediction, Term
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.on_off import OnOffTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.likelihoods.unbinned import UnbinnedTerm
from nuatom.inference.parameters import Gaussian, Parameter
from nuatom.inference.predictions import LinearPrediction

__all__ = [
    "DEFAULT",
    "METHODS",
    "Fit",
    "Gaussian",
    "Likelihood",
    "LinearPrediction",
    "Method",
    "NormalTerm",
    "OnOffTerm",
    "Parameter",
    "PoissonTerm",
    "Prediction",
    "TemplateFit",
    "Term",
    "UnbinnedTerm",
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
