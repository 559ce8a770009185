"""Atomic and nuclear models by name."""

import functools

from nuatom.catalog.entries import FREEDMAN, VOGEL, Model
from nuatom.errors import InvalidInput
from nuatom.responses import (
    EquivalentPhoton,
    EquivalentPhotonInMedium,
    FreeElectrons,
    Hydrogenic,
    ImpulseApproximation,
    Nucleus,
    PaperEquivalentPhoton,
    SteppedElectrons,
    Tabulated,
    photoabsorption_ionisation,
)
from nuatom.responses.nucleus import FormFactor
from nuatom.responses.shipped_tables import shipped_elements, shipped_table
from nuatom.targets import Element, dielectric, photoabsorption

RETRACTED = (
    "Eq. (10) of PRL 105, 061801 (2010) for a magnetic moment was retracted by its authors "
    "(arXiv:1001.2074v3, after Voloshin, PRL 105, 201801)"
)
DIPOLES = ("magnetic-moment", "electric-dipole-moment")
"""Channels without a photon pole for which Eq. (10) held F_a constant."""
AB_INITIO, WITHOUT_TABLE = "ab-initio", "stepped"
"""The default for electrons where the package holds a table of the element, and elsewhere."""
NODES_FACTOR = 0.8
"""Of the quadrature of ab-initio tables, where many shells are added: within 1e-3 of five times
the nodes, and a fifth faster than with all of them."""
_PAPER = "H. T. Wong, H. B. Li and S. T. Lin, Phys. Rev. Lett. 105, 061801 (2010)"
_ALLISON = "W. W. M. Allison and J. H. Cobb, Annu. Rev. Nucl. Part. Sci. 30, 253 (1980)"


def _nucleus(target: Element, form: FormFactor) -> Nucleus:
    if not target.isotopes:
        raise InvalidInput(
            f"nucleus: found {target.symbol}, which has no natural isotopes, expected an "
            "element that has; choose another target"
        )
    return Nucleus(target.atomic_number, target.isotopes, form)


def default_response(target: Element | str) -> str:
    """Return the name of the model of electrons that is taken when none is asked for.

    Parameters
    ----------
    target : Element or str
        An element or its symbol [name].

    Returns
    -------
    str
        ``ab-initio`` where the package holds a table of the element, else ``stepped``.

    Example
    -------
    >>> default_response("Ge"), default_response("U")
    ('ab-initio', 'stepped')
    """
    symbol = target if isinstance(target, str) else target.symbol
    return AB_INITIO if symbol in shipped_elements() else WITHOUT_TABLE


@functools.cache
def _ab_initio(symbol: str) -> Tabulated:
    """Return the model of the table in the package, whose splines are made once."""
    return Tabulated(shipped_table(symbol), name=AB_INITIO, nodes_factor=NODES_FACTOR)


