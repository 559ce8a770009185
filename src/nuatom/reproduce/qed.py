"""Ionisation of germanium by a charged particle: what the equivalent photon is good for.

The paper argues by analogy with quantum electrodynamics: a relativistic charged particle
ionises through equivalent photons, with a cross section that grows as log E, and a
neutrino magnetic moment in the same approximation, Eq. (10), as E^2.  Here the charged
particle goes through the same machinery (a massive projectile, the medium) and its energy
loss is compared with Bethe's formula and with tabulated values.  The logarithm is right and
the tables are met; the E^2 is not and was retracted.
"""

import numpy as np

from nuatom import constants as c
from nuatom import units as u
from nuatom.arrays import Array
from nuatom.interactions import Interaction, MagneticMoment
from nuatom.interactions.charged_projectile import ChargedProjectile
from nuatom.interactions.medium import allison_cobb
from nuatom.rates import cross_section_by_shell
from nuatom.reproduce.energy_loss import (
    PER_AREAL_DENSITY,
    EnergyLoss,
    bethe_loss,
    bethe_parameters,
    struck_electron_bremsstrahlung,
    tabulated_muon_loss,
)
from nuatom.reproduce.published import PAPER, RETRACTED_NOTE
from nuatom.reproduce.quantities import Item, Quantity, judge
from nuatom.responses import PaperEquivalentPhoton, Response, SteppedElectrons
from nuatom.responses.medium import photoabsorption_ionisation
from nuatom.table import Column, Table
from nuatom.targets import element
from nuatom.targets.dielectric import dielectric

TRANSFER = 1 * u.keV
"""Energy transfer at which the growth with the lepton energy is shown."""
ENERGIES = np.geomspace(1, 1000, 49) * u.MeV
"""Lepton energies of the comparison."""
MOMENT = 1e-11
"""mu_nu of the neutrino beside it [Bohr magneton]."""
KINETIC_ENERGIES = np.geomspace(20, 1e6, 48) * u.MeV
"""Kinetic energies of the muon whose energy loss is shown."""

REFERENCES = (
    PAPER,
    "W. W. M. Allison and J. H. Cobb, Annu. Rev. Nucl. Part. Sci. 30, 253 (1980)",
    "R. M. Sternheimer, M. J. Berger and S. M. Seltzer, At. Data Nucl. Data Tables 30, 261 (1984)",
    "D. E. Groom, N. V. Mokhov and S. I. Striganov, At. Data Nucl. Data Tables 78, 183 (2001)",
)


def compute() -> Item:
    """Return the growth with the lepton energy and the energy loss of a muon in germanium.

    Returns
    -------
    Item
        Tables ``qed_growth``, ``qed_energy_loss`` and ``qed_tabulated``.

    Example
    -------
    >>> [table.name for table in compute().tables]
    ['qed_growth', 'qed_energy_loss', 'qed_tabulated']
    """
    growth, loss, tabulated = growth_table(), energy_loss_table(), tabulated_table()
    return Item(
        "qed",
        "Ionisation of germanium by a relativistic charged particle",
        (growth, loss, tabulated),
        {
            "qed": {
                "growth": _growth_summary(growth),
                "energy_loss": _loss_summary(loss, tabulated),
            }
        },
        "Top: dsigma/dT at 1 keV of a particle with the charge and mass of an electron, in "
        "vacuum (log E) and in solid germanium (the density effect stops the rise), and of a "
        "neutrino magnetic moment by Eq. (10) (E^2, retracted) and by stepped free electrons "
        "(flat). Below: energy loss of a muon from the same cross sections, against Bethe's "
        "formula and tabulated values, from which the bremsstrahlung of struck electrons is "
        "taken off.",
    )


