"""Cross sections and integrated responses of a table, against the other atomic models."""

from collections.abc import Mapping

import numpy as np

from nuatom import catalog
from nuatom import units as u
from nuatom.ab_initio.compare_photoabsorption import energies, reach
from nuatom.arrays import Array
from nuatom.errors import UnsupportedResponse
from nuatom.interactions import Interaction
from nuatom.interactions.incoherent import combine
from nuatom.rates import cross_section_by_shell, rate_by_shell
from nuatom.responses import Response, Tabulated
from nuatom.responses.free import free_electron_weights
from nuatom.table import Column, Table
from nuatom.targets import Element
from nuatom.validity.conventions import FREE_ATOMS

CHANNELS = {"magnetic-moment": 1e-11, "millicharge": 1e-12, "charge-radius": 1e-32, "weak": 1.0}
"""Channel -> coupling; no ratio depends on it."""
MODELS = ("free", "impulse", "hydrogenic")
"""Compared with the table; all of them are divided by `STEPPED`."""
STEPPED, TABLE = "stepped", "ab-initio"
ENERGY, FLAVOR, SOURCE = 1 * u.MeV, "anti_nu_e", "kuo-sheng"
LOW, HIGH, POINTS = 50 * u.eV, 60 * u.keV, 320


def first_energy(target: Element) -> float:
    """Return the least energy transfer worth a comparison.

    Parameters
    ----------
    target : Element
        The atom [element].

    Returns
    -------
    float
        50 eV, or the first edge of an atom that is not part of a solid or molecule [energy].

    Example
    -------
    >>> from nuatom.targets import element
    >>> round(first_energy(element("Ge")) / u.eV, 6), round(first_energy(element("He")) / u.eV, 1)
    (50.0, 24.6)
    """
    return float(target.edges.min()) if target.symbol in FREE_ATOMS else LOW


def channel_table(model: Tabulated, target: Element) -> Table:
    """Return each channel on each model as a ratio to stepped electrons.

    Parameters
    ----------
    model : Tabulated
        The table, at its own edges [tabulated].
    target : Element
        Its element [element].

    Returns
    -------
    Table
        ``channels``: one block of rows for each channel, with ratios at 1 MeV and averaged
        over the spectrum of the Kuo-Sheng reactor, and the band of the table.  A cell is
        empty where a model does not provide what the channel needs.
    """
    low, high = first_energy(target), min(HIGH, reach(model))
    T = energies(low, high, POINTS, np.concatenate([target.edges, model.edges]))
    models = {name: catalog.response(name, target) for name in (STEPPED, *MODELS)}
    models[TABLE] = model
    blocks = []
    for channel, coupling in CHANNELS.items():
        interaction = combine((catalog.interaction(channel, coupling),))
        columns = _ratios(interaction, models, target, T)
        columns["band_low"], columns["band_high"] = band(model, channel, T)
        blocks.append(columns)
    couplings = ", ".join(f"{name} {value:g}" for name, value in CHANNELS.items())
    return Table(
        "channels",
        f"Cross sections of {target.symbol} over those of stepped electrons",
        (
            Column("channel", [channel for channel in CHANNELS for _ in T]),
            Column("energy_transfer_keV", np.tile(T / u.keV, len(CHANNELS))),
            *(
                Column(name, np.concatenate([block[name] for block in blocks]))
                for name in blocks[0]
            ),
        ),
        notes=(
            f"model_1_MeV and model_reactor: over stepped electrons, for {FLAVOR} of 1 MeV and in "
            f"the spectrum of {SOURCE}; the two stepped_ columns are what they are divided by",
            f"couplings {couplings}; a millicharge with a neutrino mass of 0.1 eV",
            "band_low, band_high: relative change by variants of the theory, from the table",
            "a millicharge on a free atom: in a solid or a liquid the density effect lowers it",
        ),
        references=(
            *(catalog.INTERACTIONS[name].reference for name in CHANNELS),
            *(catalog.RESPONSES[name].reference for name in (STEPPED, *MODELS)),
        ),
    )


