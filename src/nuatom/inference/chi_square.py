"""Weighted least squares for the strength of one signal template, with its systematics.

The residuals d_i (errors sigma_i) are compared with x s_i, x unbounded.  Two ways are
offered to carry an uncertainty that is fully correlated between the bins:

=====================  =========================================================
`fit_by_shift`         x is fitted with statistical weights; each source moves the
                       data by one standard deviation and x by a shift, shifts are
                       added in quadrature.  What most experiments quote.
`fit_by_covariance`    the sources enter the covariance matrix (the same as profiling
                       over one unit-Gaussian nuisance parameter each), which uses the
                       data to constrain them; the total error is never larger.
=====================  =========================================================

An uncertainty of the *normalisation* of the template (flux, efficiency, cross section)
scales x and is carried as ``|x| delta`` in both: put into the covariance through the
fitted spectrum it would bias x low (d'Agostini, Nucl. Instrum. Meth. A 346, 306, 1994).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, special

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import InvalidInput


@dataclass(frozen=True)
class TemplateFit:
    """The result of a fit of one template strength.

    Parameters
    ----------
    best_fit : float
        x, in the unit of residual over template; may be negative [any].
    statistical : float
        Standard deviation from the errors of the bins, in the unit of x [any].
    systematic : float
        What the correlated sources and normalisations add in quadrature, in the unit
        of x [any].
    chi2 : float
        At the best fit [dimensionless].
    degrees_of_freedom : int
        Bins less one [dimensionless].
    p_value : float
        Probability of a larger chi2 [dimensionless].

    Example
    -------
    >>> round(TemplateFit(-1.0, 2.7, 0.9, 39.0, 47, 0.8).total, 3)
    2.846
    """

    best_fit: float
    statistical: float
    systematic: float
    chi2: float
    degrees_of_freedom: int
    p_value: float

    @property
    def total(self) -> float:
        """Statistical and systematic errors in quadrature."""
        return float(np.hypot(self.statistical, self.systematic))


def statistical_error(error: ArrayLike, template: ArrayLike) -> float:
    """Return the error that a fit will have, ``(sum_i s_i^2/sigma_i^2)^(-1/2)``, before any data.

    Parameters
    ----------
    error : array_like
        sigma_i > 0 of each bin, in the unit of the residuals [any].
    template : array_like
        s_i: signal for x = 1, in the unit of the residuals over that of x [any].

    Returns
    -------
    float
        In the unit of x.

    Raises
    ------
    InvalidInput
        If shapes differ, an error is not positive, or the template is zero everywhere.

    Example
    -------
    >>> statistical_error([3.0, 4.0], [3.0, 0.0])
    1.0
    """
    sigma, signal = _checked(error, template)
    return float(1 / np.linalg.norm(signal / sigma))


def fit_by_shift(
    residual: ArrayLike,
    error: ArrayLike,
    template: ArrayLike,
    *,
    shifts: Sequence[ArrayLike] = (),
    normalisations: Sequence[float] = (),
) -> TemplateFit:
    """Fit the strength with statistical weights and move it by each systematic source.

    ::

        x = sum s d/sigma^2 / W,   W = sum s^2/sigma^2,   statistical = W^(-1/2)
        chi2 = sum (d - x s)^2/sigma^2
        systematic^2 = sum_j (sum_i s t_j/sigma^2 / W)^2 + x^2 sum_l delta_l^2

    Parameters
    ----------
    residual : array_like
        d_i: data less background, one for each bin, at least two [any].
    error : array_like
        sigma_i > 0, independent between bins, in the unit of `residual` [any].
    template : array_like
        s_i: signal for x = 1, in the unit of `residual` over that of x [any].
    shifts : sequence of array_like
        t_j: what one standard deviation of each source adds to the residuals, fully
        correlated between bins, in the unit of `residual` [any].
    normalisations : sequence of float
        delta_l: relative uncertainties of the template as a whole [dimensionless].

    Returns
    -------
    TemplateFit
        Best fit, errors, chi2.

    Raises
    ------
    InvalidInput
        If shapes differ, a number is not finite, an error is not positive, a
        normalisation is negative, or the template is zero everywhere.

    Example
    -------
    >>> fit = fit_by_shift([2.0, 4.0], [1.0, 1.0], [1.0, 1.0], normalisations=[0.2])
    >>> fit.best_fit, fit.chi2, fit.degrees_of_freedom, round(fit.systematic, 12)
    (3.0, 2.0, 1, 0.6)
    """
    data, signal, sources = _whitened(residual, error, template, shifts)
    weight = signal @ signal
    best = float(signal @ data / weight)
    moved = sources @ signal / weight
    systematic = float(np.hypot(np.linalg.norm(moved), best * _normalisation(normalisations)))
    rest = data - best * signal
    return _result(best, float(weight) ** -0.5, systematic, float(rest @ rest), data.size)


def fit_by_covariance(
    residual: ArrayLike,
    error: ArrayLike,
    template: ArrayLike,
    *,
    shifts: Sequence[ArrayLike] = (),
    normalisations: Sequence[float] = (),
) -> TemplateFit:
    """Fit the strength with the systematic sources in the covariance matrix.

    ::

        V = diag(sigma^2) + sum_j t_j t_j^T,   x = s^T V^-1 d / (s^T V^-1 s)
        chi2 = (d - x s)^T V^-1 (d - x s)
        statistical^2 = 1/sum(s^2/sigma^2),   total^2 = 1/(s^T V^-1 s) + x^2 sum_l delta_l^2

    and systematic^2 = total^2 - statistical^2.

    Parameters
    ----------
    residual : array_like
        d_i: data less background, one for each bin, at least two [any].
    error : array_like
        sigma_i > 0, independent between bins, in the unit of `residual` [any].
    template : array_like
        s_i: signal for x = 1, in the unit of `residual` over that of x [any].
    shifts : sequence of array_like
        t_j: what one standard deviation of each source adds to the residuals, fully
        correlated between bins, in the unit of `residual` [any].
    normalisations : sequence of float
        delta_l: relative uncertainties of the template as a whole [dimensionless].

    Returns
    -------
    TemplateFit
        Best fit, errors, chi2.

    Raises
    ------
    InvalidInput
        If shapes differ, a number is not finite, an error is not positive, a
        normalisation is negative, or the template is zero everywhere.

    Example
    -------
    >>> fit = fit_by_covariance([2.0, 4.0], [1.0, 1.0], [1.0, 0.0], shifts=[[0.5, 0.0]])
    >>> round(fit.best_fit, 12), round(fit.systematic, 12)
    (2.0, 0.5)
    """
    data, signal, sources = _whitened(residual, error, template, shifts)
    # whitened, the matrix is 1 + T^T T: well conditioned whatever the units
    factor = linalg.cho_factor(np.eye(data.size) + sources.T @ sources)
    weighted = linalg.cho_solve(factor, signal)
    weight = signal @ weighted
    best = float(weighted @ data / weight)
    statistical = 1 / float(np.linalg.norm(signal))
    added = max(1 / float(weight) - statistical**2, 0.0)  # >= 0 up to rounding
    systematic = float(np.hypot(np.sqrt(added), best * _normalisation(normalisations)))
    rest = data - best * signal
    chi2 = float(rest @ linalg.cho_solve(factor, rest))
    return _result(best, statistical, systematic, chi2, data.size)


def _result(
    best: float, statistical: float, systematic: float, chi2: float, bins: int
) -> TemplateFit:
    freedom = bins - 1
    return TemplateFit(
        best, statistical, systematic, chi2, freedom, float(special.chdtrc(freedom, chi2))
    )


def _normalisation(relative: Sequence[float]) -> float:
    values = finite("normalisations", relative)
    if np.any(values < 0):
        raise InvalidInput("normalisations: found a negative number, expected all >= 0")
    return float(np.linalg.norm(values))


def _whitened(
    residual: ArrayLike, error: ArrayLike, template: ArrayLike, shifts: Sequence[ArrayLike]
) -> tuple[Array, Array, Array]:
    """Return d/sigma and s/sigma, (bin,), and t/sigma, (source, bin)."""
    sigma, signal = _checked(error, template)
    data = finite("residual", residual)
    if data.shape != sigma.shape or data.size < 2:
        raise InvalidInput(
            f"residual: found shape {data.shape}, expected {sigma.shape} as the errors, "
            "with at least two bins"
        )
    sources = [finite("shifts", shift) for shift in shifts]
    for source in sources:
        if source.shape != sigma.shape:
            raise InvalidInput(f"shifts: found shape {source.shape}, expected {sigma.shape}")
    moved = np.array(sources).reshape(len(sources), sigma.size) / sigma
    return data / sigma, signal / sigma, moved


def _checked(error: ArrayLike, template: ArrayLike) -> tuple[Array, Array]:
    sigma = finite("error", error, positive=True)
    signal = finite("template", template)
    if sigma.ndim != 1 or signal.shape != sigma.shape:
        raise InvalidInput(
            f"template: found shape {signal.shape} beside errors {sigma.shape}, "
            "expected one number of each for every bin"
        )
    if not np.any(signal):
        raise InvalidInput("template: found zero in every bin, expected a signal in at least one")
    return sigma, signal
