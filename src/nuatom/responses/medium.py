"""Dense matter: the photon that is exchanged is screened by the dielectric function.

`InMedium` wraps any vector response.  `CloseCollisions` are the electrons that a hard
photon sees one by one, and `Together` adds the two: the photoabsorption-ionisation model
of Allison and Cobb.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nuatom import constants as c
from nuatom.arrays import Array
from nuatom.errors import InvalidInput
from nuatom.responses.equivalent_photon import EquivalentPhoton
from nuatom.responses.free import ELECTRONS, electrons_on_the_ridge
from nuatom.responses.measure import (
    ALL_RESPONSES,
    Measure,
    Part,
    Response,
    SumOfParts,
    gauss_legendre,
)
from nuatom.targets.dielectric import ComplexArray, Dielectric
from nuatom.targets.oscillator_strength import OscillatorStrength

VECTOR_RESPONSES = frozenset({"L", "T"})
"""What one photon can see."""

POLE_NODES = 32
"""Nodes of `EquivalentPhotonInMedium` below Q^2 = T^2."""
RIDGE_NODES = 28
"""Its nodes in ln |q|^2 between Q^2 = T^2 and the cut-off."""

_NARROWEST = 1e-6
"""Im(eps)/|1 - eps| below which the medium hardly absorbs and its width is not resolved."""
_REACH = 4.0
"""Intervals end this many distances of the screened pole from the real axis, in ln Q^2."""
_NEAREST, _FURTHEST = 0.02, 6.0


@dataclass(frozen=True)
class InMedium:
    """A vector response seen by a photon in a medium.

    The propagator of the transverse photon changes from ``1/Q^2`` to
    ``1/(Q^2 + T^2 (1 - eps))``, the Coulomb potential from 1 to ``1/eps``:

    ::

        R_T -> R_T Q^4/|Q^2 + T^2 (1 - eps)|^2,      R_L -> R_L/|eps|^2

    with eps(T) for |q| much less than the momentum of the electrons.

    Parameters
    ----------
    response : Response
        The model in vacuum, which must provide L or T [response].
    dielectric : Dielectric
        The medium [dielectric].

    Raises
    ------
    InvalidInput
        If the model provides neither L nor T.

    Notes
    -----
    For channels that exchange one photon and nothing else: magnetic moment, millicharge,
    charge radius, a charged projectile.  Only L and T are provided, so that the weak
    interaction is refused: its interference with the photon would need the complex
    amplitude.  The same eps acts at every Q^2; on the Bethe ridge eps(T, |q|) tends to
    one, so close collisions are to be left outside of the wrapper (see `Together`).
    The poles of the screened propagator are complex; the range of Q^2 is split around
    them so that the quadrature of the wrapped model resolves them.
    """

    response: Response
    dielectric: Dielectric

    def __post_init__(self) -> None:
        """Check that there is something to screen."""
        if not self.provides:
            raise InvalidInput(
                f"InMedium: found the response {self.response.name!r} with neither L nor T, "
                "expected one that a photon can see"
            )

    @property
    def name(self) -> str:
        """Name in the catalogue."""
        return f"{self.response.name}-in-medium"

    @property
    def shells(self) -> tuple[str, ...]:
        """Shells of the wrapped model."""
        return self.response.shells

    @property
    def edges(self) -> Array:
        """Edges of the wrapped model [energy]."""
        return self.response.edges

    @property
    def constituents(self) -> Mapping[str, Array]:
        """Constituents of the wrapped model."""
        return self.response.constituents

    @property
    def provides(self) -> frozenset[str]:
        """The vector responses of the wrapped model."""
        return self.response.provides & VECTOR_RESPONSES

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return the nodes of the wrapped model with screened weights."""
        deficit = self.dielectric.deficit(T)
        ends = np.clip(_breaks(T, deficit), q2_min, np.maximum(q2_min, q2_max))
        limits = [q2_min, *ends, q2_max]
        pieces = [
            self.response.measure(T, q2_min=low, q2_max=high)
            for low, high in itertools.pairwise(limits)
        ]
        shift, coulomb = (T**2 * deficit)[:, None], 1 / _squared(1 - deficit)[:, None]
        screening: dict[str, Callable[[Array], Array]] = {
            "L": lambda _: coulomb,
            "T": lambda q2: q2**2 / _squared(q2 + shift),
        }

        def screened(part: Part, q2: Array) -> Part:
            seen = [name for name in screening if name in part.factors]
            factors = {name: part.factors[name] * screening[name](q2) for name in seen}
            return replace(part, factors=factors)

        whole = concatenated(pieces, self.provides)
        parts = (screened(part, whole.q2[:, :, part.nodes]) for part in whole.parts(self.provides))
        return Measure(whole.q2, SumOfParts(tuple(parts), whole.q2.shape[2]))


def _squared(values: ComplexArray) -> Array:
    """Return ``|z|^2``."""
    return np.asarray(values.real**2 + values.imag**2)


