"""Likelihoods that are linear in every parameter, for fits of many toys in machine code.

All terms are counts (`PoissonTerm`) or numbers with Gaussian errors (`NormalTerm`), all
predictions are `LinearPrediction`; priors are numbers with Gaussian errors, too.  A
likelihood that is not linear has a `tangent` at each point.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import linalg

from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.inference.likelihood import Likelihood, Term
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.predictions import LinearPrediction
from nuatom.inference.toys.linear_poisson import LinearModel, fit_spectra

_ROUNDING = 1e-9
"""Negative expectations of this size are zero."""


@dataclass(frozen=True, eq=False)
class LinearLikelihood:
    """A likelihood as arrays.

    Parameters
    ----------
    names : tuple of str
        Of the parameters, in order [names].
    model : LinearModel
        Of all terms and priors [any].
    counts : ndarray
        Observed, shape (bin,) [dimensionless].
    measured : ndarray
        Observed, in units of their errors, shape (number,) [dimensionless].
    """

    names: tuple[str, ...]
    model: LinearModel
    counts: Array
    measured: Array

    def draw(
        self, values: Array, number: int, generator: np.random.Generator
    ) -> tuple[Array, Array]:
        """Return toys: counts, and numbers with Gaussian errors, auxiliary ones among them.

        Parameters
        ----------
        values : ndarray
            True parameters, shape (parameter,) [any].
        number : int
            Of toys [dimensionless].
        generator : numpy.random.Generator
            Source of randomness [any].

        Returns
        -------
        tuple of ndarray
            Shapes (toy, bin) and (toy, number).

        Raises
        ------
        InvalidInput
            If an expectation is negative.
        """
        mean = self.model.constant + values @ self.model.templates
        size = np.abs(self.model.constant) + np.abs(values) @ np.abs(self.model.templates)
        if np.any(mean < -_ROUNDING * (size + _ROUNDING)):
            raise InvalidInput("toys: found a negative expectation, expected all >= 0")
        counts = generator.poisson(np.maximum(mean, 0.0), size=(number, mean.size))
        level = self.model.level + self.model.design @ values
        return counts.astype(np.float64), generator.normal(level, size=(number, level.size))

    def is_possible(self, counts: Array, values: Array) -> bool:
        """Tell whether the deviance of all toys is finite.

        Parameters
        ----------
        counts : ndarray
            Shape (toy, bin) [dimensionless].
        values : ndarray
            Parameters, shape (parameter,) [any].

        Returns
        -------
        bool
            True if no expectation is negative, nor zero where a toy has counts.
        """
        mean = self.model.constant + values @ self.model.templates
        return bool(np.all(mean >= 0) and np.all(mean[counts.any(axis=0)] > 0))

    def least(self, counts: Array, measured: Array, values: Array, name: str) -> Array:
        """Return the least D of toys with one parameter held.

        Parameters
        ----------
        counts, measured : ndarray
            Toys, as from `draw` [dimensionless].
        values : ndarray
            Value of that parameter, and where fits of the others begin [any].
        name : str
            Of the parameter [name].

        Returns
        -------
        ndarray
            Shape (toy,).

        Raises
        ------
        FitFailed
            If a fit does not converge.
        """
        which = self.names.index(name)
        model = self.model.fixed(which, float(values[which]))
        return fit_spectra(model, counts, np.delete(values, which), measured).deviances

    def best(self, counts: Array, measured: Array, values: Array) -> tuple[Array, Array]:
        """Return the least D of toys, and where it is.

        Parameters
        ----------
        counts, measured : ndarray
            Toys, as from `draw` [dimensionless].
        values : ndarray
            Where fits begin, shape (parameter,) [any].

        Returns
        -------
        tuple of ndarray
            D, shape (toy,); theta, shape (toy, parameter).

        Raises
        ------
        FitFailed
            If a fit does not converge.
        """
        found = fit_spectra(self.model, counts, values, measured)
        return found.deviances, found.values


def is_linear(likelihood: Likelihood) -> bool:
    """Tell whether every term and prediction is of the kinds that `linear` takes.

    Parameters
    ----------
    likelihood : Likelihood
        Any [likelihood].

    Returns
    -------
    bool
        True if so.

    Example
    -------
    >>> from nuatom.inference import Parameter
    >>> flat = LinearPrediction(("level",), np.ones((1, 2)), np.zeros(2))
    >>> is_linear(Likelihood((Parameter("level"),), (PoissonTerm(np.ones(2), flat),)))
    True
    """
    return all(
        isinstance(term, PoissonTerm | NormalTerm) and isinstance(term.prediction, LinearPrediction)
        for term in likelihood.terms
    )


def linear(likelihood: Likelihood) -> LinearLikelihood:
    """Return a linear likelihood as arrays.

    Parameters
    ----------
    likelihood : Likelihood
        For which `is_linear` holds [likelihood].

    Returns
    -------
    LinearLikelihood
        With the data.

    Raises
    ------
    InvalidInput
        If a term or a prediction is of another kind.

    Example
    -------
    >>> from nuatom.inference import Parameter
    >>> flat = LinearPrediction(("level",), np.ones((1, 2)), np.zeros(2))
    >>> one = linear(Likelihood((Parameter("level"),), (PoissonTerm(np.ones(2), flat),)))
    >>> one.model.templates
    array([[1., 1.]])
    """
    if not is_linear(likelihood):
        raise InvalidInput(
            "likelihood: found a term that is not linear, expected counts or Gaussian numbers "
            "with linear predictions; take its tangent"
        )
    names = likelihood.names
    counts, constants, templates = [np.zeros(0)], [np.zeros(0)], [np.zeros((len(names), 0))]
    measured, levels, design = [np.zeros(0)], [np.zeros(0)], [np.zeros((0, len(names)))]
    for term in likelihood.terms:
        slopes = np.zeros((len(names), term.points))
        prediction = _prediction(term)
        slopes[[names.index(name) for name in term.names]] = prediction.templates
        if isinstance(term, PoissonTerm):
            counts.append(term.counts)
            constants.append(prediction.constant)
            templates.append(slopes)
        elif isinstance(term, NormalTerm):
            measured.append(_whitened(term, term.values))
            levels.append(_whitened(term, prediction.constant))
            design.append(_whitened(term, slopes.T))
    for k, parameter in enumerate(likelihood.parameters):
        if parameter.prior is not None:
            width = parameter.prior.width
            measured.append(np.array([parameter.prior.mean / width]))
            levels.append(np.zeros(1))
            design.append(np.eye(len(names))[k : k + 1] / width)
    model = LinearModel(
        constant=np.concatenate(constants),
        templates=np.concatenate(templates, axis=1),
        low=np.array([p.low for p in likelihood.parameters]),
        high=np.array([p.high for p in likelihood.parameters]),
        level=np.concatenate(levels),
        design=np.concatenate(design),
    )
    return LinearLikelihood(names, model, np.concatenate(counts), np.concatenate(measured))


def tangent(likelihood: Likelihood, values: Array) -> Likelihood:
    """Return the likelihood with each prediction replaced by its tangent.

    ``mu(values) + J (theta - values)``, with J the derivatives there.

    Parameters
    ----------
    likelihood : Likelihood
        Whose terms are counts or Gaussian numbers, with any prediction [likelihood].
    values : ndarray
        Shape (parameter,) [any].

    Returns
    -------
    Likelihood
        For which `is_linear` holds.

    Raises
    ------
    InvalidInput
        If a term is of another kind.

    Example
    -------
    >>> from nuatom.inference import Parameter
    >>> flat = LinearPrediction(("level",), np.ones((1, 2)), np.zeros(2))
    >>> one = Likelihood((Parameter("level"),), (PoissonTerm(np.ones(2), flat),))
    >>> tangent(one, np.array([3.0])).deviance(np.array([1.0]))
    0.0
    """
    terms: list[Term] = []
    for term in likelihood.terms:
        if not isinstance(term, PoissonTerm | NormalTerm):
            raise InvalidInput(
                f"tangent: found a {type(term).__name__}, expected counts or Gaussian numbers"
            )
        place = values[[likelihood.names.index(name) for name in term.names]]
        slopes = term.prediction.jacobian(place).T
        straight = LinearPrediction(
            tuple(term.names), slopes, term.prediction.expected(place) - place @ slopes
        )
        terms.append(replace(term, prediction=straight))
    return Likelihood(likelihood.parameters, tuple(terms))


def _prediction(term: Term) -> LinearPrediction:
    prediction = getattr(term, "prediction", None)
    if not isinstance(prediction, LinearPrediction):  # pragma: no cover - is_linear was asked
        raise InvalidInput("likelihood: found a prediction that is not linear")
    return prediction


def _whitened(term: NormalTerm, columns: Array) -> Array:
    """Return ``L^-1`` times the columns, with the covariance ``V = L L^T``."""
    if term.covariance.ndim == 1:
        return np.asarray((columns.T / np.sqrt(term.covariance)).T)
    root = np.linalg.cholesky(term.covariance)
    return np.asarray(linalg.solve_triangular(root, columns, lower=True))
