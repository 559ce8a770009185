"""Atoms with a hole: relaxed thresholds, and the field in which the electron leaves."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.structure.angular import exchange_ranks
from nuatom.structure.atom import AtomicState, Orbital, mean_field_of
from nuatom.structure.configuration import Occupation, Subshell, hole_occupation
from nuatom.structure.dirac_fock import solve_dirac_fock
from nuatom.structure.rounds import energies_of, fock_matrices


@dataclass(frozen=True)
class Threshold:
    """What it takes to remove one electron from a subshell.

    Parameters
    ----------
    subshell : Subshell
        Where the hole is [subshell].
    frozen : float
        Minus the eigenvalue: the other electrons stay as they were (Koopmans) [energy].
    relaxation : float
        What the ion gains when its orbitals adjust [energy].

    Example
    -------
    >>> Threshold(Subshell(1, -1), 10.0, 0.5).relaxed
    9.5
    """

    subshell: Subshell
    frozen: float
    relaxation: float

    @property
    def relaxed(self) -> float:
        """Difference of two self-consistent total energies (Delta-SCF)."""
        return self.frozen - self.relaxation


def ion_occupation(state: AtomicState, name: str) -> Occupation:
    """Return the occupation after one electron has left a subshell.

    Parameters
    ----------
    state : AtomicState
        The atom before [atomic state].
    name : str
        Such as 2p3/2 [name].

    Returns
    -------
    Occupation
        The average described at `hole_occupation`.

    Raises
    ------
    InvalidInput
        If the state itself is an ion with a hole.
    """
    if state.problem.occupation is not None:
        raise InvalidInput("the atom has a hole already: expected the average of a configuration")
    return hole_occupation(state.problem.shells, state.orbital(name).subshell)


def relaxed_ion(state: AtomicState, name: str) -> AtomicState:
    """Return the ion with a hole, its orbitals at rest in their own field.

    Parameters
    ----------
    state : AtomicState
        The atom before, with exact exchange [atomic state].
    name : str
        Such as 2p3/2 [name].

    Returns
    -------
    AtomicState
        Of one electron less.

    Raises
    ------
    InvalidInput
        If the atom has one electron only, a hole already, or local exchange.
    NotConverged
        If its field does not settle.

    Example
    -------
    >>> from nuatom.structure import ground_state
    >>> round(relaxed_ion(ground_state("He"), "1s1/2").total_energy, 4)
    -2.0001
    """
    if state.exchange is not None:
        raise InvalidInput("relaxation is computed with exact exchange only: use dirac-fock")
    return solve_dirac_fock(state.problem.with_occupation(ion_occupation(state, name)), state)


def threshold(state: AtomicState, name: str) -> Threshold:
    """Return the frozen and the relaxed threshold of a subshell (Delta-SCF).

    ``B = -e_a - [E_frozen(ion) - E_relaxed(ion)]``.  For a full subshell this is the
    difference of the total energies of ion and atom, because there Koopmans' theorem holds;
    in an open shell the atom counts in those states in which the place was filled.

    Parameters
    ----------
    state : AtomicState
        The atom, with exact exchange [atomic state].
    name : str
        Such as 2p3/2 [name].

    Returns
    -------
    Threshold
        In atomic units.

    Raises
    ------
    NotConverged
        If the field of the ion does not settle.

    Example
    -------
    >>> from nuatom.structure import ground_state
    >>> helium = threshold(ground_state("He"), "1s1/2")
    >>> round(helium.frozen, 4), round(helium.relaxed, 4)
    (0.918, 0.8617)
    """
    one = state.orbital(name)
    occupation = ion_occupation(state, name)
    if not occupation.subshells:
        return Threshold(one.subshell, -one.energy, 0.0)
    ion = state.problem.with_occupation(occupation)
    kept = [state.orbital(subshell.name) for subshell in occupation.subshells]
    focks = fock_matrices(ion, mean_field_of(ion, kept))
    _, frozen = energies_of(ion, [orbital.coefficients for orbital in kept], focks)
    return Threshold(one.subshell, -one.energy, frozen - relaxed_ion(state, name).total_energy)


def thresholds(state: AtomicState) -> Iterator[Threshold]:
    """Yield the threshold of every subshell, from the innermost outwards.

    Parameters
    ----------
    state : AtomicState
        The atom, with exact exchange [atomic state].

    Yields
    ------
    Threshold
        One at a time, because each costs a self-consistent field.
    """
    for orbital in state.orbitals:
        yield threshold(state, orbital.name)


@dataclass(frozen=True)
class ExchangeTerm:
    r"""One term of the exchange that acts on an electron outside.

    ``(X f)(r) = sum weight Y^k[b f](r)/r (P_b, Q_b)(r)``, to be subtracted, with
    ``Y^k[b f](r)/r = Int r_<^k/r_>^(k+1) (P_b P_f + Q_b Q_f)(r') dr'``.

    Parameters
    ----------
    orbital : Orbital
        b [orbital].
    rank : int
        k [dimensionless].
    weight : float
        Electrons in b times Gamma_k [dimensionless].
    """

    orbital: Orbital
    rank: int
    weight: float


@dataclass(frozen=True, eq=False)
class CoreField:
    """The field V^(N-1) of the frozen core that an electron leaves behind, with its hole.

    Parameters
    ----------
    state : AtomicState
        The atom before, with exact exchange [atomic state].
    hole : str
        The subshell that the electron left, such as 2p3/2 [name].

    Raises
    ------
    InvalidInput
        If exchange is local: there the potential of the atom is that of the continuum too.

    Example
    -------
    >>> from nuatom.structure import ground_state
    >>> field = CoreField(ground_state("Ne"), "2p3/2")
    >>> field.electrons.tolist()
    [2.0, 2.0, 2.0, 3.0]
    >>> [(term.orbital.name, term.rank) for term in field.exchange(-1)]
    [('1s1/2', 0), ('2s1/2', 0), ('2p1/2', 1), ('2p3/2', 1)]
    """

    state: AtomicState
    hole: str

    def __post_init__(self) -> None:
        """Refuse local exchange."""
        if self.state.exchange is not None:
            raise InvalidInput(
                "a core field needs exact exchange: with a local potential use that of the atom"
            )

    @cached_property
    def electrons(self) -> Array:
        """Number of electrons that stay in each orbital of the atom, shape (orbital,)."""
        subshells = [orbital.subshell for orbital in self.state.orbitals]
        return ion_occupation(self.state, self.hole).of(subshells)

    def potential(self, r: Array) -> Array:
        """Return nucleus and direct field at any radii; -1/r far outside a neutral atom.

        Parameters
        ----------
        r : ndarray
            Radii, positive, shape (n,) [length].

        Returns
        -------
        ndarray
            Potential energy of the electron, shape (n,).
        """
        bare = self.state.problem.nucleus.potential(r)
        return np.asarray(bare + self.state.field.direct_at(self.electrons, r))

    def exchange(self, kappa: int) -> tuple[ExchangeTerm, ...]:
        """Return the terms of the exchange that acts on an electron of a kappa.

        Parameters
        ----------
        kappa : int
            Of the electron that leaves [dimensionless].

        Returns
        -------
        tuple of ExchangeTerm
            All that do not vanish, by orbital and rank.
        """
        return tuple(
            ExchangeTerm(orbital, rank, float(electrons) * coefficient)
            for orbital, electrons in zip(self.state.orbitals, self.electrons, strict=True)
            for rank, coefficient in exchange_ranks(kappa, orbital.kappa)
            if electrons > 0
        )

    def matrix(self, kappa: int) -> Array:
        """Return the whole Hamiltonian of the electron in the basis of splines.

        Parameters
        ----------
        kappa : int
            Of the electron that leaves; need not be occupied [dimensionless].

        Returns
        -------
        ndarray
            Less the rest energy.
        """
        return self.state.field.fock(kappa, self.electrons)


@dataclass(frozen=True, eq=False)
class RelaxedField:
    """The field V^(N-1) of the ion whose orbitals have adjusted to the hole.

    Where the electron leaves slowly, the others follow: they screen the hole, which a frozen
    core does not.

    Parameters
    ----------
    atom : AtomicState
        Before, with exact exchange [atomic state].
    hole : str
        The subshell that the electron left, such as 2p3/2 [name].

    Raises
    ------
    InvalidInput
        If the atom has one electron only, a hole already, or local exchange.

    Example
    -------
    >>> from nuatom.structure import ground_state
    >>> RelaxedField(ground_state("Ne"), "1s1/2").electrons.tolist()
    [1.0, 2.0, 2.0, 4.0]
    """

    atom: AtomicState
    hole: str

    @cached_property
    def state(self) -> AtomicState:
        """The ion, with its own orbitals."""
        return relaxed_ion(self.atom, self.hole)

    @property
    def electrons(self) -> Array:
        """Number of electrons in each orbital of the ion, shape (orbital,)."""
        return self.state.electrons

    def potential(self, r: Array) -> Array:
        """Return nucleus and direct field at any radii; -1/r far outside a neutral atom.

        Parameters
        ----------
        r : ndarray
            Radii, positive, shape (n,) [length].

        Returns
        -------
        ndarray
            Potential energy of the electron, shape (n,).
        """
        return self.state.potential(r)

    def matrix(self, kappa: int) -> Array:
        """Return the whole Hamiltonian of the electron in the basis of splines.

        Parameters
        ----------
        kappa : int
            Of the electron that leaves; need not be occupied [dimensionless].

        Returns
        -------
        ndarray
            Less the rest energy.
        """
        return self.state.field.fock(kappa, self.electrons)
