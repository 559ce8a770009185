"""How far other choices of the theory move the cross sections: the band of a table.

Every variant is a table on the same grid, so that its cross sections are computed in the
same way:

* **exchange**: the other treatment of exchange (Kohn-Sham against exact), which also puts
  the electron into the field of the atom instead of that of its hole;
* **relaxation**: the electron leaves the orbitals of the atom (frozen) or those of the ion
  (relaxed) behind; the truth lies between, nearer to the frozen ones for a fast electron;
* **thresholds**: the same waves at the energy that the theory itself gives them,
  ``eps = max(T - B, 0)`` with the calculated threshold B, above the edge of the table;
* **gauge**: the transverse response at low momentum in length form.  At |q| -> 0 current
  conservation asks for ``R_T = 2 (T/|q|)^2 R_L`` with the energy T that is transferred.
  The table computes R_T from the current (velocity form), and the two differ because
  exchange is not local and the measured edge is not the difference of the energies of the
  theory: the velocity form carries the latter, the length form the former.  Their ratio g
  in the dipole limit changes R_T where it is a dipole::

      R_T -> R_T + (g - 1) R_T(T, T) [R_L(T, q)/q^2] / [R_L(T, T)/T^2]

  and VA in the ratio of the square roots.  (With the energy of the theory in the place of
  T, g would show exchange alone, which the first variant covers.)
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from nuatom import catalog
from nuatom import units as u
from nuatom.ab_initio.plan import FROZEN, Layout, TablePlan
from nuatom.ab_initio.tasks import DIPOLE_MOMENTUM
from nuatom.arrays import Array
from nuatom.interactions.incoherent import combine
from nuatom.interactions.terms import Interaction
from nuatom.rates import cross_section_by_shell
from nuatom.responses.response_table import PARTNERS, RelativeUncertainty, ResponseTable
from nuatom.responses.scaled_grid import ridge_momentum
from nuatom.responses.table_spline import ShellSpline, shell_splines
from nuatom.responses.tabulated import Tabulated
from nuatom.structure import ground_configuration

CHANNELS: dict[str, tuple[float, tuple[str, ...]]] = {
    "magnetic-moment": (1e-11, ("anti_nu_e",)),
    "electric-dipole-moment": (1e-11, ("anti_nu_e",)),
    "millicharge": (1e-12, ("anti_nu_e",)),
    "charge-radius": (1e-32, ("anti_nu_e",)),
    "transition-charge-radius": (1e-32, ("anti_nu_e",)),
    "anapole": (1e-32, ("anti_nu_e",)),
    "weak": (1.0, ("anti_nu_e", "nu_e", "nu_mu")),
}
"""Channel -> a coupling (no ratio depends on it) and the flavours of the envelope."""
NEUTRINO_ENERGIES = (0.3 * u.MeV, 1 * u.MeV, 4 * u.MeV)
"""Neutrino energies of the envelope."""
LAST_ENERGY = 1000 * u.keV
"""End of the band; above the table every variant is free electrons."""
PER_DECADE = 12
"""Energies of the band in each decade, besides two at each edge."""
AT_EDGE = 1e-3
"""Relative distance of those two from the edge."""
ROUNDING = 1e-5
"""The band is rounded outwards to a multiple of this."""
OTHERS = {
    "dirac-fock": (("exchange", "kohn-sham"), ("relaxation", FROZEN)),
    FROZEN: (("exchange", "kohn-sham"), ("relaxation", "dirac-fock")),
    "kohn-sham": (("exchange", "dirac-fock"),),
    "slater": (("exchange", "dirac-fock"),),
}
"""Model -> what is varied, and the model of the variant."""


def other_models(plan: TablePlan) -> tuple[str, ...]:
    """Return the models that the variants of a plan need computed.

    Parameters
    ----------
    plan : TablePlan
        What was asked for [table plan].

    Returns
    -------
    tuple of str
        None without variants, and none for a single electron, which has no others.

    Example
    -------
    >>> other_models(TablePlan("Ge")), other_models(TablePlan("H"))
    (('kohn-sham', 'dirac-fock-frozen'), ())
    """
    alone = ground_configuration(plan.element).atomic_number == 1
    if alone or not plan.variants:
        return ()
    return tuple(model for _, model in OTHERS[plan.model])


def gauge_ratio(wanted: tuple[str, ...], values: Array) -> Array:
    """Return length over velocity form of the dipole, ``g = 2 (T/|q|)^2 R_L / R_T``.

    Parameters
    ----------
    wanted : tuple of str
        Responses along the second axis [name].
    values : ndarray
        Responses at ``|q| = DIPOLE_MOMENTUM T``, shape (shell, response, T) [any].

    Returns
    -------
    ndarray
        Shape (shell, T); one where L or T was not computed [dimensionless].
    """
    if "L" not in wanted or "T" not in wanted:
        return np.ones((values.shape[0], values.shape[2]))
    length, velocity = values[:, wanted.index("L")], values[:, wanted.index("T")]
    return np.asarray(2 * length / (DIPOLE_MOMENTUM**2 * velocity))


def variant_tables(
    table: ResponseTable, others: Mapping[str, Mapping[str, Array]], gauge: Array
) -> dict[str, ResponseTable]:
    """Return the variants of a table, by name.

    Parameters
    ----------
    table : ResponseTable
        The table itself [table].
    others : mapping
        Name of a variant -> its responses on the grid of the table [any].
    gauge : ndarray
        From `gauge_ratio` [dimensionless].

    Returns
    -------
    dict
        Those given, ``thresholds`` and ``gauge``, each on the same grid.
    """
    found = {name: replace(table, responses=responses) for name, responses in others.items()}
    found["thresholds"] = replace(table, responses=_at_own_thresholds(table))
    if {"L", "T"} <= set(table.responses):
        found["gauge"] = replace(table, responses=_in_length_form(table, gauge))
    return found


def with_uncertainty(
    layout: Layout,
    table: ResponseTable,
    others: Mapping[str, Mapping[str, Array]],
    gauge: Array,
) -> ResponseTable:
    """Return a table with the band of its variants, and their names in the provenance.

    Parameters
    ----------
    layout : Layout
        What was computed [layout].
    table : ResponseTable
        Without uncertainty [table].
    others : mapping
        Model -> responses on the same grid [any].
    gauge : ndarray
        From `gauge_ratio` [dimensionless].

    Returns
    -------
    ResponseTable
        With relative uncertainty.
    """
    names = {model: f"{what} ({model})" for what, model in OTHERS[layout.plan.model]}
    named = {names[model]: responses for model, responses in others.items()}
    found = variant_tables(table, named, gauge)
    band = envelope(table, tuple(found.values()))
    inputs = f"{table.provenance.inputs}; uncertainty from the variants {', '.join(found)}"
    return replace(table, uncertainty=band, provenance=replace(table.provenance, inputs=inputs))


def envelope(table: ResponseTable, variants: tuple[ResponseTable, ...]) -> RelativeUncertainty:
    """Return the range of (variant - table)/table of the cross sections.

    Parameters
    ----------
    table : ResponseTable
        The table itself [table].
    variants : tuple of ResponseTable
        With the same shells [table].

    Returns
    -------
    RelativeUncertainty
        Over neutrino energies and flavours, for every channel that the table can do;
        rounded outwards.
    """
    energy = band_energies(table)
    models = tuple(Tabulated(one) for one in (table, *variants))
    lower, upper, channels = [], [], []
    for name, (coupling, flavors) in CHANNELS.items():
        interaction = combine((catalog.interaction(name, coupling),))
        if _provided(models[0], interaction):
            change = [
                relative_changes(models, interaction, flavor, E, energy)
                for flavor in flavors
                for E in NEUTRINO_ENERGIES
            ]
            channels.append(name)
            steps = np.concatenate(change) / ROUNDING
            lower.append(np.floor(steps.min(axis=0)) * ROUNDING)
            upper.append(np.ceil(steps.max(axis=0)) * ROUNDING)
    return RelativeUncertainty(tuple(channels), energy, np.maximum(lower, -1.0), np.array(upper))


def relative_changes(
    models: tuple[Tabulated, ...],
    interaction: Interaction,
    flavor: str,
    neutrino_energy: float,
    energy_transfer: Array,
) -> Array:
    """Return (variant - table)/table of a cross section.

    Parameters
    ----------
    models : tuple of Tabulated
        The table and its variants [tabulated].
    interaction : Interaction
        The channel [interaction].
    flavor : str
        Of the neutrino [name].
    neutrino_energy : float
        E [energy].
    energy_transfer : ndarray
        T, shape (T,) [energy].

    Returns
    -------
    ndarray
        Shape (model, T), the first row zero; zero also where the Bethe ridge is out of the
        reach of the neutrino [dimensionless].
    """
    T = energy_transfer
    changes = np.zeros((len(models), T.size))
    # a free electron at rest takes T only if E >= (T + |q|)/2 on the ridge
    allowed = neutrino_energy > (T + ridge_momentum(T)) / 2
    sigma = [
        cross_section_by_shell(
            T[allowed],
            np.full(np.count_nonzero(allowed), neutrino_energy),
            interaction=interaction,
            response=model,
            flavor=flavor,
        ).sum(axis=0)
        for model in models
    ]
    changes[:, allowed] = np.array(sigma) / sigma[0] - 1
    return changes


def band_energies(table: ResponseTable) -> Array:
    """Return the energies of the band: logarithmic, and on both sides of each edge.

    Parameters
    ----------
    table : ResponseTable
        Any table [table].

    Returns
    -------
    ndarray
        From the lowest edge to `LAST_ENERGY`, or to the end of a table that is never free
        [energy].
    """
    edges = np.unique([shell.edge for shell in table.shells])
    ends = [
        LAST_ENERGY if np.isfinite(shell.free_above) else last
        for shell, last in zip(table.shells, table.energy_transfer()[:, -1], strict=True)
    ]
    low, high = edges[0], min(ends)
    points = round(PER_DECADE * np.log10(high / low)) + 1
    grid = np.geomspace(low, high, points)[1:-1]
    away = np.abs(grid[:, None] / edges - 1).min(axis=1) > 3 * AT_EDGE
    beside = np.concatenate([edges * (1 - AT_EDGE), edges * (1 + AT_EDGE)])
    inside = beside[(beside > low) & (beside < high)]
    return np.unique(np.concatenate([[low], grid[away], inside, [high]]))


def _provided(model: Tabulated, interaction: Interaction) -> bool:
    """Tell whether a table holds the responses that a channel needs."""
    terms = interaction.terms(flavor="anti_nu_e", constituents=model.constituents)
    return {term.response for term in terms} <= model.provides


def _at_own_thresholds(table: ResponseTable) -> dict[str, Array]:
    """Return the responses of waves with the energy that the theory gives them."""
    grids = table.momentum()
    moved: dict[str, list[Array]] = {name: [] for name in table.responses}
    for i, spline in enumerate(shell_splines(table)):
        shell = spline.shell
        energy, momentum = shell.edge + table.kinetic_energy[i], grids[i]
        shift = shell.calculated_threshold - shell.edge
        own = np.clip(energy - shift, shell.edge, energy[-1])
        for name, values in _evaluated(spline, own, momentum).items():
            moved[name].append(values)
    return {name: np.array(values) for name, values in moved.items()}


def _evaluated(spline: ShellSpline, energy_transfer: Array, momentum: Array) -> dict[str, Array]:
    """Return the responses of one shell at any (T, q); the last value holds beyond the grid."""
    at = spline.locate(energy_transfer, momentum, np.log(momentum))
    smooth = {name: spline.evaluate(name, at) for name in spline.nodal}
    found = {name: np.exp(values) for name, values in smooth.items() if name not in PARTNERS}
    if "L" in found:
        found["L"] = found["L"] * momentum**2
    for name, (first, second, factor) in PARTNERS.items():
        if name in smooth:
            ratio = np.clip(smooth[name], -1.0, 1.0)
            found[name] = factor * ratio * np.sqrt(found[first] * found[second])
    return found


def _in_length_form(table: ResponseTable, gauge: Array) -> dict[str, Array]:
    """Return the responses with the dipole part of R_T in length form."""
    responses = dict(table.responses)
    profile = responses["L"] / table.momentum() ** 2
    profile = profile / profile[:, :, :1]
    transverse = responses["T"]
    moved = transverse + (gauge - 1)[:, :, None] * transverse[:, :, :1] * profile
    moved = np.maximum(moved, 1e-6 * transverse)
    responses["T"] = moved
    if "VA" in responses:
        responses["VA"] = responses["VA"] * np.sqrt(moved / transverse)
    return responses
