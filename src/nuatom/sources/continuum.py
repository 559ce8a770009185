"""A piecewise linear flux density with exact cumulative moments."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from nuatom.arrays import Array, finite, strictly_increasing
from nuatom.errors import InvalidInput
from nuatom.interactions.terms import EnergyWeight, check_flavor
from nuatom.sources.segments import integrals_above, refined_product

Moment = Callable[[Array], Array]
"""E_min of any shape [energy] -> Int_{E_min} phi w E^-k dE, same shape."""
Moments = Callable[[Array], Array]
"""The same for several powers k at once, shape (power, ...)."""

WEIGHT_TOLERANCE = 2e-5
"""How straight phi(E) w(E) must be on each segment where a weight is given; moments are exact
to about the square of it, and to 3e-6 of the one segment in which E_min lies."""
_MOST_CACHED = 16


@dataclass(frozen=True, eq=False)
class Continuum:
    """A piecewise linear flux density, which may jump at its knots.

    Segment i runs from ``energies[i]`` to ``energies[i+1]``, with the value ``low[i]`` at its
    left and ``high[i]`` at its right end; outside the knots the flux is zero.

    Parameters
    ----------
    flavor : str
        One of the six flavours [name].
    energies : ndarray
        n + 1 increasing knots, the first >= 0 [energy].
    low, high : ndarray
        n values >= 0 each; a spectrum per fission or per decay is kept in the same form,
        in 1/energy [1/(energy length^2 time)].

    Raises
    ------
    InvalidInput
        If the shapes do not fit, knots do not increase, or a value is negative or not finite.

    Example
    -------
    >>> flat = Continuum("anti_nu_e", np.array([1.0, 3.0]), np.array([2.0]), np.array([2.0]))
    >>> flat.moment(0)(np.array([0.0, 2.0, 5.0]))
    array([4., 2., 0.])
    """

    flavor: str
    energies: Array
    low: Array
    high: Array
    _cache: OrderedDict[tuple[tuple[int, ...], EnergyWeight | None], Moments] = field(
        default_factory=OrderedDict, init=False, repr=False
    )

    def __post_init__(self) -> None:
        """Check and freeze the arrays."""
        check_flavor(self.flavor)
        energies = strictly_increasing("neutrino_energy", np.ravel(self.energies)).copy()
        if energies.size < 2 or energies[0] < 0:
            raise InvalidInput(
                f"neutrino_energy: found {energies.size} knots from {energies[:1]}, "
                "expected at least two, none negative"
            )
        for name, values in (("low", self.low), ("high", self.high)):
            array = finite(f"flux ({name})", values).copy()
            if array.shape != (energies.size - 1,) or np.any(array < 0):
                raise InvalidInput(
                    f"flux ({name}): found shape {array.shape}, least value "
                    f"{array.min(initial=0.0):g}, expected ({energies.size - 1},) and >= 0"
                )
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        energies.setflags(write=False)
        object.__setattr__(self, "energies", energies)

    @classmethod
    def from_points(cls, flavor: str, energies: Array, densities: Array) -> Self:
        """Return the continuous piecewise linear flux through the given points.

        Parameters
        ----------
        flavor : str
            One of the six flavours [name].
        energies : ndarray
            Increasing [energy].
        densities : ndarray
            Same length, >= 0 [1/(energy length^2 time)].

        Returns
        -------
        Continuum
            Zero outside the first and last point.

        Example
        -------
        >>> ramp = Continuum.from_points("nu_e", np.array([1.0, 2.0]), np.array([0.0, 1.0]))
        >>> float(ramp.moment(0)(np.array(0.0)))
        0.5
        """
        values = finite("flux", densities)
        return cls(flavor, energies, values[:-1], values[1:])

    @property
    def energy_max(self) -> float:
        """The last knot [energy]."""
        return float(self.energies[-1])

    def density(self, energy: Array) -> Array:
        """Return phi(E); at a jump, the value on its upper side.

        Parameters
        ----------
        energy : ndarray
            Any shape [energy].

        Returns
        -------
        ndarray
            Zero outside the knots [1/(energy length^2 time)].

        Example
        -------
        >>> flat = Continuum("nu_e", np.array([1.0, 3.0]), np.array([2.0]), np.array([4.0]))
        >>> flat.density(np.array([0.5, 2.0, 3.0]))
        array([0., 3., 0.])
        """
        segment = np.searchsorted(self.energies, energy, side="right") - 1
        inside = (segment >= 0) & (segment < self.low.size)
        segment = np.clip(segment, 0, self.low.size - 1)
        return np.where(inside, self._value(segment, np.asarray(energy)), 0.0)

    def _value(self, segment: npt.NDArray[np.int64], energy: Array) -> Array:
        """Value at `energy` of the straight line of `segment`."""
        left, right = self.energies[segment], self.energies[segment + 1]
        fraction = (energy - left) / (right - left)
        return np.asarray((1 - fraction) * self.low[segment] + fraction * self.high[segment])

    def moment(self, power: int, weight: EnergyWeight | None = None) -> Moment:
        """Return ``E_min -> Int_{E_min} phi(E) w(E) E^-power dE``.

        Parameters
        ----------
        power : int
            k, any integer [dimensionless].
        weight : callable, optional
            w(E), smooth between the knots [dimensionless].

        Returns
        -------
        callable
            The only one of `moments`.

        Example
        -------
        >>> flat = Continuum("nu_e", np.array([1.0, 2.0]), np.array([1.0]), np.array([1.0]))
        >>> bool(np.isclose(flat.moment(1)(np.array(0.0)), np.log(2), rtol=1e-14))
        True
        """
        moments = self.moments((power,), weight)
        return lambda minimum: moments(minimum)[0]

    def moments(self, powers: tuple[int, ...], weight: EnergyWeight | None = None) -> Moments:
        """Return ``E_min -> Int_{E_min} phi(E) w(E) E^-k dE`` for several k.

        Exact for the piecewise linear flux without a weight.  With one, phi w is made
        piecewise linear on segments that are halved until it is straight to 2e-5, with
        the area of each kept: errors of moments are about 1e-9 (see `WEIGHT_TOLERANCE`).

        Parameters
        ----------
        powers : tuple of int
            Each k, any integers [dimensionless].
        weight : callable, optional
            w(E), smooth between the knots [dimensionless].

        Returns
        -------
        callable
            Takes energies of any shape, returns the shape (power, ...); 0 at and above
            `energy_max`, the full moment at and below the first knot.

        Raises
        ------
        InvalidInput
            If a power is not an integer, or the weight is not finite or not resolved.

        Example
        -------
        >>> flat = Continuum("nu_e", np.array([1.0, 2.0]), np.array([1.0]), np.array([1.0]))
        >>> moments = flat.moments((0, -1), lambda E: E)
        >>> bool(np.allclose(moments(np.array(0.0)), [3 / 2, 7 / 3], rtol=1e-6, atol=0))
        True
        """
        for power in powers:
            if not isinstance(power, int | np.integer):
                raise InvalidInput(f"power of 1/E: found {power!r}, expected an integer")
        key = (powers, weight)
        if key not in self._cache:
            parts = self.energies, self.low, self.high
            if weight is not None:
                parts = refined_product(*parts, weight, WEIGHT_TOLERANCE)
            self._cache[key] = integrals_above(*parts, powers)
            while len(self._cache) > _MOST_CACHED:
                self._cache.popitem(last=False)
        self._cache.move_to_end(key)
        return self._cache[key]

    def split(self, energies: Array) -> "Continuum":
        """Return the same flux with further knots.

        Parameters
        ----------
        energies : ndarray
            Between the first and the last knot; others are ignored [energy].

        Returns
        -------
        Continuum
            Equal everywhere.

        Example
        -------
        >>> ramp = Continuum("nu_e", np.array([1.0, 3.0]), np.array([0.0]), np.array([4.0]))
        >>> ramp.split(np.array([2.0])).high
        array([2., 4.])
        """
        inside = (energies > self.energies[0]) & (energies < self.energies[-1])
        knots = np.unique(np.append(self.energies, energies[inside]))
        segment = np.searchsorted(self.energies, (knots[:-1] + knots[1:]) / 2) - 1
        low, high = self._value(segment, knots[:-1]), self._value(segment, knots[1:])
        return Continuum(self.flavor, knots, low, high)

    def scaled(self, factor: float) -> "Continuum":
        """Return the same shape times `factor` [any]."""
        return Continuum(self.flavor, self.energies, self.low * factor, self.high * factor)

    def digest(self) -> str:
        """Return the SHA-256 of flavour and arrays."""
        return content_hash(self.flavor, self.energies, self.low, self.high)


def combined(continua: Sequence[Continuum]) -> Continuum:
    """Return the sum of continua of one flavour, exactly, on the union of their knots.

    Parameters
    ----------
    continua : sequence of Continuum
        At least one, all of the same flavour [1/(energy length^2 time)].

    Returns
    -------
    Continuum
        phi = sum of all, jumps included.

    Raises
    ------
    InvalidInput
        If there is none, or if flavours differ.

    Example
    -------
    >>> a = Continuum("nu_e", np.array([1.0, 3.0]), np.array([1.0]), np.array([1.0]))
    >>> b = Continuum("nu_e", np.array([2.0, 4.0]), np.array([2.0]), np.array([0.0]))
    >>> combined([a, b]).low
    array([1., 3., 1.])
    """
    flavors = {continuum.flavor for continuum in continua}
    if len(flavors) != 1:
        raise InvalidInput(f"combined: found flavours {sorted(flavors)}, expected exactly one")
    knots = np.unique(np.concatenate([continuum.energies for continuum in continua]))
    left, right = knots[:-1], knots[1:]
    low, high = np.zeros(left.size), np.zeros(left.size)
    for continuum in continua:
        segment = np.searchsorted(continuum.energies, left, side="right") - 1
        inside = (segment >= 0) & (segment < continuum.low.size)
        segment = np.clip(segment, 0, continuum.low.size - 1)
        low += np.where(inside, continuum._value(segment, left), 0.0)
        high += np.where(inside, continuum._value(segment, right), 0.0)
    return Continuum(flavors.pop(), knots, low, high)


def content_hash(text: str, *arrays: Array) -> str:
    """Return the SHA-256 of a text and of arrays.

    Parameters
    ----------
    text : str
        Goes first [text].
    *arrays : ndarray
        Their bytes follow [any].

    Returns
    -------
    str
        64 hexadecimal digits.

    Example
    -------
    >>> content_hash("a", np.zeros(1))[:8]
    '50edc262'
    """
    content = hashlib.sha256(text.encode())
    for array in arrays:
        content.update(np.ascontiguousarray(array).tobytes())
    return content.hexdigest()
