"""Electron configurations: subshells, their average occupation and holes in them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import InvalidInput, unknown
from nuatom.structure.angular import LETTERS, orbital_l, twice_j


@dataclass(frozen=True, order=True)
class Subshell:
    """A relativistic subshell.

    Parameters
    ----------
    n : int
        Principal quantum number [dimensionless].
    kappa : int
        Relativistic quantum number [dimensionless].

    Example
    -------
    >>> Subshell(2, -2).name, Subshell(2, -2).capacity
    ('2p3/2', 4)
    """

    n: int
    kappa: int

    @property
    def angular_momentum(self) -> int:
        """Orbital angular momentum of the large component."""
        return orbital_l(self.kappa)

    @property
    def capacity(self) -> int:
        """Number of electrons when full, 2j + 1."""
        return 2 * abs(self.kappa)

    @property
    def name(self) -> str:
        """Such as 2p3/2."""
        return f"{self.n}{LETTERS[self.angular_momentum]}{twice_j(self.kappa)}/2"


@dataclass(frozen=True)
class Shell:
    """Electrons that share n and l.

    Parameters
    ----------
    n : int
        Principal quantum number [dimensionless].
    angular_momentum : int
        Orbital quantum number l [dimensionless].
    electrons : int
        From 1 to 2(2l + 1) [dimensionless].

    Raises
    ------
    InvalidInput
        If n <= l, or if the electrons do not fit.

    Example
    -------
    >>> [subshell.name for subshell in Shell(2, 1, 6).subshells]
    ['2p1/2', '2p3/2']
    """

    n: int
    angular_momentum: int
    electrons: int

    def __post_init__(self) -> None:
        """Check the quantum numbers."""
        ell = self.angular_momentum
        if not 0 <= ell < self.n:
            raise InvalidInput(f"shell n = {self.n}, l = {ell}: expected 0 <= l < n")
        if not 1 <= self.electrons <= self.capacity:
            raise InvalidInput(
                f"shell {self.n}{LETTERS[ell]}: found {self.electrons} electrons, "
                f"expected 1 to {self.capacity}"
            )

    @property
    def capacity(self) -> int:
        """Number of electrons when full."""
        return 4 * self.angular_momentum + 2

    @property
    def subshells(self) -> tuple[Subshell, ...]:
        """With j = l - 1/2 and j = l + 1/2."""
        ell = self.angular_momentum
        kappas = (ell, -ell - 1) if ell else (-1,)
        return tuple(Subshell(self.n, kappa) for kappa in kappas)


CORES = {
    "He": "1s2",
    "Ne": "[He] 2s2 2p6",
    "Ar": "[Ne] 3s2 3p6",
    "Kr": "[Ar] 3d10 4s2 4p6",
    "Xe": "[Kr] 4d10 5s2 5p6",
    "Rn": "[Xe] 4f14 5d10 6s2 6p6",
}


def parse_configuration(text: str) -> tuple[Shell, ...]:
    """Return the shells of a configuration such as ``[Ar] 3d10 4s2 4p2``.

    Parameters
    ----------
    text : str
        Shells in any order, after an optional noble-gas core in brackets; a shell without
        a number holds one electron [text].

    Returns
    -------
    tuple of Shell
        Ordered by n, then l.

    Raises
    ------
    InvalidInput
        If it cannot be read, a shell occurs twice or is overfull.
    UnknownName
        If the core is not a noble gas.

    Example
    -------
    >>> sum(shell.electrons for shell in parse_configuration("[Ar] 3d10 4s2 4p2"))
    32
    """
    shells: dict[tuple[int, int], Shell] = {}
    for word in text.split():
        if core := re.fullmatch(r"\[(\w+)\]", word):
            if core[1] not in CORES:
                raise unknown("noble-gas core", core[1], CORES)
            found = parse_configuration(CORES[core[1]])
        elif shell := re.fullmatch(rf"(\d+)([{LETTERS}])(\d*)", word):
            found = (Shell(int(shell[1]), LETTERS.index(shell[2]), int(shell[3] or 1)),)
        else:
            raise InvalidInput(
                f"configuration: found {word!r}, expected shells such as 3d10 or a core such as "
                "[Ar], separated by blanks"
            )
        for one in found:
            if (one.n, one.angular_momentum) in shells:
                raise InvalidInput(
                    f"configuration: shell {one.n}{LETTERS[one.angular_momentum]} occurs twice"
                )
            shells[one.n, one.angular_momentum] = one
    return tuple(shells[key] for key in sorted(shells))


@dataclass(frozen=True, eq=False)
class Occupation:
    r"""How many electrons, and how many pairs of them, an average holds.

    The energy of the average is::

        E = sum_a q_a I_a + 1/2 sum_ab w_ab [F^0(ab) - sum_k Gamma_k(ab) G^k(ab)]

    and the field in which an electron of a moves has the weights ``w_ab/q_a`` instead of
    the occupations of b: in an open shell an electron does not act on itself.

    Parameters
    ----------
    subshells : tuple of Subshell
        Those that hold electrons [subshell].
    electrons : ndarray
        q_a, mean number in each, shape (a,) [dimensionless].
    pairs : ndarray
        w_ab, shape (a, a); the mean number of ordered pairs of different electrons, times
        ``N_a/(N_a - 1)`` within one subshell [dimensionless].

    Example
    -------
    >>> average_occupation(parse_configuration("1s2 2s2 2p1")).electrons.round(3).tolist()
    [2.0, 2.0, 0.333, 0.667]
    """

    subshells: tuple[Subshell, ...]
    electrons: Array
    pairs: Array

    @cached_property
    def total(self) -> int:
        """Number of electrons."""
        return round(float(self.electrons.sum()))

    @cached_property
    def kappas(self) -> tuple[int, ...]:
        """Kappa of each subshell."""
        return tuple(subshell.kappa for subshell in self.subshells)

    @cached_property
    def fields(self) -> Array:
        """Weights ``w_ab/q_a`` of the field seen from each subshell, shape (a, b)."""
        return np.asarray(self.pairs / self.electrons[:, None])

    def of(self, subshells: Sequence[Subshell]) -> Array:
        """Return the number of electrons in each of the given subshells, zero where none.

        Parameters
        ----------
        subshells : sequence of Subshell
            In any order [subshell].

        Returns
        -------
        ndarray
            Shape (len(subshells),).
        """
        held = dict(zip(self.subshells, self.electrons, strict=True))
        return np.array([held.get(subshell, 0.0) for subshell in subshells])


def _level(subshell: Subshell) -> tuple[int, int, int]:
    """Sort by n, l, j."""
    return subshell.n, subshell.angular_momentum, abs(subshell.kappa)


def _combine(parts: Sequence[tuple[tuple[Subshell, ...], Array, Array]]) -> Occupation:
    """Join shells that are independent of one another."""
    subshells = tuple(subshell for names, _, _ in parts for subshell in names)
    electrons = np.concatenate([q for _, q, _ in parts]) if parts else np.zeros(0)
    pairs = np.outer(electrons, electrons)
    start = 0
    for names, _, own in parts:
        stop = start + len(names)
        pairs[start:stop, start:stop] = own
        start = stop
    order = sorted(range(len(subshells)), key=lambda i: _level(subshells[i]))
    kept = [i for i in order if electrons[i] > 0]
    return Occupation(tuple(subshells[i] for i in kept), electrons[kept], pairs[np.ix_(kept, kept)])


def average_occupation(shells: Sequence[Shell]) -> Occupation:
    """Return the average over all states of a non-relativistic configuration.

    With q electrons among the N places of a shell each place holds ``q/N`` and each ordered
    pair of places ``q(q - 1)/(N(N - 1))``.

    Parameters
    ----------
    shells : sequence of Shell
        The configuration [shell].

    Returns
    -------
    Occupation
        Means over all Slater determinants of the configuration.

    Example
    -------
    >>> float(average_occupation([Shell(2, 1, 2)]).pairs.sum().round(12))  # 2, and self-pairs
    2.4
    """
    parts = []
    for shell in shells:
        places = np.array([subshell.capacity for subshell in shell.subshells], dtype=float)
        q, n = shell.electrons, shell.capacity
        pair = q * (q - 1) / (n * (n - 1))
        parts.append((shell.subshells, places * q / n, np.outer(places, places) * pair))
    return _combine(parts)


def hole_occupation(shells: Sequence[Shell], hole: Subshell) -> Occupation:
    """Return the average after one electron has left a given relativistic subshell.

    One place of the subshell is empty; the other q - 1 electrons of its shell are spread
    over the N - 1 places that remain.  From a full shell this is the relativistic
    configuration with one electron less in that subshell.

    Parameters
    ----------
    shells : sequence of Shell
        The configuration before [shell].
    hole : Subshell
        Where the electron is missing [subshell].

    Returns
    -------
    Occupation
        Of the ion.

    Raises
    ------
    UnknownName
        If the configuration has no electron there.

    Example
    -------
    >>> hole_occupation(parse_configuration("1s2 2s2 2p6"), Subshell(2, -2)).electrons.tolist()
    [2.0, 2.0, 2.0, 3.0]
    """
    if not any(hole in shell.subshells for shell in shells):
        names = [subshell.name for shell in shells for subshell in shell.subshells]
        raise unknown("occupied subshell", hole.name, names)
    full = average_occupation([shell for shell in shells if hole not in shell.subshells])
    shell = next(shell for shell in shells if hole in shell.subshells)
    places = np.array([one.capacity - (one == hole) for one in shell.subshells], dtype=float)
    q, n = shell.electrons - 1, shell.capacity - 1
    pair = q * (q - 1) / (n * (n - 1)) if n > 1 else 0.0
    own = np.outer(places, places) * pair
    for i, one in enumerate(shell.subshells):
        if one == hole:  # N'(N' - 1) pairs of N' = N_a - 1 places, times N_a/(N_a - 1)
            own[i, i] = one.capacity * (one.capacity - 2) * pair
    rest = (full.subshells, full.electrons, full.pairs)
    return _combine([rest, (shell.subshells, places * q / n, own)])
