"""What every statement about one Gaussian measurement needs: checks and quantiles."""

from scipy import special

from nuatom.arrays import finite
from nuatom.errors import InvalidInput

CONFIDENCE = 0.90
"""Confidence level where none is given."""


def standardised(value: float, sigma: float, confidence: float) -> float:
    """Return ``value/sigma`` after checking the three arguments of every prescription.

    Parameters
    ----------
    value : float
        Measured or true value [any].
    sigma : float
        Standard deviation of the measurement, in the unit of `value` [any].
    confidence : float
        Confidence level, between 0 and 1 [dimensionless].

    Returns
    -------
    float
        The value in units of sigma.

    Raises
    ------
    InvalidInput
        If a number is not finite, sigma <= 0 or the confidence is not inside (0, 1).

    Example
    -------
    >>> standardised(-1.0, 2.0, 0.9)
    -0.5
    """
    for name, number in (("value", value), ("sigma", sigma), ("confidence", confidence)):
        if finite(name, number).ndim != 0:
            raise InvalidInput(f"{name}: found an array, expected one number")
    if not sigma > 0:
        raise InvalidInput(f"sigma: found {sigma:g}, expected a standard deviation > 0")
    check_confidence(confidence)
    return float(value / sigma)


def check_confidence(confidence: float) -> float:
    """Return the confidence level after checking that it lies between 0 and 1.

    Parameters
    ----------
    confidence : float
        Such as 0.9 [dimensionless].

    Returns
    -------
    float
        The same number.

    Raises
    ------
    InvalidInput
        If it is not a number inside (0, 1).

    Example
    -------
    >>> check_confidence(0.9)
    0.9
    """
    if not 0 < float(finite("confidence", confidence)) < 1:
        raise InvalidInput(f"confidence: found {confidence:g}, expected between 0 and 1, as 0.9")
    return float(confidence)


def normal_quantile(probability: float) -> float:
    """Return Phi^-1, the quantile of the standard normal distribution.

    Parameters
    ----------
    probability : float
        Between 0 and 1 [dimensionless].

    Returns
    -------
    float
        In units of sigma.

    Example
    -------
    >>> round(normal_quantile(0.95), 4)
    1.6449
    """
    return float(special.ndtri(probability))