def _breaks(T: Array, deficit: ComplexArray) -> tuple[Array, Array]:
    """Return where the range of Q^2 is split: below and above the pole at |T^2 (1 - eps)|.

    In ln Q^2 the poles lie at ``ln|T^2 (1 - eps)| +- i (pi - |arg(1 - eps)|)``.
    """
    pole = T**2 * np.abs(deficit)
    distance = np.clip(np.pi - np.abs(np.angle(deficit)), _NEAREST, None)
    factor = np.exp(np.minimum(_REACH * distance, _FURTHEST))
    return pole / factor, pole * factor


def concatenated(pieces: Sequence[Measure], names: frozenset[str]) -> Measure:
    """Return several measures as one, node after node.

    Parameters
    ----------
    pieces : sequence of Measure
        For the same T and the same shells [measure].
    names : frozenset of str
        Responses to keep; one that a piece lacks is zero there [names].

    Returns
    -------
    Measure
        The sum of the pieces.
    """
    shells, energies = (max(piece.q2.shape[axis] for piece in pieces) for axis in (0, 1))
    q2 = [np.broadcast_to(p.q2, (shells, energies, p.q2.shape[2])) for p in pieces]
    ends = np.cumsum([0, *(piece.q2.shape[2] for piece in pieces)])
    parts = []
    for piece, start in zip(pieces, ends, strict=False):
        for part in piece.parts(names):
            first, last, _ = part.nodes.indices(piece.q2.shape[2])
            factors = {name: part.factors[name] for name in part.factors if name in names}
            nodes = slice(start + first, start + last)
            parts.append(replace(part, factors=factors, nodes=nodes))
    return Measure(np.concatenate(q2, axis=2), SumOfParts(tuple(parts), int(ends[-1])))


@dataclass(frozen=True)
class EquivalentPhotonInMedium:
    """Equivalent photons in a medium: `InMedium` of `EquivalentPhoton`, with its own nodes.

    ::

        R_T = (T sigma/(2 pi^2 alpha)) Q^4/|Q^2 + T^2 (1 - eps)|^2,
        R_L = (|q|^2 sigma/(4 pi^2 alpha T))/|eps|^2        for Q^2 <= 2mT

    Below Q^2 = T^2 the nodes are those of Gauss and Legendre in s, where
    ``Q^2 = T^2 (Re(eps - 1) + Im(eps) sinh s)``: the screened pole becomes ``1/cosh s``.

    Parameters
    ----------
    dielectric : Dielectric
        The medium, with its photoabsorption [dielectric].
    nodes_factor : int
        Multiplies the number of nodes, to show convergence [dimensionless].

    Notes
    -----
    For a charge; see `InMedium` and `EquivalentPhoton`.  The factor 1/|eps|^2 moves the
    strength of the valence electrons to their plasma energy (16 eV in Ge), around which
    the medium enhances.
    """

    dielectric: Dielectric
    nodes_factor: int = 1
    name: str = "equivalent-photon-in-medium"
    provides: frozenset[str] = VECTOR_RESPONSES

    @property
    def shells(self) -> tuple[str, ...]:
        """Subshells of the photoabsorption source."""
        return self.dielectric.photoabsorption.shells

    @property
    def edges(self) -> Array:
        """Edges of the photoabsorption source [energy]."""
        return self.dielectric.photoabsorption.edges

    @property
    def constituents(self) -> dict[str, Array]:
        """One electron current: the response sums over the electrons."""
        return ELECTRONS

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return nodes below and above Q^2 = T^2 with the screened weights of each subshell."""
        sigma = self.dielectric.photoabsorption.by_shell(T)
        deficit = self.dielectric.deficit(T)
        upper = np.minimum(2 * c.electron_mass * T, q2_max)
        q2, dq2 = self._nodes(T, q2_min, upper, deficit)
        T, deficit = T[:, None], deficit[:, None]
        photon = dq2 / (4 * np.pi**2 * c.fine_structure)
        factors = {
            "L": (T**2 + q2) / (T * _squared(1 - deficit)),
            "T": 2 * T * q2**2 / _squared(q2 + T**2 * deficit),
        }
        return Measure(q2[None], SumOfParts((Part(sigma, photon[None], factors),), q2.shape[1]))

    def _nodes(
        self, T: Array, lower: Array, upper: Array, deficit: ComplexArray
    ) -> tuple[Array, Array]:
        """Return nodes in Q^2 and their weights dQ^2 between the limits."""
        open_ = upper > lower
        lower, upper = np.where(open_, lower, T**2), np.where(open_, upper, T**2)
        middle = np.clip(T**2, lower, upper)
        centre = -(T**2) * deficit.real
        width = T**2 * np.maximum(np.abs(deficit.imag), _NARROWEST * np.abs(deficit))
        s, ds = gauss_legendre(
            np.arcsinh((lower - centre) / width),
            np.arcsinh((middle - centre) / width),
            POLE_NODES * self.nodes_factor,
        )
        q2_low = centre[:, None] + width[:, None] * np.sinh(s)
        dq2_low = width[:, None] * np.cosh(s) * ds
        log_qq, dlog = gauss_legendre(
            np.log(T**2 + middle), np.log(T**2 + upper), RIDGE_NODES * self.nodes_factor
        )
        qq = np.exp(log_qq)
        q2 = np.hstack([q2_low, qq - T[:, None] ** 2])
        return np.clip(q2, lower[:, None], upper[:, None]), np.hstack([dq2_low, qq * dlog])


@dataclass(frozen=True)
class CloseCollisions:
    """Free electrons on the Bethe ridge, as many as have answered up to T.

    ``N_s(T) = (m/(2 pi^2 alpha)) Int_0^T sigma_s dT'`` electrons at ``Q^2 = 2mT``: on a
    charge the Rutherford cross section of the photoabsorption-ionisation model,
    ``(alpha z^2/(pi beta^2 T^2)) Int_0^T sigma dT'``, with the recoil and spin of the
    electron besides.

    Parameters
    ----------
    strength : OscillatorStrength
        Counts the electrons [oscillator strength].

    Notes
    -----
    The total tends to Z; the shells share it as their oscillator strengths, which is not
    their occupation.
    """

    strength: OscillatorStrength
    name: str = "close-collisions"
    provides: frozenset[str] = ALL_RESPONSES

    @property
    def shells(self) -> tuple[str, ...]:
        """Subshells of the photoabsorption source."""
        return self.strength.photoabsorption.shells

    @property
    def edges(self) -> Array:
        """Edges of the photoabsorption source [energy]."""
        return self.strength.photoabsorption.edges

    @property
    def constituents(self) -> dict[str, Array]:
        """One electron current: the response sums over the electrons."""
        return ELECTRONS

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return one node with the weights of the electrons that take part."""
        return electrons_on_the_ridge(T, self.strength.taking_part(T), q2_min, q2_max)


