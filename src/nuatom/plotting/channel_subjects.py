"""What the figure of each channel says: title, alternative, caption, and its own curves."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nuatom.plotting.palette import colour
from nuatom.plotting.style import LOOKS, RETRACTED, Look

PER = "per_kg_keV_day"
"""How the names of rates end."""


@dataclass(frozen=True)
class Subject:
    """What one figure says.

    Parameters
    ----------
    words : str
        Channel and coupling [text].
    alternative : str
        What the curves do [text].
    caption : str
        What the reader should see [text].
    extra : tuple of str
        Columns of this channel only, with their look and label: ``(column, look, label)``
        [any].
    beside : tuple of str
        Models drawn for comparison, dashed, wherever they do not hold [names].
    """

    words: str
    alternative: str
    caption: str
    extra: tuple[tuple[str, Look, str], ...] = field(default=())
    beside: tuple[str, ...] = field(default=())


SUBJECTS: Mapping[str, Subject] = {
    "magnetic_moment": Subject(
        r"magnetic moment, $\mu_\nu=10^{-10}\,\mu_B$",
        "The models lie on top of each other above one keV; below, the ab-initio response falls "
        "under the stepped curve. The retracted Eq. (10), grey and dashed, lies orders of "
        "magnitude above.",
        "Magnetic moment of 1e-10 mu_B. Above 1 keV the models agree but for the first tens of eV "
        "above an edge; below, the ab-initio response falls under the others, which put the "
        "strength of an outer shell at its edge. Free electrons join them shell by shell. Grey "
        "and dashed: Eq. (10), retracted, far off the scale of the lower panels.",
        ((f"eq10_retracted_{PER}", LOOKS["retracted"], RETRACTED),),
    ),
    "millicharge": Subject(
        r"millicharge, $q_\nu=10^{-12}\,e$",
        "Both the free atom and the medium rise above the stepped curve at each edge; the medium "
        "lies at a third to two thirds of the free atom.",
        "Millicharge of 1e-12 e (neutrino mass 0.1 eV). Here the photon pole is real: just above "
        "the edges the free atom lies 2 to 20 times above the stepped electrons (40 in a spike at "
        "the M edges of xenon), and the medium (density effect, solid Ge and condensed Xe) takes "
        "a third of that away at K and half to two thirds at L and M. Dashed: the free atom, from "
        "measured photoabsorption and ab-initio, for comparison; it holds for a dilute gas, not "
        "for these targets.",
        beside=("photoabsorption_ionisation_in_vacuum", "ab_initio"),
    ),
    "charge_radius": Subject(
        r"charge radius, $\langle r^2\rangle=10^{-32}$ cm$^2$",
        "The models lie near the stepped curve; the interference with the weak interaction is "
        "larger than the channel alone.",
        "Charge radius of 1e-32 cm^2. Alone it is small; what an experiment would see is the "
        "change of the weak rate (thin line, ab-initio), which is nearly all interference.",
        ((f"change_of_weak_{PER}", Look(colour("ink"), 1.3), "change of\nthe weak rate"),),
    ),
    "weak": Subject(
        "weak interaction of the Standard Model",
        "The models lie on top of each other above one keV; below, the ab-initio response falls "
        "under the stepped curve.",
        "Weak interaction of the Standard Model on electrons. Binding takes away electrons step by "
        "step, below 1 keV the ab-initio response more than that. Many-body theory, which none of "
        "the models is, finds less for xenon: see the notes of the table of validity.",
    ),
    "b_l_boson": Subject(
        r"B$-$L boson of 10 keV, $g=10^{-6}$",
        "The models lie near the stepped curve above a few keV and below it underneath.",
        "A vector boson of B-L, mass 10 keV, g = 1e-6: not in the paper, added to show that a "
        "channel is one file. Its propagator joins the millicharge (Q above the mass) to a "
        "contact interaction (below); a model counts as valid where it holds for both.",
    ),
}
"""The channels that have a figure."""
