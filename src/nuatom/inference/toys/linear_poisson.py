"""Fits of many spectra to one model that is linear in its parameters, in machine code.

::

    D = 2 sum_i [ mu_i - n_i + n_i ln(n_i/mu_i) ] + sum_j (y_j - eta_j)^2,
    mu = c + theta^T t,     eta = e + G theta,     low <= theta <= high,

with counts n and numbers y of unit error: auxiliary measurements of parameters (a row
1/width of G each), or Gaussian data divided by their errors.  D is convex, so that there is
one minimum; `linear_poisson_kernels` finds it exactly, at bounds and where an expectation
reaches zero in bins without counts.
"""

from dataclasses import dataclass, replace

import numpy as np

from nuatom.arrays import Array, ArrayLike, finite
from nuatom.errors import FitFailed, InvalidInput


@dataclass(frozen=True, eq=False)
class LinearModel:
    """What spectra are fitted with.

    Parameters
    ----------
    constant : ndarray
        c, shape (bin,), of any sign [any].
    templates : ndarray
        t, shape (parameter, bin), of any sign [any].
    low, high : ndarray
        Bounds of theta, shape (parameter,), infinite for none [any].
    level : ndarray
        e, shape (number,): of the numbers with Gaussian errors, in units of them
        [dimensionless].
    design : ndarray
        G, shape (number, parameter), in units of the errors [any].

    Raises
    ------
    InvalidInput
        If shapes do not match, a number is not finite, or a lower bound is not below its
        upper one.

    Example
    -------
    >>> one = LinearModel.of_templates([1.0, 1.0], [[2.0, 0.0]])
    >>> one.templates.shape, one.low
    ((1, 2), array([-inf]))
    """

    constant: Array
    templates: Array
    low: Array
    high: Array
    level: Array
    design: Array

    def __post_init__(self) -> None:
        """Check the shapes."""
        names = ("constant", "templates", "level", "design")
        arrays = {name: finite(name, getattr(self, name)) for name in names}
        low, high = np.asarray(self.low, dtype=np.float64), np.asarray(self.high, dtype=np.float64)
        parameters = low.size
        expected = {
            "constant": arrays["constant"].shape[:1],
            "templates": (parameters, *arrays["constant"].shape[:1]),
            "level": arrays["level"].shape[:1],
            "design": (*arrays["level"].shape[:1], parameters),
        }
        for name, shape in expected.items():
            if arrays[name].shape != shape:
                raise InvalidInput(
                    f"{name}: found the shape {arrays[name].shape}, expected {shape} for "
                    f"{parameters} parameters"
                )
        if low.shape != (parameters,) or high.shape != (parameters,) or not np.all(low < high):
            raise InvalidInput("bounds: expected low < high, one of each for every parameter")
        for name, array in (*arrays.items(), ("low", low), ("high", high)):
            object.__setattr__(self, name, array)

    @classmethod
    def of_templates(
        cls,
        constant: ArrayLike,
        templates: ArrayLike,
        *,
        low: ArrayLike = -np.inf,
        high: ArrayLike = np.inf,
        widths: ArrayLike = np.inf,
    ) -> "LinearModel":
        """Return a model of counts whose parameters may have auxiliary measurements.

        Parameters
        ----------
        constant : array_like
            c, shape (bin,) [any].
        templates : array_like
            t, shape (parameter, bin) [any].
        low, high : array_like
            Bounds of each parameter, or one for all [any].
        widths : array_like
            Standard deviation of the measurement of each parameter, infinite where there is
            none; the numbers y of a fit are then ``measured/width`` of those that have one
            [any].

        Returns
        -------
        LinearModel
            With one row of G for each finite width.

        Raises
        ------
        InvalidInput
            If shapes do not match or a width is not positive.
        """
        t = np.atleast_2d(finite("templates", templates))
        shape = t.shape[:1]
        width = np.broadcast_to(np.asarray(widths, dtype=np.float64), shape)
        if not np.all(width > 0):
            raise InvalidInput("widths: found one that is not positive")
        design = np.diag(1 / width)[np.isfinite(width)]
        return cls(
            constant=finite("constant", constant),
            templates=t,
            low=np.array(np.broadcast_to(np.asarray(low, dtype=np.float64), shape)),
            high=np.array(np.broadcast_to(np.asarray(high, dtype=np.float64), shape)),
            level=np.zeros(design.shape[0]),
            design=design,
        )

    def fixed(self, which: int, value: float) -> "LinearModel":
        """Return the model with one parameter held, and out of theta.

        Parameters
        ----------
        which : int
            Its place [dimensionless].
        value : float
            Where it is held [any].

        Returns
        -------
        LinearModel
            With one parameter less.
        """
        return replace(
            self,
            constant=self.constant + value * self.templates[which],
            level=self.level + value * self.design[:, which],
            templates=np.delete(self.templates, which, axis=0),
            design=np.delete(self.design, which, axis=1),
            low=np.delete(self.low, which),
            high=np.delete(self.high, which),
        )