def _ratios(
    interaction: Interaction, models: Mapping[str, Response], target: Element, T: Array
) -> dict[str, Array]:
    """Return the columns of one channel."""
    source = catalog.source(SOURCE)
    nothing = np.full(T.size, np.nan)
    at_one_energy, at_reactor = {}, {}
    for name, response in models.items():
        try:
            by_shell = cross_section_by_shell(
                T,
                np.full(T.size, ENERGY),
                interaction=interaction,
                response=response,
                flavor=FLAVOR,
            )
            rates = rate_by_shell(
                T,
                source=source,
                interaction=interaction,
                response=response,
                atoms_per_mass=target.atoms_per_mass,
            )
        except UnsupportedResponse:
            at_one_energy[name] = at_reactor[name] = nothing
        else:
            at_one_energy[name], at_reactor[name] = by_shell.sum(axis=0), rates.sum(axis=0)
    reference = {"1_MeV": at_one_energy[STEPPED], "reactor": at_reactor[STEPPED]}
    columns = {
        "stepped_cm2_per_keV": reference["1_MeV"] / (u.cm**2 / u.keV),
        "stepped_per_kg_keV_day": reference["reactor"] / u.cpkkd,
    }
    for name in (*MODELS, TABLE):
        for label, found in (("1_MeV", at_one_energy), ("reactor", at_reactor)):
            below = np.where(reference[label] > 0, reference[label], np.nan)
            columns[f"{name.replace('-', '_')}_{label}"] = found[name] / below
    return columns


def band(model: Tabulated, channel: str, T: Array) -> tuple[Array, Array]:
    """Return the band of a table where it has one.

    Parameters
    ----------
    model : Tabulated
        The table [tabulated].
    channel : str
        Catalogue name [name].
    T : ndarray
        Energy transfers, shape (T,) [energy].

    Returns
    -------
    tuple of ndarray
        Lower and upper relative change; NaN outside the energies of the band, and everywhere
        for a channel or a table without one [dimensionless].
    """
    low, high = np.full(T.size, np.nan), np.full(T.size, np.nan)
    found = model.table.uncertainty
    if found is not None and channel in found.channels:
        inside = (found.energy_transfer[0] <= T) & (found.energy_transfer[-1] >= T)
        low[inside], high[inside] = model.band(channel, T[inside])
    return low, high


def integrated_table(model: Tabulated) -> Table:
    """Return the integral over Q^2 of each response over that of free electrons, by shell.

    ``Int_0 dQ^2 R_X(T, Q^2) / (N Int dQ^2 R_X of a free electron)``, up to the momenta where
    the table ends.

    Parameters
    ----------
    model : Tabulated
        The table, at its own edges [tabulated].

    Returns
    -------
    Table
        ``integrated``: one block of rows for each shell, from its edge on.
    """
    shells, edges = model.table.shells, model.edges
    T = energies(float(edges.min()), min(HIGH, reach(model)), POINTS // 2, edges)
    measure = model.measure(T, q2_min=np.zeros(T.size), q2_max=np.full(T.size, np.inf))
    number = np.array([shell.electrons for shell in shells])[:, None]
    ratios = {
        name: measure.weights[name].sum(axis=-1) / (number * free)
        for name, free in free_electron_weights(T).items()
        if name in model.provides
    }
    open_ = edges[:, None] <= T
    energy = np.broadcast_to(T, open_.shape)
    return Table(
        "integrated",
        f"Responses of {model.table.provenance.element} integrated over Q^2, over free electrons",
        (
            Column("shell", [shells[row].name for row in np.nonzero(open_)[0]]),
            Column("energy_transfer_keV", energy[open_] / u.keV),
            Column("transfer_over_edge", (energy / edges[:, None])[open_]),
            *(Column(name, values[open_]) for name, values in ratios.items()),
        ),
        notes=("exactly one above `free_above`, where free electrons replace the table",),
    )
