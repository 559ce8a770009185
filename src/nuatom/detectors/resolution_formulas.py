"""Other energy resolutions: power laws, a polynomial, a table, none, and counted electrons."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array, ArrayLike, finite, strictly_increasing, within
from nuatom.detectors.resolution import gaussian_below
from nuatom.errors import InvalidInput, OutOfRange

MOST_ELECTRONS = 2000
"""Above this mean number of electrons a Gaussian is as good and much cheaper."""


@dataclass(frozen=True)
class PowerResolution:
    """A Gaussian whose width is a sum of powers of the energy.

    ``sigma(E) = constant + root sqrt(E) + linear E``

    Parameters
    ----------
    constant : float
        Width at E = 0 [energy].
    root : float
        Coefficient of sqrt(E) [energy^(1/2)].
    linear : float
        Coefficient of E [dimensionless].

    Raises
    ------
    InvalidInput
        If a coefficient is negative or not finite, or all are zero.

    Notes
    -----
    The widths are added, not their squares; experiments with liquid xenon quote
    ``sigma/E = a/sqrt(E) + b``, which is root = a, linear = b.

    Example
    -------
    >>> from nuatom import units as u
    >>> resolution = PowerResolution(root=0.3 * u.keV**0.5, linear=0.01)
    >>> round(float(resolution.sigma(4 * u.keV) / u.keV), 6)
    0.64
    """

    constant: float = 0.0
    root: float = 0.0
    linear: float = 0.0

    def __post_init__(self) -> None:
        """Check the coefficients."""
        numbers = finite("resolution", [self.constant, self.root, self.linear])
        if np.any(numbers < 0) or not np.any(numbers > 0):
            raise InvalidInput(
                "resolution: found coefficients "
                f"{self.constant:g}, {self.root:g}, {self.linear:g}, expected none negative and "
                "at least one positive; use PerfectResolution for no smearing"
            )

    def sigma(self, energy: ArrayLike) -> Array:
        """Return the standard deviation of the observed energy."""
        deposit = _not_negative(energy)
        return np.asarray(self.constant + self.root * np.sqrt(deposit) + self.linear * deposit)

    def below(self, observed: Array, energy: Array) -> tuple[Array, Array]:
        """Return the part below each observed energy and its first moment."""
        return gaussian_below(observed, energy, self.sigma(energy))


@dataclass(frozen=True)
class PolynomialResolution:
    """A Gaussian whose width is a polynomial of the energy, fitted up to some energy.

    ``sigma(E) = sum_n c_n E^n`` up to `highest`, and sigma(highest) above

    Parameters
    ----------
    coefficients : tuple of float
        c_0, c_1, ...; c_n in energy^(1-n) [any].
    highest : float
        Where the fit ends.  Deposits above it are smeared into bins below it; a polynomial
        continued there would bring deposits from everywhere [energy].

    Raises
    ------
    InvalidInput
        If a number is not finite, or the width is not positive between 0 and `highest`.

    Example
    -------
    >>> resolution = PolynomialResolution((0.1, 0.2, -0.01), highest=10.0)
    >>> print(resolution.sigma([0.0, 5.0, 20.0]).round(12))
    [0.1  0.85 1.1 ]
    """

    coefficients: tuple[float, ...]
    highest: float

    def __post_init__(self) -> None:
        """Check that the width is positive everywhere."""
        numbers = finite("resolution", self.coefficients)
        finite("resolution, highest energy", self.highest, positive=True)
        if numbers.ndim != 1 or not numbers.size:
            raise InvalidInput("resolution: found no list of coefficients, expected at least one")
        scaled = numbers * self.highest ** np.arange(numbers.size)  # of E/highest, from 0 to 1
        turns = np.roots(np.polynomial.polynomial.polyder(scaled)[::-1])
        real = turns.real[np.abs(turns.imag) < 1e-9]
        places = np.concatenate([[0.0, 1.0], real[(real > 0) & (real < 1)]])
        least = float(np.polynomial.polynomial.polyval(places, scaled).min())
        if not least > 0:
            raise InvalidInput(
                f"resolution: found a width that reaches {least:.4g} between no energy and the "
                "highest, expected one above zero; check signs and units of the coefficients"
            )

    def sigma(self, energy: ArrayLike) -> Array:
        """Return the standard deviation of the observed energy."""
        deposit = np.minimum(_not_negative(energy), self.highest)
        return np.asarray(np.polynomial.polynomial.polyval(deposit, np.array(self.coefficients)))

    def below(self, observed: Array, energy: Array) -> tuple[Array, Array]:
        """Return the part below each observed energy and its first moment."""
        return gaussian_below(observed, energy, self.sigma(energy))


def polynomial_in_keV(coefficients: Sequence[float], highest: float) -> PolynomialResolution:
    """Return a polynomial whose coefficients are for width and energy in keV.

    Parameters
    ----------
    coefficients : sequence of float
        c_0, c_1, ... as experiments print them, in the unit of its name [any].
    highest : float
        Where the fit ends [energy].

    Returns
    -------
    PolynomialResolution
        In base units.

    Example
    -------
    >>> from nuatom import units as u
    >>> resolution = polynomial_in_keV([0.073, 0.173, -6.5e-3, 1.1e-4], 30 * u.keV)
    >>> round(float(resolution.sigma(10 * u.keV) / u.keV), 9)
    1.263
    """
    from nuatom import units as u

    scaled = tuple(float(c) * u.keV ** (1 - n) for n, c in enumerate(coefficients))
    return PolynomialResolution(scaled, highest)


@dataclass(frozen=True, eq=False)
class TabulatedResolution:
    """A Gaussian whose width is linear between the rows of a table.

    Parameters
    ----------
    energies : ndarray
        Strictly increasing, at least two [energy].
    sigmas : ndarray
        Standard deviation > 0 at each [energy].

    Raises
    ------
    InvalidInput
        If the table is malformed.

    Notes
    -----
    Outside its rows the table is silent, and asking it is an error; the true energies of
    a response matrix reach some standard deviations beyond the bins.

    Example
    -------
    >>> table = TabulatedResolution(np.array([1.0, 3.0]), np.array([0.1, 0.2]))
    >>> print(table.sigma(2.0).round(12))
    0.15
    """

    energies: Array
    sigmas: Array

    def __post_init__(self) -> None:
        """Check the table."""
        energies, sigmas = table_of("resolution", self.energies, self.sigmas)
        finite("resolution, sigma", sigmas, positive=True)
        object.__setattr__(self, "energies", energies)
        object.__setattr__(self, "sigmas", sigmas)

    def sigma(self, energy: ArrayLike) -> Array:
        """Return the standard deviation of the observed energy; outside the table an error."""
        deposit = finite("energy", energy)
        inside("resolution", deposit, self.energies)
        return np.asarray(np.interp(deposit, self.energies, self.sigmas))

    def below(self, observed: Array, energy: Array) -> tuple[Array, Array]:
        """Return the part below each observed energy and its first moment."""
        return gaussian_below(observed, energy, self.sigma(energy))


@dataclass(frozen=True)
class PerfectResolution:
    """No smearing: what is observed is the true energy.

    Example
    -------
    >>> print(PerfectResolution().sigma(3.0))
    0.0
    """

    def sigma(self, energy: ArrayLike) -> Array:
        """Return zero."""
        return np.zeros_like(finite("energy", energy))

    def below(self, observed: Array, energy: Array) -> tuple[Array, Array]:
        """Return the part below each observed energy and its first moment."""
        part = (energy < observed[:, None]).astype(np.float64)
        return part, energy * part


@dataclass(frozen=True)
class ElectronCounting:
    """A signal of few electrons: their number is Poisson, the gain of each Gaussian.

    ::

        p(y|E) = sum_n Poisson(n; E/epsilon) Gauss(y; n epsilon, sigma_n)
        sigma_n^2 = noise^2 + n (spread epsilon)^2

    Parameters
    ----------
    energy_per_electron : float
        epsilon, mean energy for one detected electron [energy].
    noise : float
        Standard deviation with no electron > 0 [energy].
    spread : float
        Relative width of the signal of one electron [dimensionless].

    Raises
    ------
    InvalidInput
        If epsilon or the noise is not positive, or the spread is negative.

    Notes
    -----
    Skewed, and right for a mean of order one, where a Gaussian has a tail at negative
    energy.  A Fano factor below one is left out.  Beyond 2000 electrons it is refused.

    Example
    -------
    >>> signal = ElectronCounting(10.0, noise=2.0)
    >>> none, _ = signal.below(np.array([5.0]), np.array([10.0]))
    >>> 0.36 < none.item() < 0.37   # Poisson: e^-1, and 0.6 % of either peak beyond 5
    True
    """

    energy_per_electron: float
    noise: float
    spread: float = 0.0

    def __post_init__(self) -> None:
        """Check the numbers."""
        finite("energy per electron", self.energy_per_electron, positive=True)
        finite("noise", self.noise, positive=True)
        if float(finite("spread", self.spread)) < 0:
            raise InvalidInput(f"spread: found {self.spread:g}, expected >= 0")

    def sigma(self, energy: ArrayLike) -> Array:
        """Return the standard deviation of the observed energy."""
        deposit = _not_negative(energy)
        statistics = self.energy_per_electron * deposit * (1 + self.spread**2)
        return np.asarray(np.sqrt(self.noise**2 + statistics))

    def below(self, observed: Array, energy: Array) -> tuple[Array, Array]:
        """Return the part below each observed energy and its first moment."""
        from scipy.special import gammaln, xlogy

        mean = _not_negative(energy) / self.energy_per_electron
        largest = float(mean.max(initial=0.0))
        if largest > MOST_ELECTRONS:
            raise OutOfRange(
                f"counted electrons: found a mean of {largest:.0f}, expected at most "
                f"{MOST_ELECTRONS}; use a Gaussian resolution"
            )
        # thirty more than ten standard deviations: the rest is below 1e-16
        n = np.arange(np.ceil(largest + 10 * np.sqrt(largest) + 30))
        poisson = np.exp(xlogy(n[:, None], mean) - mean - gammaln(n + 1)[:, None])
        width = self.energy_per_electron * self.spread
        sigma = np.sqrt(self.noise**2 + n * width**2)
        part, moment = gaussian_below(observed, n * self.energy_per_electron, sigma)
        return np.asarray(part @ poisson), np.asarray(moment @ poisson)


def table_of(name: str, energies: ArrayLike, values: ArrayLike) -> tuple[Array, Array]:
    """Return the two columns of a curve after checking them.

    Parameters
    ----------
    name : str
        What the curve is, for the message [name].
    energies : array_like
        Strictly increasing and not negative, at least two [energy].
    values : array_like
        Finite, one for each energy [any].

    Returns
    -------
    tuple of ndarray
        Energies and values.

    Raises
    ------
    InvalidInput
        If a column has the wrong shape, a NaN, or energies out of order.

    Example
    -------
    >>> table_of("efficiency", [1, 2], [0.5, 1])[1]
    array([0.5, 1. ])
    """
    y = finite(f"{name}, values", values)
    x = finite(f"{name}, energies", energies)
    if x.ndim != 1 or x.size < 2 or x.shape != y.shape:
        raise InvalidInput(
            f"{name}: found columns of shape {x.shape} and {y.shape}, expected two equal "
            "columns with at least two rows"
        )
    strictly_increasing(f"{name}, energies", x)
    if x[0] < 0:
        raise InvalidInput(f"{name}, energies: found a negative one, expected all >= 0")
    return x, y


def inside(name: str, energy: Array, energies: Array) -> None:
    """Raise unless every energy lies between the first and the last row of a table.

    Parameters
    ----------
    name : str
        What the table is, for the message [name].
    energy : ndarray
        What was asked [energy].
    energies : ndarray
        Rows of the table [energy].

    Raises
    ------
    OutOfRange
        With the range in keV.

    Example
    -------
    >>> inside("quenching", np.array([2.0]), np.array([1.0, 3.0]))
    """
    from nuatom import units as u

    if energy.size and not within(energy, energies[0], energies[-1]):
        raise OutOfRange(
            f"{name}: found {energy.min() / u.keV:.4g} to {energy.max() / u.keV:.4g} keV, "
            f"expected {energies[0] / u.keV:.4g} to {energies[-1] / u.keV:.4g} keV, where the "
            "table ends; extend the table or choose other bins"
        )


def _not_negative(energy: ArrayLike) -> Array:
    """Return energies after checking that none is negative."""
    deposit = finite("energy", energy)
    if np.any(deposit < 0):
        raise InvalidInput("energy: found a negative value, expected all >= 0")
    return deposit