@dataclass(frozen=True, eq=False)
class SpectraFit:
    """The fits of many spectra.

    Parameters
    ----------
    values : ndarray
        theta of each, shape (toy, parameter) [any].
    deviances : ndarray
        The least D of each, shape (toy,) [dimensionless].
    """

    values: Array
    deviances: Array


def fit_spectra(
    model: LinearModel, counts: ArrayLike, start: ArrayLike, measured: ArrayLike | None = None
) -> SpectraFit:
    """Fit a linear model to each of many spectra.

    Newton's method with a working set of constraints, until D can fall by no more than
    1e-11.  The interpreter's lock is released meanwhile, so that threads share the work.

    Parameters
    ----------
    model : LinearModel
        To be fitted [any].
    counts : array_like
        n >= 0, shape (toy, bin), not necessarily whole [dimensionless].
    start : array_like
        Where to begin, within the bounds and where all counts are possible, such as the
        values that toys were drawn with; shape (parameter,) or (toy, parameter) [any].
    measured : array_like, optional
        y, shape (toy, number); needed if the model has Gaussian numbers [dimensionless].

    Returns
    -------
    SpectraFit
        Least D and theta of each.

    Raises
    ------
    FitFailed
        If a spectrum is impossible at its start, or a fit does not converge.
    InvalidInput
        If shapes do not match, a count is negative, or a start lies outside the bounds.

    Example
    -------
    >>> flat = LinearModel.of_templates([0.0, 0.0], [[1.0, 1.0]], low=0.0)
    >>> fit_spectra(flat, [[3.0, 5.0], [0.0, 0.0]], [1.0]).values[:, 0].round(9)
    array([4., 0.])
    """
    n = np.atleast_2d(finite("counts", counts))
    toys, numbers = n.shape[0], model.level.size
    if n.shape[1:] != model.constant.shape or np.any(n < 0):
        raise InvalidInput(
            f"counts: found the shape {n.shape}, expected (toy, {model.constant.size}), all >= 0"
        )
    y = np.zeros((toys, 0)) if measured is None else np.atleast_2d(finite("measured", measured))
    if y.shape != (toys, numbers):
        raise InvalidInput(f"measured: found the shape {y.shape}, expected {(toys, numbers)}")
    begin = finite("start", start)
    if begin.shape not in (model.low.shape, (toys, model.low.size)):
        raise InvalidInput(
            f"start: found the shape {begin.shape}, expected {model.low.shape} or one for each toy"
        )
    if np.any(begin < model.low) or np.any(begin > model.high):
        raise InvalidInput("start: found a value outside the bounds of its parameter")
    values = np.array(np.broadcast_to(begin, (toys, model.low.size)), order="C")
    return _fitted(model, n, y, values)


def _fitted(model: LinearModel, n: Array, y: Array, values: Array) -> SpectraFit:
    """Fit with parameters scaled to a curvature near 1."""
    from nuatom.inference.toys import linear_poisson_kernels as kernels

    curvature = np.sum(model.templates**2 / (1 + np.abs(model.constant)), axis=1)
    curvature += np.sum(model.design**2, axis=0)
    scale = 1 / np.sqrt(np.where(curvature > 0, curvature, 1.0))
    design, start = model.design * scale, values[:1].copy().ravel() / scale
    rest = y - model.level - design @ start
    spectrum = kernels.Spectrum(
        np.ascontiguousarray(model.constant),
        np.ascontiguousarray(model.templates * scale[:, None]),
        model.low / scale,
        model.high / scale,
        np.ascontiguousarray(design.T @ design),
        start,
    )
    data = kernels.Data(
        np.ascontiguousarray(n), np.ascontiguousarray(rest @ design), np.sum(rest**2, axis=1)
    )
    values /= scale
    deviances, ends = np.empty(n.shape[0]), np.empty(n.shape[0], dtype=np.int64)
    kernels.fit_many(spectrum, data, values, deviances, ends)
    for end, text in (
        (kernels.IMPOSSIBLE, "are impossible at their start; begin where all are possible"),
        (kernels.NOT_CONVERGED, "have not converged"),
    ):
        if failed := int(np.count_nonzero(ends == end)):
            raise FitFailed(f"fit of spectra: {failed} of {n.shape[0]} {text}")
    return SpectraFit(np.clip(values * scale, model.low, model.high), deviances)
