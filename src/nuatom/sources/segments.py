"""Integrals of a piecewise linear function, from a variable lower end to the last knot.

On one segment the function is linear, phi(E) = m + s (E - c), with m its value at the
middle c of the part that is integrated, d the width of that part and u = d/(2c)::

    Int phi(E) E^-k dE = d c^-k { m A_k(u) + (s d/2) u B_k(u) }
    A_k = (1/2) Int_{-1}^{1} (1 + u t)^-k dt
    B_k = (1/2u) Int_{-1}^{1} t (1 + u t)^-k dt

A_k and B_k are even in u.  They are finite sums, except for k = 1, 2, where they
contain ``R(u) = (artanh(u)/u - 1)/u^2 = 1/3 + u^2/5 + ...``.  Written so, nothing
cancels, however narrow the segment is and however near its end the integral begins.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb

import numpy as np
import numpy.typing as npt

from nuatom.arrays import Array
from nuatom.errors import InvalidInput

_SERIES_LIMIT = 2.5e-3
"""Below this u^2 six terms of the series of R are exact to rounding."""
_SERIES = tuple(1 / (2 * i + 3) for i in range(6))
_CHUNK = 8192
"""Number of lower ends treated together, so that the temporaries stay in the cache."""
_MOST_BUCKETS = 1 << 16
_MOST_ROUNDS = 6

IntegralsAbove = Callable[[Array], Array]


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    """Horner's rule, lowest coefficient first."""
    value = np.full_like(x, coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        value *= x
        value += coefficient
    return value


def _numerator(power: int) -> list[float]:
    """Coefficients in u^2 of ``N_k = [(1+u)^(k-1) - (1-u)^(k-1)]/(2u(k-1))``."""
    n = power - 1
    return [comb(n, i) / n for i in range(1, n + 1, 2)]


@dataclass(frozen=True, eq=False)
class LinearPart:
    """A linear phi between two energies, to be integrated with several powers of E.

    Parameters
    ----------
    low, high : ndarray
        Ends of the integral, 0 < low <= high (low = 0 only for k <= 0) [energy].
    value : ndarray
        phi at `high` [any].
    slope : ndarray
        dphi/dE [any/energy].

    Notes
    -----
    What several powers share is computed once.
    """

    low: Array
    high: Array
    value: Array
    slope: Array

    def integral(self, power: int) -> Array:
        """Return ``Int_low^high phi(E) E^-k dE = 2u c^(1-k) { m A_k + (s d/2) u B_k }``.

        Parameters
        ----------
        power : int
            k [dimensionless].

        Returns
        -------
        ndarray
            [any energy^(1-k)]

        Example
        -------
        >>> one = np.ones(1)
        >>> LinearPart(one, 2 * one, one, 0 * one).integral(2)
        array([0.5])
        """
        middle_value, tilt = self._line
        if power == 0:
            return middle_value * (self.high - self.low)
        a, b = self._kernels(power)
        a *= middle_value
        b *= tilt
        a += b
        a *= 2 * self._u
        return a if power == 1 else a * (self._sum / 2) ** (1 - power)

    @cached_property
    def _sum(self) -> Array:
        return self.high + self.low

    @cached_property
    def _u(self) -> Array:
        return (self.high - self.low) / self._sum

    @cached_property
    def _w(self) -> Array:
        return self._u * self._u

    @cached_property
    def _line(self) -> tuple[Array, Array]:
        """The value m at the middle, and ``(s d/2) u``."""
        half_rise = self.slope * (self.high - self.low)
        half_rise *= 0.5
        return self.value - half_rise, half_rise * self._u

    @cached_property
    def _rest(self) -> Array:
        """``R = (artanh(u)/u - 1)/u^2`` with ``2 artanh(u) = ln(high/low)``."""
        u, w = self._u, self._w
        rest = _polynomial(_SERIES, w)
        wide = w > _SERIES_LIMIT
        if wide.any():
            logarithm = np.log(self.high[wide] / self.low[wide])
            rest[wide] = (logarithm / (2 * u[wide]) - 1) / w[wide]
        return rest

    @cached_property
    def _stretch(self) -> Array:
        """``1/(1 - u^2) = c^2/(low high)``, without the cancellation of the left side."""
        return self._sum * self._sum / (4 * self.low * self.high)

    def _kernels(self, power: int) -> tuple[Array, Array]:
        """Return (A_k, B_k) of the module docstring for k = `power`, not 0."""
        w = self._w
        if power == 1:
            return 1 + w * self._rest, -self._rest
        if power == 2:
            return self._stretch.copy(), self._rest - self._stretch
        if power < 0:
            n = -power
            even = tuple(comb(n, i) / (i + 1) for i in range(0, n + 1, 2))
            odd = tuple(comb(n, i) / (i + 2) for i in range(1, n + 1, 2))
            return _polynomial(even, w), _polynomial(odd, w)
        # k >= 3: A_k = N_k q^(k-1) with q = 1/(1-u^2), and B_k = (A_(k-1) - A_k)/u^2 exactly
        this = _numerator(power)
        before = _numerator(power - 1)
        product = [a - b for a, b in zip([*before, 0.0], [0.0, *before], strict=True)]
        length = max(len(this), len(product))
        this_padded = [*this, *[0.0] * (length - len(this))]
        product += [0.0] * (length - len(product))
        difference = tuple(p - t for p, t in zip(product, this_padded, strict=True))[1:]
        factor = self._stretch ** (power - 1)
        return _polynomial(tuple(this), w) * factor, _polynomial(difference, w) * factor


@dataclass(frozen=True, eq=False)
class _Finder:
    """Finds the segment of an energy from the leading bits of its binary form.

    The bits of a positive floating point number, read as an integer, grow with the
    number; their leading part numbers narrow buckets of nearly equal relative width, and
    a table gives the segment at the foot of each bucket.
    """

    knots: Array
    upper: Array
    shift: int
    first: int
    table: npt.NDArray[np.int64] | None
    rounds: int

    def find(self, energies: Array) -> npt.NDArray[np.int64]:
        if self.table is None:
            found = np.searchsorted(self.knots[1:-1], energies, side="right")
            return np.asarray(found, dtype=np.int64)
        key = energies.view(np.int64) >> self.shift
        key -= self.first
        segment = self.table.take(key, mode="clip")
        for _ in range(self.rounds):
            segment += energies >= self.upper.take(segment, mode="clip")
        return segment


def _finder(knots: Array) -> _Finder:
    upper = knots[1:].copy()
    upper[-1] = np.inf
    inner = np.ascontiguousarray(knots[1:])
    for bits in range(2, 20):
        shift = 52 - bits
        keys = inner.view(np.int64) >> shift
        keys = keys - keys[0]
        if keys[-1] >= _MOST_BUCKETS:
            break
        rounds = int(np.bincount(keys).max())
        if rounds == 1 or (rounds <= _MOST_ROUNDS and 2 * keys[-1] >= _MOST_BUCKETS):
            table = np.searchsorted(keys, np.arange(keys[-1] + 1), side="left")
            first = int(inner.view(np.int64)[0] >> shift)
            return _Finder(knots, upper, shift, first, table.astype(np.int64), rounds)
    return _Finder(knots, upper, 0, 0, None, 0)


def integrals_above(knots: Array, low: Array, high: Array, powers: Sequence[int]) -> IntegralsAbove:
    """Return the function ``E_min -> Int_{E_min} phi(E) E^-k dE`` of a piecewise linear phi.

    Segment i runs from ``knots[i]`` to ``knots[i+1]`` with the value ``low[i]`` at its left
    and ``high[i]`` at its right end; phi is zero outside.  Cumulative sums run from the top,
    and the segment that contains E_min is integrated in closed form, so that the result is
    exact to rounding.

    Parameters
    ----------
    knots : ndarray
        Increasing, n + 1 values [energy].
    low, high : ndarray
        n values each [any].
    powers : sequence of int
        Each k, any integers; they share the search for the segment [dimensionless].

    Returns
    -------
    callable
        Takes an array of any shape [energy] and returns one of the shape (power, ...).  At
        or above the last knot the result is exactly 0, at or below the first one the full
        integral; infinite where the integral diverges, for a first knot at 0.  NaN stays NaN.

    Example
    -------
    >>> above = integrals_above(np.array([1.0, 3.0]), np.ones(1), np.ones(1), (0, -1))
    >>> above(np.array([0.0, 2.0, 3.0]))
    array([[2. , 1. , 0. ],
           [4. , 2.5, 0. ]])
    """
    first, last = float(knots[0]), float(knots[-1])
    left, right = knots[:-1], knots[1:]
    slope = (high - low) / (right - left)
    wholes = [_whole_segments(left, right, high, slope, power) for power in powers]
    tails = [np.append(np.cumsum(whole[:0:-1])[::-1], 0.0) for whole in wholes]
    full = np.array([tail[:1] + whole[:1] for tail, whole in zip(tails, wholes, strict=True)])
    finder = _finder(knots)

    def above(minimum: Array) -> Array:
        minimum = np.asarray(minimum, dtype=np.float64)
        flat = minimum.ravel()
        results = np.empty((len(powers), flat.size))
        for start in range(0, flat.size, _CHUNK):
            piece = results[:, start : start + _CHUNK]
            energies = np.clip(flat[start : start + _CHUNK], first, last)
            segment = finder.find(energies)
            ends = right.take(segment)
            at_zero = energies == 0.0 if first == 0.0 else None
            if at_zero is not None:
                energies[at_zero] = ends[at_zero]
            part = LinearPart(energies, ends, high.take(segment), slope.take(segment))
            for result, power, tail in zip(piece, powers, tails, strict=True):
                np.add(part.integral(power), tail.take(segment), out=result)
            if at_zero is not None:
                piece[:, at_zero] = full
        return results.reshape(len(powers), *minimum.shape)

    return above


def _whole_segments(left: Array, right: Array, high: Array, slope: Array, power: int) -> Array:
    """Integrals over whole segments; the first may begin at E = 0."""
    if left[0] > 0 or power <= 0:
        return LinearPart(left, right, high, slope).integral(power)
    whole = np.empty_like(left)
    whole[1:] = LinearPart(left[1:], right[1:], high[1:], slope[1:]).integral(power)
    at_zero = high[0] - slope[0] * right[0]
    vanishes = abs(at_zero) <= 4 * np.finfo(float).eps * abs(high[0])
    if high[0] == 0 and vanishes:
        whole[0] = 0.0
    elif power == 1 and vanishes:
        whole[0] = high[0]
    else:
        whole[0] = np.inf
    return whole


def refined_product(
    knots: Array, low: Array, high: Array, weight: Callable[[Array], Array], tolerance: float
) -> tuple[Array, Array, Array]:
    """Return knots and end values of a piecewise linear stand-in for ``phi(E) w(E)``.

    Segments are halved until the product lies within `tolerance` of the straight line
    between its ends, at the middle and at 0.3 of the segment, relative to the greatest
    ``|phi w|`` of that segment (or to 1e-3 of ``|phi| max|w|`` where w passes through zero).
    Each line is then moved so that its area is that of Simpson's rule.  Integrals from knot
    to knot so have an error of order `tolerance` squared, and one that begins inside a
    segment differs by at most 0.15 `tolerance` of the content of that one segment.

    Parameters
    ----------
    knots : ndarray
        n + 1 increasing values, the first above 0 or with w finite at 0 [energy].
    low, high : ndarray
        phi at the left and right end of each segment [any].
    weight : callable
        w(E), smooth inside each segment [dimensionless].
    tolerance : float
        Relative [dimensionless].

    Returns
    -------
    tuple of ndarray
        (knots, low, high) on the refined grid.

    Raises
    ------
    InvalidInput
        If w is not finite, or still not resolved with 400,000 segments.

    Example
    -------
    >>> k, a, b = refined_product(np.array([1., 2.]), np.ones(1), np.ones(1), np.sqrt, 1e-6)
    >>> bool(abs(np.sum((a + b) / 2 * np.diff(k)) - (2**1.5 - 1) / 1.5) < 1e-6)
    True
    """

    def w(energies: Array) -> Array:
        values = np.broadcast_to(np.asarray(weight(energies), dtype=np.float64), energies.shape)
        if not np.all(np.isfinite(values)):
            raise InvalidInput("energy weight: found a value that is not finite on the spectrum")
        return values

    left, right = knots[:-1], knots[1:]
    # a test at two points must not miss a weight that oscillates: at least 64 segments
    left, right, low, high = _split(left, right, low, high, pieces=-(-64 // left.size))
    w_left, w_right = w(left), w(right)
    floor = 1e-3 * max(np.max(np.abs(w_left)), np.max(np.abs(w_right)))
    done: list[tuple[Array, ...]] = []
    count = 0
    while left.size:
        middle = (left + right) / 2
        between = left + 0.3 * (right - left)
        phi_middle = (low + high) / 2
        w_middle, w_between = w(middle), w(between)
        ends = (low * w_left, high * w_right)
        off = np.maximum(
            np.abs(phi_middle * w_middle - (ends[0] + ends[1]) / 2),
            np.abs((low + 0.3 * (high - low)) * w_between - (0.7 * ends[0] + 0.3 * ends[1])),
        )
        largest = np.maximum.reduce(
            [np.abs(w_left), np.abs(w_right), np.abs(w_middle), np.full(left.size, floor)]
        )
        good = off <= tolerance * np.maximum(np.abs(low), np.abs(high)) * largest
        lift = 2 / 3 * (phi_middle * w_middle - (ends[0] + ends[1]) / 2)
        moved = (ends[0] + lift, ends[1] + lift)
        done.append((left[good], right[good], moved[0][good], moved[1][good]))
        count += int(good.sum())
        bad = ~good
        if count + 2 * int(bad.sum()) > 400_000:
            raise InvalidInput("energy weight: varies too fast to be resolved on this spectrum")
        left, right = _halves(left[bad], middle[bad]), _halves(middle[bad], right[bad])
        low, high = _halves(low[bad], phi_middle[bad]), _halves(phi_middle[bad], high[bad])
        w_left, w_right = _halves(w_left[bad], w_middle[bad]), _halves(w_middle[bad], w_right[bad])
    left, right, low, high = (np.concatenate(parts) for parts in zip(*done, strict=True))
    order = np.argsort(left)
    return np.append(left[order], right[order[-1]]), low[order], high[order]


def _halves(first: Array, second: Array) -> Array:
    return np.column_stack([first, second]).ravel()


def _split(
    left: Array, right: Array, low: Array, high: Array, *, pieces: int
) -> tuple[Array, Array, Array, Array]:
    """Cut each segment into equal `pieces`."""
    if pieces == 1:
        return left, right, low, high
    steps = np.arange(pieces) / pieces
    foot = left[:, None] + (right - left)[:, None] * steps
    value = low[:, None] + (high - low)[:, None] * steps
    top = np.column_stack([foot[:, 1:], right])
    value_top = np.column_stack([value[:, 1:], high])
    return foot.ravel(), top.ravel(), value.ravel(), value_top.ravel()
