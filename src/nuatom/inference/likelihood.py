"""A likelihood: datasets compared with what is expected, and priors; ``a + b`` joins two.

::

    D(theta) = sum_terms D_term(theta) + sum_priors ((theta - mean)/width)^2

D is minus twice the logarithm of the likelihood over that of a perfect fit, so that its
least value also measures the goodness of fit.  A parameter that two terms share has one
prior, which counts once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol, runtime_checkable

import numpy as np

from nuatom.arrays import Array, finite
from nuatom.errors import FitFailed, InvalidInput, lookup
from nuatom.inference.parameters import Gaussian, Parameter


class Prediction(Protocol):
    """What is expected in each bin as a function of some parameters.

    Parameters
    ----------
    values : ndarray
        Of its parameters, shape (parameter,) [any].
    """

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters in the order of `values` [names]."""

    def expected(self, values: Array) -> Array:
        """Return the expectation, shape (bin,), for values of shape (parameter,)."""

    def jacobian(self, values: Array) -> Array:
        """Return its derivatives, shape (bin, parameter)."""


class Term(Protocol):
    """One dataset with what is expected of it.

    Parameters
    ----------
    values : ndarray
        Of its parameters, shape (parameter,) [any].
    generator : numpy.random.Generator
        Source of randomness [any].
    """

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters in the order of `values` [names]."""

    @property
    def points(self) -> int:
        """Numbers that were measured, for the degrees of freedom; 0 if not binned."""

    def deviance(self, values: Array) -> float:
        """Return ``-2 ln L/L_perfect``; infinite where the expectation is impossible."""

    def gradient(self, values: Array) -> Array:
        """Return its derivatives, shape (parameter,)."""

    def simulated(self, values: Array, generator: np.random.Generator) -> "Term":
        """Return the term with data drawn for these parameters."""

    def asimov(self, values: Array) -> "Term":
        """Return the term with data equal to the expectation."""


Wall = Callable[[Array], tuple[Array, Array]]
"""Values -> numbers that must not be negative, and their derivatives."""


@runtime_checkable
class Walled(Term, Protocol):
    """A term whose deviance may be least at an edge: of the possible, or a kink.

    Parameters
    ----------
    begin : ndarray
        Its parameters where a fit begins, shape (parameter,) [any].
    """

    def walls(self, begin: Array) -> Wall:
        """Return what must not be negative for a fit that begins at some values."""


@dataclass(frozen=True, eq=False)
class Likelihood:
    """Terms and their parameters.

    Parameters
    ----------
    parameters : tuple of Parameter
        In the order of every array of values [parameter].
    terms : tuple of Term
        Datasets that are independent of each other [term].

    Raises
    ------
    InvalidInput
        If two parameters have one name, or nothing depends on one of them.
    UnknownName
        If a term depends on a parameter that is not there.

    Notes
    -----
    Statistics only: what the parameters mean is known to whoever built the terms.
    """

    parameters: tuple[Parameter, ...]
    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        """Match terms and parameters."""
        names = self.names
        for name in names:
            if names.count(name) > 1:
                raise InvalidInput(f"likelihood: found two parameters {name!r}, expected one")
        known = {name: place for place, name in enumerate(names)}
        places = tuple(
            np.array([lookup("parameter", name, known) for name in term.names], dtype=int)
            for term in self.terms
        )
        used = set(chain.from_iterable(term.names for term in self.terms))
        if idle := [name for name in names if name not in used]:
            raise InvalidInput(f"likelihood: found {idle[0]!r}, on which nothing depends")
        known_before = [p for p in self.parameters if p.prior is not None]
        at = np.array([known[p.name] for p in known_before], dtype=int)
        means = np.array([p.prior.mean for p in known_before if p.prior is not None])
        widths = np.array([p.prior.width for p in known_before if p.prior is not None])
        object.__setattr__(self, "_places", places)
        object.__setattr__(self, "_priors", (at, means, widths))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in order [names]."""
        return tuple(parameter.name for parameter in self.parameters)

    @property
    def points(self) -> int:
        """Measured numbers of all terms, without priors [dimensionless]."""
        return sum(term.points for term in self.terms)

    def parameter(self, name: str) -> Parameter:
        """Return a parameter.

        Parameters
        ----------
        name : str
            Its name [name].

        Returns
        -------
        Parameter
            With its range and prior.

        Raises
        ------
        UnknownName
            If there is none.
        """
        return lookup("parameter", name, {p.name: p for p in self.parameters})

    def values(self, given: Mapping[str, float] | None = None) -> Array:
        """Return an array of values: those given, and the first start of the others.

        Parameters
        ----------
        given : mapping, optional
            Name -> value [any].

        Returns
        -------
        ndarray
            Shape (parameter,).

        Raises
        ------
        UnknownName
            If a name is none of the parameters.
        """
        known = {p.name: p.starts[0] for p in self.parameters}
        for name, value in (given or {}).items():
            lookup("parameter", name, known)
            known[name] = float(finite(name, value))
        return np.array(list(known.values()))

    def deviance(self, values: Array) -> float:
        """Return D of the terms and priors.

        Parameters
        ----------
        values : ndarray
            Of every parameter, shape (parameter,) [any].

        Returns
        -------
        float
            Infinite where the data are impossible [dimensionless].

        Raises
        ------
        FitFailed
            If D is not a number.
        """
        at, means, widths = self._priors  # type: ignore[attr-defined]
        total = float(np.sum(((values[at] - means) / widths) ** 2))
        for term, place in zip(self.terms, self._places, strict=True):  # type: ignore[attr-defined]
            total += term.deviance(values[place])
        if np.isnan(total):
            given = ", ".join(f"{n} = {v:g}" for n, v in zip(self.names, values, strict=True))
            raise FitFailed(
                f"likelihood: found a deviance that is not a number at {given}; expected a "
                "prediction that is finite in the whole range of its parameters"
            )
        return total

    def gradient(self, values: Array) -> Array:
        """Return the derivatives of D.

        Parameters
        ----------
        values : ndarray
            Shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (parameter,).
        """
        at, means, widths = self._priors  # type: ignore[attr-defined]
        total = np.zeros(len(self.parameters))
        total[at] = 2 * (values[at] - means) / widths**2
        for term, place in zip(self.terms, self._places, strict=True):  # type: ignore[attr-defined]
            total[place] += term.gradient(values[place])
        return total

    def __add__(self, other: "Likelihood") -> "Likelihood":
        """Return the likelihood of both datasets, parameters of the same name shared.

        Parameters
        ----------
        other : Likelihood
            Of data that are independent of these [likelihood].

        Returns
        -------
        Likelihood
            Of all terms.

        Raises
        ------
        InvalidInput
            If a shared parameter has another range or prior there.
        """
        mine = {p.name: p for p in self.parameters}
        for theirs in other.parameters:
            own = mine.setdefault(theirs.name, theirs)
            if (own.low, own.high, own.prior) != (theirs.low, theirs.high, theirs.prior):
                raise InvalidInput(
                    f"parameter {own.name}: found two ranges or priors in likelihoods that are "
                    "joined, expected the same; give independent parameters different names"
                )
        return Likelihood(tuple(mine.values()), self.terms + other.terms)

    def simulated(self, values: Array, generator: np.random.Generator) -> "Likelihood":
        """Return a pseudo-experiment: data and auxiliary measurements are drawn again.

        Parameters
        ----------
        values : ndarray
            True values, shape (parameter,) [any].
        generator : numpy.random.Generator
            Source of randomness [any].

        Returns
        -------
        Likelihood
            Of the drawn data; each prior is centred on a mean drawn about the true value.
        """
        terms = tuple(
            term.simulated(values[place], generator)
            for term, place in zip(self.terms, self._places, strict=True)  # type: ignore[attr-defined]
        )
        moved = tuple(
            p
            if p.prior is None
            else replace(p, prior=Gaussian(generator.normal(v, p.prior.width), p.prior.width))
            for p, v in zip(self.parameters, values, strict=True)
        )
        return Likelihood(moved, terms)

    def asimov(self, values: Array) -> "Likelihood":
        """Return the likelihood of the data that are expected for these parameters.

        Parameters
        ----------
        values : ndarray
            True values, shape (parameter,) [any].

        Returns
        -------
        Likelihood
            With each prior centred on the true value.
        """
        terms = tuple(
            term.asimov(values[place])
            for term, place in zip(self.terms, self._places, strict=True)  # type: ignore[attr-defined]
        )
        moved = tuple(
            p if p.prior is None else replace(p, prior=Gaussian(float(v), p.prior.width))
            for p, v in zip(self.parameters, values, strict=True)
        )
        return Likelihood(moved, terms)

    def walls(self, begin: Array) -> Wall:
        """Return what must not be negative: the edges at which D may be least.

        Parameters
        ----------
        begin : ndarray
            Where a fit begins, shape (parameter,) [any].

        Returns
        -------
        callable
            Values -> numbers of shape (wall,), perhaps none, and their derivatives, shape
            (wall, parameter).
        """
        places = self._places  # type: ignore[attr-defined]
        pairs = [
            (term.walls(begin[place]), place)
            for term, place in zip(self.terms, places, strict=True)
            if isinstance(term, Walled)
        ]

        def every(values: Array) -> tuple[Array, Array]:
            """Return the walls of all terms."""
            numbers, rows = [np.zeros(0)], [np.zeros((0, values.size))]
            for wall, place in pairs:
                number, jacobian = wall(values[place])
                row = np.zeros((number.size, values.size))
                row[:, place] = jacobian
                numbers.append(number)
                rows.append(row)
            return np.concatenate(numbers), np.concatenate(rows)

        return every

    def with_parameter(self, parameter: Parameter) -> "Likelihood":
        """Return the likelihood with another range, start or prior of one parameter.

        Parameters
        ----------
        parameter : Parameter
            Takes the place of that of the same name [parameter].

        Returns
        -------
        Likelihood
            Of the same terms.

        Raises
        ------
        UnknownName
            If there is none of that name.
        """
        self.parameter(parameter.name)
        return Likelihood(
            tuple(parameter if p.name == parameter.name else p for p in self.parameters),
            self.terms,
        )