@dataclass(frozen=True)
class Together:
    """Two or more parts of one model that add without overlap.

    Parameters
    ----------
    name : str
        Name of the whole [name].
    parts : tuple of Response
        With the same shells; the whole provides what all parts provide [response].

    Raises
    ------
    InvalidInput
        If there is no part, or the shells differ.

    Notes
    -----
    Whether the parts leave each other's range of Q^2 alone is for the caller to know.
    """

    name: str
    parts: tuple[Response, ...]

    def __post_init__(self) -> None:
        """Check that the parts fit."""
        if len({part.shells for part in self.parts}) != 1:
            raise InvalidInput(f"{self.name}: expected parts with the same shells, at least one")

    @property
    def shells(self) -> tuple[str, ...]:
        """Shells of the parts."""
        return self.parts[0].shells

    @property
    def edges(self) -> Array:
        """Edges of the first part [energy]."""
        return self.parts[0].edges

    @property
    def constituents(self) -> Mapping[str, Array]:
        """Constituents of the first part."""
        return self.parts[0].constituents

    @property
    def provides(self) -> frozenset[str]:
        """What all parts provide."""
        return frozenset.intersection(*(part.provides for part in self.parts))

    def measure(self, T: Array, *, q2_min: Array, q2_max: Array) -> Measure:
        """Return the nodes of all parts."""
        pieces = [part.measure(T, q2_min=q2_min, q2_max=q2_max) for part in self.parts]
        return concatenated(pieces, self.provides)


def photoabsorption_ionisation(dielectric: Dielectric, *, vacuum: bool = False) -> Together:
    """Return the photoabsorption-ionisation model of Allison and Cobb.

    Equivalent photons up to ``Q^2 = 2mT`` in the medium, and close collisions with the
    electrons that have answered up to T.

    Parameters
    ----------
    dielectric : Dielectric
        The medium, with its photoabsorption [dielectric].
    vacuum : bool
        Whether the density effect is left out, for comparison [flag].

    Returns
    -------
    Together
        Named ``photoabsorption-ionisation``, or with ``-in-vacuum`` at its end.

    Notes
    -----
    For anything with an electric charge.  W. W. M. Allison and J. H. Cobb, Annu. Rev.
    Nucl. Part. Sci. 30, 253 (1980).

    Example
    -------
    >>> from nuatom.targets import element
    >>> from nuatom.targets.dielectric import dielectric
    >>> model = photoabsorption_ionisation(dielectric(element("Ge")))
    >>> model.name, sorted(model.provides)
    ('photoabsorption-ionisation', ['L', 'T'])
    """
    soft: Response = EquivalentPhotonInMedium(dielectric)
    if vacuum:
        soft = EquivalentPhoton(dielectric.photoabsorption)
    hard = CloseCollisions(OscillatorStrength(dielectric.photoabsorption))
    suffix = "-in-vacuum" if vacuum else ""
    return Together(f"photoabsorption-ionisation{suffix}", (soft, hard))
