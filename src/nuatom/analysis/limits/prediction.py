"""Expected counts of a model as a function of the parameters of a likelihood.

::

    mu = sum_c w_c [ N_c + sum_v ( z_v U_cv + g(z_v) V_cv ) ],
    U = (up - down)/2,   V = (up + down)/2 - N,
    g(z) = z^2 for |z| <= 1, and 2|z| - 1 beyond

with a weight w_c that is a product of up to two parameters, and pulls z_v: the numbers of
`Model.expected`, with their derivatives.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from nuatom.analysis.limits.interest import Interest
from nuatom.analysis.model import Component, Model
from nuatom.arrays import Array
from nuatom.inference.predictions import LinearPrediction

Integers = np.ndarray[tuple[int, ...], np.dtype[np.intp]]
"""Places in other arrays."""


@dataclass(frozen=True)
class Extra:
    """A template that data bring, times a parameter of its own.

    Parameters
    ----------
    name : str
        Of the parameter [name].
    counts : ndarray
        At 1, shape (bin,) [dimensionless].
    """

    name: str
    counts: Array


@dataclass(frozen=True, eq=False)
class ModelPrediction:
    """Counts in bins with their derivatives.

    Parameters
    ----------
    names : tuple of str
        Parameters: those that multiply, then pulls [names].
    counts : ndarray
        N, U of each pull, V of each pull; shape (1 + 2 pulls, component, bin)
        [dimensionless].
    factors : ndarray
        The two parameters that multiply each component, shape (2, component); the number
        of parameters stands for 1 [dimensionless].
    labels : tuple of str
        Names of the components [names].

    Notes
    -----
    Interpolation: HistFactory, CERN-OPEN-2012-016, code 2.
    """

    names: tuple[str, ...]
    counts: Array
    factors: Integers
    labels: tuple[str, ...]

    @property
    def pulls(self) -> int:
        """How many of the names, the last ones, are pulls [dimensionless]."""
        return int(self.counts.shape[0] - 1) // 2

    @property
    def linear(self) -> bool:
        """Whether no parameter multiplies another, or itself."""
        one = len(self.names)
        return self.pulls == 0 and bool(np.all(np.any(self.factors == one, axis=0)))

    def expected(self, values: Array) -> Array:
        """Return mu.

        Parameters
        ----------
        values : ndarray
            Shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (bin,) [dimensionless].
        """
        return np.asarray(self._weights(values) @ self._shifted(values))

    def jacobian(self, values: Array) -> Array:
        """Return the derivatives of mu.

        Parameters
        ----------
        values : ndarray
            Shape (parameter,) [any].

        Returns
        -------
        ndarray
            Shape (bin, parameter).
        """
        extended = np.append(values, 1.0)
        first, second = self.factors
        size = self.counts.shape[1]
        by_parameter = np.zeros((extended.size, size))
        each = np.arange(size)
        np.add.at(by_parameter, (first, each), extended[second])
        np.add.at(by_parameter, (second, each), extended[first])
        found = (by_parameter @ self._shifted(values))[:-1]
        if self.pulls:
            summed = np.einsum("c,vcb->vb", self._weights(values), self.counts[1:])
            inside = np.clip(values[-self.pulls :], -1.0, 1.0)
            found[-self.pulls :] += (
                summed[: self.pulls] + 2 * inside[:, None] * summed[self.pulls :]
            )
        return np.asarray(found.T)

    def parts(self, values: Array) -> dict[str, Array]:
        """Return the counts of each component.

        Parameters
        ----------
        values : ndarray
            Shape (parameter,) [any].

        Returns
        -------
        dict
            Name -> shape (bin,) [dimensionless].
        """
        counts = self._weights(values)[:, None] * self._shifted(values)
        return dict(zip(self.labels, counts, strict=True))

    def linearised(self, values: Array) -> LinearPrediction:
        """Return the tangent at some values: ``mu(values) + J (theta - values)``.

        Parameters
        ----------
        values : ndarray
            Shape (parameter,) [any].

        Returns
        -------
        LinearPrediction
            Of the same parameters; the prediction itself where it is linear.
        """
        slopes = self.jacobian(values).T
        return LinearPrediction(self.names, slopes, self.expected(values) - values @ slopes)

    def _weights(self, values: Array) -> Array:
        extended = np.append(values, 1.0)
        return np.asarray(extended[self.factors[0]] * extended[self.factors[1]])

    def _shifted(self, values: Array) -> Array:
        """Return the counts of each component with the pulls, shape (component, bin)."""
        if not self.pulls:
            return np.asarray(self.counts[0])
        z = values[-self.pulls :]
        inside = np.clip(z, -1.0, 1.0)
        along = np.concatenate([[1.0], z, inside**2 + 2 * inside * (z - inside)])
        flat = self.counts.reshape(along.size, -1)
        return np.asarray(along @ flat).reshape(self.counts.shape[1:])


def model_prediction(
    model: Model,
    interests: Sequence[Interest],
    extras: Sequence[Extra] = (),
    held: Collection[str] = (),
) -> ModelPrediction:
    """Return the prediction of a model.

    Parameters
    ----------
    model : Model
        From a card [model].
    interests : sequence of Interest
        Its parameters of interest; other couplings have their defaults [interest].
    extras : sequence of Extra
        Templates of the data [any].
    held : collection of str
        Backgrounds and extras whose strength is 1 and no parameter [names].

    Returns
    -------
    ModelPrediction
        Of the parameters of interest, the rates of backgrounds by their names, the extras,
        and one pull for each variation that changes counts; the uncertainty of the rate of
        a background is left to whoever knows its prior.
    """
    parts = [(part, *_factors(model, interests, part)) for part in model.components]
    used = [(part, scale, owners) for part, scale, owners in parts if scale]
    strengths = [p.name for p in model.components if p.kind == "background"]
    strengths = [name for name in (*strengths, *(e.name for e in extras)) if name not in held]
    rates = {p.rate_variation for p in model.components}
    pulls = [
        name
        for name in model.variations
        if name not in rates and any(_moves(part, name) for part, *_ in used)
    ]
    names = (*(i.name for i in interests), *strengths, *pulls)
    place = {name: number for number, name in enumerate(names)}
    one = len(names)
    stacked = [scale * _stack(part, pulls) for part, scale, _ in used]
    owners = [[place.get(owner, one) for owner in found] for *_, found in used]
    for extra in extras:
        still = np.zeros((2 * len(pulls), extra.counts.size))
        stacked.append(np.concatenate([extra.counts[None], still]))
        owners.append([place.get(extra.name, one), one])
    counts = np.ascontiguousarray(np.array(stacked).transpose(1, 0, 2))
    labels = (*(part.name for part, *_ in used), *(extra.name for extra in extras))
    return ModelPrediction(names, counts, np.array(owners, dtype=np.intp).T, labels)


def _factors(
    model: Model, interests: Sequence[Interest], part: Component
) -> tuple[float, tuple[str, str]]:
    """Return a constant, and the names of two parameters ("" for none), that multiply a part."""
    if part.kind == "background":
        return 1.0, (part.name, "")
    owner = {name: interest for interest in interests for name in interest.channels}
    default = {p.channel: p.default**p.power for p in model.parameters}
    first, second = (*part.channels, *part.channels)[:2]
    if len(part.channels) == 1 and first in owner and owner[first].linear:
        alone = owner[first]
        return alone.reference**alone.order, (alone.name, "")
    scale, names = 1.0, []
    for channel in (first, second):
        interest = owner.get(channel)
        if interest is None:
            scale *= default[channel]
            names.append("")
            continue
        scale *= interest.reference**interest.order
        names.append(interest.name)
    return scale, (names[0], names[1])


def _moves(part: Component, name: str) -> bool:
    """Tell whether a variation changes the counts of a component."""
    sides = (part.upper.get(name), part.lower.get(name))
    return any(side is not None and np.any(side != part.counts) for side in sides)


def _stack(part: Component, pulls: Sequence[str]) -> Array:
    """Return N, U and V of a component, shape (1 + 2 pulls, bin)."""
    nominal = part.counts
    pairs = [(part.upper.get(n, nominal), part.lower.get(n, nominal)) for n in pulls]
    slopes = [(up - down) / 2 for up, down in pairs]
    curves = [(up + down - 2 * nominal) / 2 for up, down in pairs]
    return np.array([nominal, *slopes, *curves])
