"""The best fit of a likelihood: values, errors, correlations, pulls, goodness of fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import linalg, special

from nuatom.arrays import Array
from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.fits.descent import Places, Problem, curvature
from nuatom.inference.fits.minimum import Minimum, minimise
from nuatom.inference.likelihood import Likelihood

_EDGE_NOTE = "an expectation is zero in bins without counts; errors hold along that edge"


class Pull(NamedTuple):
    """How far data move a parameter from what was known, and how much better it is known.

    Parameters
    ----------
    shift : float
        ``(theta - mean)/width`` [dimensionless].
    reduction : float
        Error after the fit over the width before [dimensionless].
    """

    shift: float
    reduction: float


class GoodnessOfFit(NamedTuple):
    """The least deviance beside what it would be by chance.

    Parameters
    ----------
    deviance : float
        Of the binned terms and of the priors of fitted parameters [dimensionless].
    degrees : int
        Measured numbers and priors less fitted parameters [dimensionless].
    p_value : float
        Probability of a larger one; exact for Gaussian errors only [dimensionless].
    """

    deviance: float
    degrees: int
    p_value: float


@dataclass(frozen=True, eq=False)
class Fit:
    """The result of a fit.

    Parameters
    ----------
    names : tuple of str
        All parameters, in the order of the likelihood [names].
    values : dict
        Name -> best fit, or the value at which it was fixed [any].
    errors : dict
        Name -> standard deviation from the curvature; 0 if fixed.  For a parameter at a
        bound: the step inwards that raises D by one, the others fitted.  For one that the
        data do not determine at all: half its range [any].
    covariance : ndarray
        Shape (parameter, parameter); zero for fixed parameters, those that the data do not
        determine and those at a bound, which is theirs as long as the bound holds [any].
    deviance : float
        D at the best fit [dimensionless].
    at_bound : tuple of str
        Fitted parameters that ended at a bound [names].
    fixed : tuple of str
        Parameters that were not fitted [names].
    note : str
        What is special, such as a minimum at the edge of the possible; else empty [text].
    """

    names: tuple[str, ...]
    values: dict[str, float]
    errors: dict[str, float]
    covariance: Array
    deviance: float
    at_bound: tuple[str, ...]
    fixed: tuple[str, ...]
    note: str = ""

    @property
    def array(self) -> Array:
        """The values in order, as `Likelihood.deviance` takes them [any]."""
        return np.array([self.values[name] for name in self.names])

    def correlations(self) -> Array:
        """Return the correlation coefficients.

        Returns
        -------
        ndarray
            Shape (parameter, parameter); 1 on the diagonal, 0 beside it for parameters
            that are fixed or at a bound.
        """
        errors = np.sqrt(np.diag(self.covariance))
        errors[errors == 0] = 1.0
        result = self.covariance / np.outer(errors, errors)
        np.fill_diagonal(result, 1.0)
        return np.asarray(result)

    def pulls(self, likelihood: Likelihood) -> dict[str, Pull]:
        """Return how the data move the parameters that have a prior.

        Parameters
        ----------
        likelihood : Likelihood
            That was fitted [likelihood].

        Returns
        -------
        dict
            Name -> `Pull`, without fixed parameters.
        """
        return {
            p.name: Pull(
                (self.values[p.name] - p.prior.mean) / p.prior.width,
                self.errors[p.name] / p.prior.width,
            )
            for p in likelihood.parameters
            if p.prior is not None and p.name not in self.fixed
        }


def fit(
    likelihood: Likelihood,
    *,
    fixed: Mapping[str, float] | None = None,
    start: Mapping[str, float] | None = None,
) -> Fit:
    """Fit the parameters of a likelihood.

    Parameters
    ----------
    likelihood : Likelihood
        To be fitted [likelihood].
    fixed : mapping, optional
        Parameter -> value at which it is held [any].
    start : mapping, optional
        Parameter -> where to begin, in place of its own starts [any].

    Returns
    -------
    Fit
        The best end of all starts, with the covariance ``2 (d^2 D/dtheta^2)^-1``.

    Raises
    ------
    FitFailed
        If the data are impossible at every start, say nothing about a parameter, or the
        fit does not converge.
    UnknownName
        If a name is none of the parameters.
    InvalidInput
        If a value lies outside the range of its parameter.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("strength",), np.ones((1, 2)), np.zeros(2))
    >>> counts = PoissonTerm(np.array([7.0, 11.0]), spectrum)
    >>> best = fit(Likelihood((Parameter("strength", starts=(1.0,), low=0.0),), (counts,)))
    >>> round(best.values["strength"], 6), round(best.errors["strength"], 4)  # root(18)/2
    (9.0, 2.1213)
    """
    return described(likelihood, minimise(likelihood, fixed=fixed, start=start), fixed or {})


def described(likelihood: Likelihood, minimum: Minimum, fixed: Mapping[str, float]) -> Fit:
    """Return a minimum with its errors.

    Parameters
    ----------
    likelihood : Likelihood
        That was minimised [likelihood].
    minimum : Minimum
        Where it is least [any].
    fixed : mapping
        Parameter -> value at which it was held [any].

    Returns
    -------
    Fit
        With errors and covariance.

    Raises
    ------
    FitFailed
        If the likelihood does not depend on a parameter.
    """
    problem = Problem(likelihood, fixed)
    x = minimum.values[problem.free] / problem.scale
    inner = np.flatnonzero(~minimum.held)
    matrix, flat = curvature(problem, x, inner)
    idle, inner, matrix = inner[flat], inner[~flat], matrix[np.ix_(~flat, ~flat)]
    scale = problem.scale[inner]
    inverse = _inverse(matrix, _along(minimum.edges[:, inner]))
    covariance = np.zeros((len(likelihood.names),) * 2)
    places = problem.free[inner]
    covariance[np.ix_(places, places)] = 2 * inverse * np.outer(scale, scale)
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    for k in np.flatnonzero(minimum.held):
        step = _step_inwards(problem, x, k, minimum.edges, inner)
        errors[problem.free[k]] = problem.scale[k] * step
    for k in idle:
        errors[problem.free[k]] = (problem.parameters[k].high - problem.parameters[k].low) / 2
    names = likelihood.names
    notes = [_EDGE_NOTE] if minimum.edges.size else []
    notes += [f"the data do not determine {problem.parameters[k].name}" for k in idle]
    return Fit(
        names=names,
        values=dict(zip(names, map(float, minimum.values), strict=True)),
        errors=dict(zip(names, map(float, errors), strict=True)),
        covariance=covariance,
        deviance=minimum.deviance,
        at_bound=tuple(names[problem.free[k]] for k in np.flatnonzero(minimum.held)),
        fixed=tuple(name for name in names if name in fixed),
        note="; ".join(notes),
    )


def _inverse(matrix: Array, along: Array) -> Array:
    """Return the inverse of a curvature along some directions Z, ``Z (Z^T H Z)^-1 Z^T``."""
    if along.shape[1] == 0:
        return np.zeros_like(matrix)
    return np.asarray(along @ linalg.inv(along.T @ matrix @ along) @ along.T)


def _along(edges: Array) -> Array:
    """Return the directions Z along the edges, as columns."""
    return np.asarray(linalg.null_space(edges) if edges.size else np.eye(edges.shape[1]))


def _step_inwards(problem: Problem, x: Array, k: np.int_, edges: Array, inner: Places) -> float:
    """Return the step from a bound that raises D by one: ``g s + c s^2/2 = 1``, s > 0.

    The inner parameters follow: g and c are the slope and the curvature along a step that
    stays on the edges, with D least over the directions Z along them, ``c = v^T H v -
    v^T H Z (Z^T H Z)^-1 Z^T H v``.
    """
    matrix, flat = curvature(problem, x, np.append(inner, k))
    step = np.append(-np.linalg.pinv(edges[:, inner]) @ edges[:, k], 1.0)
    slope = abs(float(problem.gradient(x)[np.append(inner, k)] @ step))
    inverse = _inverse(matrix[:-1, :-1], _along(edges[:, inner]))
    cross = (matrix @ step)[:-1]
    bend = max(float(step @ matrix @ step - cross @ inverse @ cross), 0.0)
    if slope == 0 and (flat[-1] or bend == 0):
        if problem.bounded[k]:
            return float(problem.high[k] - problem.low[k]) / 2
        raise FitFailed(
            f"fit: the data do not determine {problem.parameters[k].name}; fix it, or give it a "
            "prior"
        )
    return float(2 / (slope + np.sqrt(slope**2 + 2 * bend)))


def goodness_of_fit(likelihood: Likelihood, best: Fit) -> GoodnessOfFit:
    """Return the least deviance beside its degrees of freedom.

    A prior counts as one measured number.  Terms without bins have no perfect fit and take
    no part.  The p-value is that of chi-square, which the deviance of counts follows where
    the expectations are not small (a few per bin); for fewer, simulate.

    Parameters
    ----------
    likelihood : Likelihood
        That was fitted [likelihood].
    best : Fit
        Its fit [fit].

    Returns
    -------
    GoodnessOfFit
        ``(deviance, degrees, p_value)``.

    Raises
    ------
    InvalidInput
        If no term has bins, or no degree of freedom is left.

    Example
    -------
    >>> from nuatom.inference import LinearPrediction, Parameter, PoissonTerm
    >>> spectrum = LinearPrediction(("strength",), np.ones((1, 2)), np.zeros(2))
    >>> counts = PoissonTerm(np.array([7.0, 11.0]), spectrum)
    >>> one = Likelihood((Parameter("strength", starts=(1.0,), low=0.0),), (counts,))
    >>> goodness_of_fit(one, fit(one)).degrees
    1
    """
    if likelihood.points == 0:
        raise InvalidInput("goodness of fit: found no binned data, expected at least one bin")
    fitted = [p for p in likelihood.parameters if p.name not in best.fixed]
    total = sum(
        term.deviance(np.array([best.values[name] for name in term.names]))
        for term in likelihood.terms
        if term.points > 0
    )
    known = [p for p in fitted if p.prior is not None]
    total += sum(p.prior.deviance(best.values[p.name]) for p in known if p.prior is not None)
    degrees = likelihood.points + len(known) - len(fitted)
    if degrees <= 0:
        raise InvalidInput(
            f"goodness of fit: found {len(fitted)} fitted parameters for {likelihood.points} bins "
            f"and {len(known)} priors, expected fewer parameters than numbers"
        )
    return GoodnessOfFit(float(total), degrees, float(special.chdtrc(degrees, total)))