def growth_table() -> Table:
    """Return dsigma/dT at 1 keV against the energy of the lepton.

    Returns
    -------
    Table
        Charged particle in vacuum, in the medium, by Allison and Cobb's closed form;
        neutrino magnetic moment by Eq. (10) and stepped.
    """
    germanium = element("Ge")
    medium = dielectric(germanium)
    charged, neutrino = ChargedProjectile(c.electron_mass), MagneticMoment(MOMENT)
    beta = np.sqrt(1 - (c.electron_mass / ENERGIES) ** 2)
    closed = np.array(
        [allison_cobb(TRANSFER, dielectric=medium, charge=1.0, beta=float(b))[0] for b in beta]
    )
    paper = PaperEquivalentPhoton(medium.photoabsorption)
    columns: dict[str, tuple[Array, str]] = {
        "charged_vacuum": (
            _at(charged, photoabsorption_ionisation(medium, vacuum=True)),
            "charge 1, electron mass, isolated atom: grows as log E",
        ),
        "charged_medium": (
            _at(charged, photoabsorption_ionisation(medium)),
            "the same in solid germanium: reaches the Fermi plateau",
        ),
        "charged_closed_form": (closed, "Allison and Cobb, T << E"),
        "magnetic_moment_eq10": (
            _at(neutrino, paper),
            "neutrino, mu = 1e-11 mu_B, Eq. (10): E^2; retracted",
        ),
        "magnetic_moment_stepped": (
            _at(neutrino, SteppedElectrons(germanium)),
            "neutrino, mu = 1e-11 mu_B, stepped free electrons: no growth",
        ),
    }
    unit = u.cm**2 / u.keV
    return Table(
        "qed_growth",
        "Cross section per atom of germanium at T = 1 keV against the lepton energy",
        (
            Column("lepton_energy_MeV", ENERGIES / u.MeV, "total energy"),
            *(
                Column(f"{name}_cm2_per_keV", values / unit, meaning)
                for name, (values, meaning) in columns.items()
            ),
        ),
        notes=(
            RETRACTED_NOTE,
            "the charged particle is distinguishable from the electron; first Born approximation",
        ),
        references=REFERENCES,
    )


def _at(interaction: Interaction, response: Response) -> Array:
    """Return dsigma/dT of the atom at 1 keV for every energy of the table."""
    by_shell = cross_section_by_shell(
        np.full(ENERGIES.size, TRANSFER),
        ENERGIES,
        interaction=interaction,
        response=response,
        flavor="anti_nu_e",
    )
    return np.asarray(by_shell.sum(axis=0))


def energy_loss_table() -> Table:
    """Return the mass stopping power of germanium for muons from 20 MeV to 1 TeV.

    Returns
    -------
    Table
        Ours in the medium and in vacuum, Bethe with and without density effect, ratios.
    """
    parameters = bethe_parameters("Ge")
    beta_gamma = _beta_gamma(KINETIC_ENERGIES)
    medium, vacuum = EnergyLoss("Ge"), EnergyLoss("Ge", vacuum=True)
    ours = np.array([medium(float(x), c.muon_mass) for x in beta_gamma])
    bare = np.array([vacuum(float(x), c.muon_mass) for x in beta_gamma])
    bethe = bethe_loss(beta_gamma, c.muon_mass, parameters)
    rising = bethe_loss(beta_gamma, c.muon_mass, parameters, dense=False)
    unit = "MeV_cm2_per_g"
    return Table(
        "qed_energy_loss",
        "Energy loss of a muon in germanium by ionisation",
        (
            Column("kinetic_energy_MeV", KINETIC_ENERGIES / u.MeV, "of the muon"),
            Column("beta_gamma", beta_gamma, "momentum over mass"),
            Column(f"loss_{unit}", ours / PER_AREAL_DENSITY, "n Int T dsigma/dT dT, in the medium"),
            Column(f"loss_vacuum_{unit}", bare / PER_AREAL_DENSITY, "without the density effect"),
            Column(f"bethe_{unit}", bethe / PER_AREAL_DENSITY, "with Sternheimer's delta"),
            Column(f"bethe_vacuum_{unit}", rising / PER_AREAL_DENSITY, "without it"),
            Column("ratio", ours / bethe, "ours over Bethe, in the medium"),
            Column("ratio_vacuum", bare / rising, "ours over Bethe, without the density effect"),
        ),
        notes=(
            f"{medium.below_table:.2f} of 32 electrons ({vacuum.below_table:.2f} in vacuum) have "
            "their strength below the table of photoabsorption and enter as a plasma at its "
            "lower end; the rest has no free parameter",
        ),
        references=REFERENCES,
    )


