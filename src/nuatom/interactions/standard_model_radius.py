"""The charge radius that the Standard Model gives to each neutrino flavour."""

import numpy as np

from nuatom import constants as c
from nuatom.interactions.terms import check_flavor

_LEPTON_MASS = {"nu_e": c.electron_mass, "nu_mu": c.muon_mass, "nu_tau": c.tau_mass}


def standard_model_charge_radius(flavor: str) -> float:
    """Return <r^2> of a neutrino flavour in the Standard Model.

    ``<r^2> = -(G/(2 sqrt2 pi^2)) [3 - 2 ln(m_l^2/M_W^2)]``, with m_l the mass of the
    charged lepton of the same flavour: -0.83, -0.48, -0.30 e-32 cm^2 for e, mu, tau.

    Parameters
    ----------
    flavor : str
        One of the six flavours; antiflavours have the same radius [name].

    Returns
    -------
    float
        In the convention ``<r^2> = 6 dF_1/dq^2`` [length^2].

    Raises
    ------
    InvalidInput
        If the flavour is not one of the six.

    Notes
    -----
    Valid for Q^2 << m_l^2.  J. Bernabeu, L. G. Cabral-Rosetti, J. Papavassiliou and
    J. Vidal, Phys. Rev. D 62, 113012 (2000); J. Bernabeu, J. Papavassiliou and J. Vidal,
    Phys. Rev. Lett. 89, 101802 (2002).  Half of this value with the opposite sign
    (+0.41e-32 cm^2 for nu_e) is the same radius in another convention.  Couplings that
    contain the flavour-dependent radiative corrections contain this radius already: it
    must not be added to them.  The tree-level `Weak` of this package does not.

    Example
    -------
    >>> from nuatom import units as u
    >>> round(standard_model_charge_radius("nu_e") / (1e-32 * u.cm**2), 2)
    -0.83
    """
    mass = _LEPTON_MASS[check_flavor(flavor).removeprefix("anti_")]
    bracket = 3 - 2 * np.log((mass / c.w_mass) ** 2)
    return float(-c.fermi_coupling / (2 * np.sqrt(2) * np.pi**2) * bracket)
