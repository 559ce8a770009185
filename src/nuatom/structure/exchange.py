r"""A local potential in the place of exact exchange."""

from dataclasses import dataclass

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import InvalidInput, lookup


@dataclass(frozen=True)
class LocalExchange:
    r"""Exchange of a free electron gas, with the right potential far outside.

    With n(r) electrons per unit radius::

        V_x = -(3/2) alpha [3 rho/pi]^(1/3),   rho = n/(4 pi r^2),
        -r V = q + s ln[1 + exp((x - q)/s)],   x = -r (V_nucleus + V_electrons + V_x),

    where q is the charge of the ion that an electron leaves behind.  alpha = 1 is Slater's
    exchange, 2/3 that of Kohn and Sham.  Latter's rule, -r V = max(x, q), is the limit
    s = 0; its kink would spoil every integration of high order, so that it is rounded off.

    Parameters
    ----------
    factor : float
        alpha [dimensionless].
    rounding : float
        s, the width of the rounding in units of charge [dimensionless].

    Notes
    -----
    J. C. Slater, Phys. Rev. 81, 385 (1951); W. Kohn and L. J. Sham, Phys. Rev. 140, A1133
    (1965); R. Latter, Phys. Rev. 99, 510 (1955).

    Example
    -------
    >>> far, none = np.array([50.0]), np.zeros(1)
    >>> LocalExchange(2 / 3).potential(-1 / far, 1 / far, none, far, 1) * far
    array([-1.])
    """

    factor: float
    rounding: float = 0.05

    def __post_init__(self) -> None:
        """Check the numbers."""
        if not (self.factor >= 0 and self.rounding > 0):
            raise InvalidInput(
                f"local exchange: found factor {self.factor}, rounding {self.rounding}; "
                "expected factor >= 0 and rounding > 0"
            )

    def potential(self, bare: Array, direct: Array, density: Array, r: Array, charge: int) -> Array:
        """Return the whole potential: nucleus, direct field and exchange.

        Parameters
        ----------
        bare : ndarray
            Of the nucleus [energy].
        direct : ndarray
            Of the charge of all electrons [energy].
        density : ndarray
            n, electrons per unit radius [1/length].
        r : ndarray
            Radii [length].
        charge : int
            q, of the ion that an electron leaves behind [dimensionless].

        Returns
        -------
        ndarray
            Same shape as `r`.
        """
        rho = np.maximum(density, 0.0) / (4 * np.pi * r**2)
        exchange = -1.5 * self.factor * (3 * rho / np.pi) ** (1 / 3)
        x = -r * (bare + direct + exchange)
        seen = charge + self.rounding * np.logaddexp(0.0, (x - charge) / self.rounding)
        return np.asarray(-seen / r)


LOCAL_MODELS = {"kohn-sham": LocalExchange(2 / 3), "slater": LocalExchange(1.0)}
"""Local potentials by name."""


def local_exchange(name: str) -> LocalExchange:
    """Return the local exchange of a name.

    Parameters
    ----------
    name : str
        kohn-sham or slater [name].

    Returns
    -------
    LocalExchange
        Its factor and rounding.

    Raises
    ------
    UnknownName
        If there is none of that name.

    Example
    -------
    >>> local_exchange("slater").factor
    1.0
    """
    return lookup("local potential", name, LOCAL_MODELS)