def tabulated_table() -> Table:
    """Return our energy loss beside tabulated values for muons in germanium.

    Returns
    -------
    Table
        Ours with the bremsstrahlung of struck electrons, which the tables include.
    """
    kinetic, tabulated = tabulated_muon_loss("Ge")
    beta_gamma = _beta_gamma(kinetic)
    medium = EnergyLoss("Ge")
    ours = np.array([medium(float(x), c.muon_mass) for x in beta_gamma])
    extra = struck_electron_bremsstrahlung(beta_gamma, c.muon_mass, element("Ge"))
    total = ours + extra
    unit = "MeV_cm2_per_g"
    return Table(
        "qed_tabulated",
        "Ionisation loss of muons in germanium: ours and tabulated",
        (
            Column("kinetic_energy_MeV", kinetic / u.MeV, "of the muon"),
            Column(f"loss_{unit}", total / PER_AREAL_DENSITY, "ours"),
            Column(f"tabulated_{unit}", tabulated / PER_AREAL_DENSITY, "tables"),
            Column("ratio", total / tabulated, "ours over tabulated"),
            Column(
                f"struck_electron_bremsstrahlung_{unit}",
                extra / PER_AREAL_DENSITY,
                "order alpha^3, taken from the formula of the tables and added to ours",
            ),
        ),
        references=REFERENCES,
    )


def _beta_gamma(kinetic: Array) -> Array:
    """Return momentum over mass of a muon."""
    gamma = 1 + kinetic / c.muon_mass
    return np.asarray(np.sqrt((gamma - 1) * (gamma + 1)))


def _growth_summary(table: Table) -> dict[str, Quantity]:
    """Return how each curve grows, from the last decade of energies."""
    log_energy = np.log(np.asarray(table.column("lepton_energy_MeV"), dtype=np.float64))
    last = log_energy >= log_energy[-1] - np.log(10) - 1e-9

    def slope(name: str, *, logarithmic: bool) -> float:
        values = np.asarray(table.column(f"{name}_cm2_per_keV"), dtype=np.float64)
        values = np.log(values) if logarithmic else values
        return float(np.polyfit(log_energy[last], values[last], 1)[0])

    sigma = dielectric(element("Ge")).photoabsorption.cross_section(TRANSFER)[0]
    leading_log = float(2 * c.fine_structure / np.pi * sigma / TRANSFER / (u.cm**2 / u.keV))
    entries = (
        # name, key of the tolerance, what is expected, what is found, what it is
        (
            "charged_vacuum_slope_over_leading_log",
            "charged-particle-in-vacuum",
            1.0,
            slope("charged_vacuum", logarithmic=False) / leading_log,
            "isolated atom: grows as log E (published: the leading logarithm)",
        ),
        (
            "charged_medium_slope_over_leading_log",
            "charged-particle-in-medium",
            None,
            slope("charged_medium", logarithmic=False) / leading_log,
            "solid: the density effect ends the growth (Fermi plateau)",
        ),
        (
            "eq10_power_of_energy",
            "equation-10",
            2.0,
            slope("magnetic_moment_eq10", logarithmic=True),
            "",
        ),
        (
            "stepped_power_of_energy",
            "stepped",
            None,
            slope("magnetic_moment_stepped", logarithmic=True),
            "the answer that stands does not grow",
        ),
    )
    return {
        name: judge(f"qed.growth.{key}", published=expected, ours=found, note=note)
        for name, key, expected, found, note in entries
    }


def _loss_summary(loss: Table, tabulated: Table) -> dict[str, Quantity]:
    """Return the extremes of the comparison and the loss at the minimum of ionisation."""

    def column(table: Table, name: str) -> Array:
        return np.asarray(table.column(name), dtype=np.float64)

    at_minimum = int(np.argmin(column(tabulated, "tabulated_MeV_cm2_per_g")))
    found: dict[str, Quantity] = {}
    for name, table, ratio, note in (
        ("ratio_to_bethe", loss, "ratio", "Bethe's formula with Sternheimer's density effect"),
        ("ratio_to_bethe_in_vacuum", loss, "ratio_vacuum", "Bethe's formula without it"),
        ("ratio_to_tables", tabulated, "ratio", "tabulated muon energy loss"),
    ):
        for which, value in (
            ("lowest", column(table, ratio).min()),
            ("highest", column(table, ratio).max()),
        ):
            found[f"{name}_{which}"] = judge(
                "qed.energy-loss.ratio", published=1.0, ours=value, note=f"{which} ratio to {note}"
            )
    found["minimum_ionisation_MeV_cm2_per_g"] = judge(
        "qed.energy-loss.minimum",
        published=column(tabulated, "tabulated_MeV_cm2_per_g")[at_minimum],
        ours=column(tabulated, "loss_MeV_cm2_per_g")[at_minimum],
        note="published: tabulated muon energy loss in germanium",
    )
    return found