RESPONSES: dict[str, Model] = {
    AB_INITIO: Model(
        lambda target, _photo, _form: _ab_initio(target.symbol),
        "relativistic Hartree-Fock atom from first principles, all multipoles, measured edges; "
        "the default for electrons where the package holds a table of the element",
        "independent electrons: no correlation, which matters below about 0.2 keV and for a "
        "millicharge near edges; a free atom, so no solid below 0.1 keV; within the energies of "
        "the table",
        "structure engine of this package; I. P. Grant, Adv. Phys. 19, 747 (1970)",
    ),
    "free": Model(
        lambda target, _photo, _form: FreeElectrons(target),
        "Z free electrons at rest",
        "energy transfers far above every binding energy",
        VOGEL,
    ),
    "stepped": Model(
        lambda target, _photo, _form: SteppedElectrons(target),
        "free electrons, each subshell above its measured edge",
        "magnetic moment and weak: 1 % above 1 keV, tens of per cent below; "
        "not for a millicharge near edges",
        "V. I. Kopeikin et al., Phys. At. Nucl. 60, 1859 (1997)",
    ),
    "equivalent-photon": Model(
        lambda target, photo, _form: EquivalentPhoton(photoabsorption(target, photo)),
        "constant F_a in R_L and R_T up to Q^2 = 2mT",
        "millicharge near the photon point; not for a magnetic moment, which has no photon pole",
        "M. B. Voloshin, Phys. Rev. Lett. 105, 201801 (2010)",
        retracted=DIPOLES,
    ),
    "equivalent-photon-transverse": Model(
        lambda target, photo, _form: EquivalentPhoton(
            photoabsorption(target, photo), transverse_only=True
        ),
        "constant F_a in R_T only up to Q^2 = 2mT",
        "millicharge near the photon point; not for a magnetic moment, which has no photon pole",
        "M. B. Voloshin, Phys. Rev. Lett. 105, 201801 (2010)",
        retracted=DIPOLES,
    ),
    "equivalent-photon-in-medium": Model(
        lambda target, photo, _form: EquivalentPhotonInMedium(
            dielectric(target, photoabsorption_source=photo)
        ),
        "equivalent photons screened by the dielectric function (density effect), Q^2 <= 2mT",
        "millicharge in a solid above about 50 eV, soft collisions only; not for a magnetic "
        "moment, nor for weak",
        _ALLISON,
        retracted=DIPOLES,
    ),
    "photoabsorption-ionisation": Model(
        lambda target, photo, _form: photoabsorption_ionisation(
            dielectric(target, photoabsorption_source=photo)
        ),
        "screened equivalent photons plus close collisions with free electrons",
        "millicharge in a solid above about 50 eV; not for a magnetic moment, nor for weak",
        _ALLISON,
        retracted=DIPOLES,
    ),
    "photoabsorption-ionisation-in-vacuum": Model(
        lambda target, photo, _form: photoabsorption_ionisation(
            dielectric(target, photoabsorption_source=photo), vacuum=True
        ),
        "the same for a single atom, without the density effect",
        "millicharge on a free atom; not for a magnetic moment, nor for weak",
        _ALLISON,
        retracted=DIPOLES,
    ),
    "equivalent-photon-paper": Model(
        lambda target, photo, _form: PaperEquivalentPhoton(photoabsorption(target, photo)),
        "the literal Eq. (10) of the paper; magnetic moment only",
        "nowhere: kept to reproduce the paper",
        _PAPER,
        retracted=DIPOLES,
    ),
    "hydrogenic": Model(
        lambda target, _photo, _form: Hydrogenic(target),
        "screened hydrogenic shells (exact 1s-3d forms, Slater charges, measured edges), "
        "with the transverse response",
        "exact for hydrogen; magnetic moment, weak and charge radius near and above the edges of "
        "K and L shells; a millicharge only above about 0.2 keV (Ge) or 0.5 keV (Xe)",
        "H. Bethe, Ann. Phys. 397, 325 (1930); M. C. Walske, Phys. Rev. 101, 940 (1956); "
        "J. C. Slater, Phys. Rev. 36, 57 (1930)",
    ),
    "impulse": Model(
        lambda target, _photo, _form: ImpulseApproximation(target),
        "free electrons with the Compton profile of their subshell, above its measured edge",
        "on the Bethe ridge, at a few times the edges or more; not for a millicharge at "
        "Q^2 << 2mT: no photon point",
        "F. Biggs, L. B. Mendelsohn and J. B. Mann, At. Data Nucl. Data Tables 16, 201 (1975), "
        "through xraylib; P. Eisenberger and P. M. Platzman, Phys. Rev. A 2, 415 (1970)",
    ),
    "nucleus": Model(
        lambda target, _photo, form: _nucleus(target, form),
        "coherent scattering on each isotope; the energy transfer is the nuclear recoil",
        "spin-0 nuclei",
        FREEDMAN,
    ),
}
