"""The parameters of three-flavour mixing and the PMNS matrix."""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from nuatom import units as u
from nuatom.arrays import finite
from nuatom.errors import InvalidInput, lookup

ComplexArray = npt.NDArray[np.complex128]

FLAVOR_ROWS = {"nu_e": 0, "nu_mu": 1, "nu_tau": 2}
"""Row of each flavour in the PMNS matrix; an antineutrino has the row of its neutrino."""


@dataclass(frozen=True)
class MixingParameters:
    """Angles, phases and splittings of three-flavour mixing, PDG parametrisation.

    Parameters
    ----------
    theta12, theta13, theta23 : float
        Mixing angles in radians, within [0, pi/2] [dimensionless].
    delta : float
        Dirac phase in radians [dimensionless].
    mass_splitting_21 : float
        ``m_2^2 - m_1^2 > 0`` [energy^2].
    mass_splitting_31 : float
        ``m_3^2 - m_1^2``, negative for the inverted ordering [energy^2].
    majorana_phase_21, majorana_phase_31 : float
        alpha_21 and alpha_31 in radians; without effect on oscillations and on the
        moments of Dirac neutrinos in the mass basis [dimensionless].

    Raises
    ------
    InvalidInput
        If a value is not finite, an angle is outside its quadrant, or the first
        splitting is not positive.

    Example
    -------
    >>> maximal = MixingParameters(0.6, 0.15, np.pi / 4, 0.0, 1.0, 30.0)
    >>> maximal.majorana_phase_21
    0.0
    """

    theta12: float
    theta13: float
    theta23: float
    delta: float
    mass_splitting_21: float
    mass_splitting_31: float
    majorana_phase_21: float = 0.0
    majorana_phase_31: float = 0.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        for field in fields(self):
            finite(field.name, getattr(self, field.name))
        for name in ("theta12", "theta13", "theta23"):
            angle = getattr(self, name)
            if not 0 <= angle <= np.pi / 2:
                raise InvalidInput(f"{name}: found {angle:g}, expected radians in [0, pi/2]")
        if self.mass_splitting_21 <= 0:
            raise InvalidInput("mass_splitting_21: found a value <= 0, expected m_2^2 > m_1^2")


def pmns(parameters: MixingParameters) -> ComplexArray:
    """Return the PMNS matrix U, ``nu_alpha = sum_k U_{alpha k} nu_k`` for the fields.

    ::

        U = R23 . diag(1, 1, e^{i delta}) R13 diag(1, 1, e^{-i delta}) . R12
            . diag(1, e^{i alpha21/2}, e^{i alpha31/2}),    U_e3 = s13 e^{-i delta}

    Parameters
    ----------
    parameters : MixingParameters
        Angles and phases [mixing parameters].

    Returns
    -------
    ndarray
        Shape (3, 3), complex; rows e, mu, tau and columns 1, 2, 3 [dimensionless].

    Notes
    -----
    Particle Data Group, Phys. Rev. D 110, 030001 (2024), review 14, "Neutrino masses,
    mixing, and oscillations".

    Example
    -------
    >>> U = pmns(MixingParameters(0.6, 0.15, 0.8, 1.2, 1.0, 30.0))
    >>> bool(np.allclose(U @ U.conj().T, np.eye(3)))
    True
    """
    c12, s12 = np.cos(parameters.theta12), np.sin(parameters.theta12)
    c13, s13 = np.cos(parameters.theta13), np.sin(parameters.theta13)
    c23, s23 = np.cos(parameters.theta23), np.sin(parameters.theta23)
    phase = np.exp(1j * parameters.delta)
    r23 = np.array([[1, 0, 0], [0, c23, s23], [0, -s23, c23]])
    r13 = np.array([[c13, 0, s13 / phase], [0, 1, 0], [-s13 * phase, 0, c13]])
    r12 = np.array([[c12, s12, 0], [-s12, c12, 0], [0, 0, 1]])
    majorana = np.exp(
        0.5j * np.array([0.0, parameters.majorana_phase_21, parameters.majorana_phase_31])
    )
    matrix: ComplexArray = (r23 @ r13 @ r12) * majorana
    return matrix


def flavor_row(flavor: str) -> tuple[int, bool]:
    """Return the row of a flavour in the PMNS matrix and whether it is an antineutrino.

    Parameters
    ----------
    flavor : str
        nu_e, nu_mu, nu_tau, anti_nu_e, anti_nu_mu or anti_nu_tau [name].

    Returns
    -------
    tuple
        (row, antineutrino).

    Raises
    ------
    UnknownName
        For anything else.

    Example
    -------
    >>> flavor_row("anti_nu_mu")
    (1, True)
    """
    rows = FLAVOR_ROWS | {f"anti_{name}": row for name, row in FLAVOR_ROWS.items()}
    return lookup("flavor", flavor, rows), flavor.startswith("anti_")


def global_fit(ordering: str = "normal", variant: str = "ic24-with-sk") -> MixingParameters:
    """Return the best-fit point of NuFIT 6.0.

    Parameters
    ----------
    ordering : str
        "normal" or "inverted" [name].
    variant : str
        "ic24-with-sk", the fit with the atmospheric tables of IceCube and
        Super-Kamiokande, or "ic19-without-sk" (normal ordering only) [name].

    Returns
    -------
    MixingParameters
        Majorana phases zero: no oscillation experiment sees them.

    Raises
    ------
    UnknownName
        If there is no such combination.

    Notes
    -----
    I. Esteban et al., JHEP 12 (2024) 216, arXiv:2410.05380.  The octant of theta23 and
    delta are not settled; effective moments of nu_e do not depend on theta23.

    Example
    -------
    >>> fit = global_fit()
    >>> round(float(np.sin(fit.theta12) ** 2), 3), round(fit.mass_splitting_21 / u.eV**2, 8)
    (0.308, 7.49e-05)
    """
    row = lookup("global fit", f"{variant}/{ordering}", _best_fits())
    numbers = {name: float(text) for name, text in row.items() if name[:2] in ("si", "de", "dm")}
    dm21 = numbers["dm21_eV2"] * u.eV**2
    dm3l = numbers["dm3l_eV2"] * u.eV**2
    return MixingParameters(
        theta12=float(np.arcsin(np.sqrt(numbers["sin2_theta12"]))),
        theta13=float(np.arcsin(np.sqrt(numbers["sin2_theta13"]))),
        theta23=float(np.arcsin(np.sqrt(numbers["sin2_theta23"]))),
        delta=float(np.deg2rad(numbers["delta_degree"])),
        mass_splitting_21=dm21,
        mass_splitting_31=dm3l if ordering == "normal" else dm3l + dm21,
    )


@cache
def _best_fits() -> dict[str, dict[str, str]]:
    """Return the rows of the table by "variant/ordering"."""
    folder = resources.files("nuatom") / "data" / "oscillation" / "nufit" / "6.0"
    card = tomllib.loads((folder / "data.toml").read_text(encoding="utf-8"))
    text = (folder / str(card["table"])).read_text(encoding="utf-8")
    header, *rows = (line.split(",") for line in text.splitlines())
    table = [dict(zip(header, row, strict=True)) for row in rows]
    return {f"{row['variant']}/{row['ordering']}": row for row in table}
