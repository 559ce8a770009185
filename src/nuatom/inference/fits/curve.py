"""The least deviance along one parameter, and where it crosses a level."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from scipy import optimize

from nuatom.arrays import Array
from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.fits.fit import Fit, fit
from nuatom.inference.fits.minimum import Impossible, Minimum, check_range, minimise
from nuatom.inference.likelihood import Likelihood

Piece = tuple[float, float]

_DOUBLINGS = 60
_RETREATS = 8
_BEYOND = 6
"""Doublings of the width of what is accepted over which other valleys are looked for."""
_PRECISION = 1e-9
"""Of a crossing, relative to the step in which it lies."""
_BETTER = 1e-6
"""A point this far below the best fit is a better minimum, times 1 + |D|."""
_WALL = 1e-3
"""An end whose rise is this far below its level, relative to it, is no crossing."""


class Curve:
    """D_p of one parameter; each fit begins where the nearest one before ended.

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    name : str
        Of the parameter [name].
    fixed : mapping
        Other parameters -> value at which they are held [any].

    Raises
    ------
    FitFailed
        If the best fit fails.
    InvalidInput
        If the parameter is among the fixed ones.
    UnknownName
        If a name is none of the parameters.
    """

    def __init__(self, likelihood: Likelihood, name: str, fixed: Mapping[str, float]) -> None:
        """Fit once."""
        self.parameter = likelihood.parameter(name)
        if name in fixed:
            raise InvalidInput(f"profile: found {name!r} among the fixed parameters")
        self.likelihood, self.name, self.fixed = likelihood, name, dict(fixed)
        self._place = likelihood.names.index(name)
        self._several = any(
            len(p.starts) > 1
            for p in likelihood.parameters
            if p.name != name and p.name not in self.fixed
        )
        self._seen: dict[float, tuple[float, Array]] = {}
        self.best: Fit = fit(likelihood, fixed=fixed)
        self._keep(self.best.values[name], self.best.deviance, self.best.array)

    def at(self, x: float) -> tuple[float, Array]:
        """Return D_p and all values where the parameter is x.

        Parameters
        ----------
        x : float
            Value of the parameter [any].

        Returns
        -------
        tuple
            D_p, infinite where the data are impossible, and the values, shape (parameter,).

        Raises
        ------
        FitFailed
            If the fit of the others fails.
        InvalidInput
            If x is out of range.
        """
        if x not in self._seen:
            check_range(self.likelihood, self.name, x)
            near = self._seen[min(self._seen, key=lambda other: abs(other - x))][1].copy()
            near[self._place] = x
            held = {**self.fixed, self.name: x}
            start = {
                n: float(v)
                for n, v in zip(self.likelihood.names, near, strict=True)
                if n not in held
            }
            try:
                ends = [minimise(self.likelihood, fixed=held, start=start)]
                if self._several:
                    ends.append(minimise(self.likelihood, fixed=held))
            except Impossible:
                return float("inf"), near
            end = min(ends, key=lambda m: m.deviance)
            self._keep(x, end.deviance, end.values)
        return self._seen[x]

    def rise(self, x: float) -> float:
        """Return D_p less its least value.

        Parameters
        ----------
        x : float
            Value of the parameter [any].

        Returns
        -------
        float
            [dimensionless].

        Raises
        ------
        FitFailed
            If the fit of the others fails.
        InvalidInput
            If x is out of range.
        """
        return self.at(x)[0] - self.best.deviance

    def improved(self) -> bool:
        """Tell whether a point was below the best fit, and fit again from there if so."""
        least = min(self._seen, key=lambda x: self._seen[x][0])
        deviance, values = self._seen[least]
        if deviance >= self.best.deviance - _BETTER * (1 + abs(deviance)):
            return False
        given = zip(self.likelihood.names, map(float, values), strict=True)
        start = {n: v for n, v in given if n not in self.fixed}
        self.best = fit(self.likelihood, fixed=self.fixed, start=start)
        self._keep(self.best.values[self.name], self.best.deviance, self.best.array)
        return True

    def pieces(self, level: float) -> tuple[tuple[Piece, ...], tuple[str, str]]:
        """Return the pieces where the rise is below a level, and what is special at the ends.

        Parameters
        ----------
        level : float
            Of the rise, > 0 [dimensionless].

        Returns
        -------
        tuple
            ``(low, high)`` of each piece in order, and a note on the lower and the upper end
            of all.
        """
        for _ in range(3):
            ends = [self._around(x, level) for x in self._valleys(level)]
            for side in (-1, +1):
                ends += [self._around(x, level) for x in self._beyond(ends, level, side)]
            if not self.improved():
                break
        lowest = min((low for low, _ in ends), key=lambda end: end[0])
        highest = max((high for _, high in ends), key=lambda end: end[0])
        joined = _joined((low[0], high[0]) for low, high in ends)
        return tuple(joined), (lowest[1], highest[1])

    def _keep(self, x: float, deviance: float, values: Array) -> None:
        if x not in self._seen or deviance < self._seen[x][0]:
            self._seen[x] = (deviance, values)

    def _valley(self, begin: float) -> float:
        """Return where the fit that begins at a value of the parameter ends."""
        end: Minimum = minimise(self.likelihood, fixed=self.fixed, start={self.name: begin})
        x = float(end.values[self._place])
        self._keep(x, end.deviance, end.values)
        return x

    def _valleys(self, level: float) -> list[float]:
        """Return the best fit, and ends of fits from other starts that are accepted."""
        found = [self.best.values[self.name]]
        if len(self.parameter.starts) > 1:
            ends = {self._valley(begin) for begin in self.parameter.starts}
            found += [x for x in ends if self.rise(x) < level]
        return found

    def _beyond(
        self, ends: list[tuple[tuple[float, str], tuple[float, str]]], level: float, side: int
    ) -> list[float]:
        """Return accepted minima to which D falls again beyond what is known to be accepted."""
        low, high = min(e[0][0] for e in ends), max(e[1][0] for e in ends)
        edge = high if side > 0 else low
        bound = self._bound(side)
        if not np.isfinite(high - low) or edge == bound:
            return []
        last, found = level, []
        for k in range(_BEYOND):
            x = edge + side * (high - low) * 2.0**k / 2
            if side * (x - bound) >= 0:
                break
            try:
                now = self.rise(x)
                valley = self._valley(x) if now < last else None
            except FitFailed:  # so far out that the others cannot be fitted
                break
            if valley is not None and self.rise(valley) < level and not low <= valley <= high:
                found.append(valley)
            last = now
        return found

    def _bound(self, side: int) -> float:
        return self.parameter.high if side > 0 else self.parameter.low

    def _around(self, x: float, level: float) -> tuple[tuple[float, str], tuple[float, str]]:
        return self._edge(x, level, -1), self._edge(x, level, +1)

    def _edge(self, begin: float, level: float, side: int) -> tuple[float, str]:
        """Return where the rise reaches the level on one side of a minimum, and a note."""
        bound, end = self._bound(side), "upper" if side > 0 else "lower"
        error = self.best.errors[self.name] * np.sqrt(level)
        step = min(error, self.parameter.scale) or self.parameter.scale
        inner = begin
        for _ in range(_DOUBLINGS):
            outer = begin + side * step
            if side * (outer - bound) >= 0:
                outer = bound
            outer = self._reached(inner, outer)
            if self.rise(outer) >= level:
                x = self._crossing(inner, outer, level)
                inside = x - side * _PRECISION * abs(outer - inner)
                if self.rise(inside) < (1 - _WALL) * level:
                    return x, f"at the {end} end {x:.6g} the data become impossible, no crossing"
                return x, ""
            if outer == bound:
                return bound, f"the {end} end is the bound {bound:g}, no crossing"
            inner, step = outer, 2 * abs(outer - begin)
        return side * np.inf, f"the data set no {end} end"

    def _reached(self, inner: float, outer: float) -> float:
        """Return the outer point, or the first on the way back to the inner one that is fitted."""
        for _ in range(_RETREATS):
            try:
                self.rise(outer)
            except FitFailed:
                outer = (inner + outer) / 2
            else:
                break
        return outer

    def _crossing(self, inner: float, outer: float, level: float) -> float:
        """Return where the root of the rise, nearly linear in x, crosses that of the level."""

        def excess(x: float) -> float:
            """Return a function with the sign of rise less level."""
            return float(np.sqrt(np.clip(self.rise(x), 0.0, 1e2 * level)) - np.sqrt(level))

        if inner == outer:
            return outer
        width = abs(outer - inner)
        return float(optimize.brentq(excess, inner, outer, xtol=_PRECISION * width / 4, rtol=1e-14))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Yield pieces in order, overlapping ones as one."""
    rest = sorted(pieces)
    low, high = rest[0]
    for a, b in rest[1:]:
        if a > high:
            yield low, high
            low, high = a, b
        high = max(high, b)
    yield low, high
