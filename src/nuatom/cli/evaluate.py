"""``nuatom xsec`` and ``nuatom rate``: numbers as CSV."""

from typing import Annotated

import numpy as np
import typer

from nuatom import catalog, evaluate
from nuatom import units as u
from nuatom.cli import parse
from nuatom.cli.output import emit, say
from nuatom.errors import InvalidInput, lookup
from nuatom.interactions.terms import FLAVORS
from nuatom.table import Column, Table
from nuatom.targets import element

Target = Annotated[str, typer.Argument(help="Element, such as Ge.", metavar="TARGET")]
Interactions = Annotated[
    list[str],
    typer.Argument(
        help="Channels: NAME=COUPLING (`nuatom list interactions`); amplitudes interfere.",
        metavar="INTERACTION=COUPLING ...",
    ),
]
ResponseName = Annotated[
    str | None,
    typer.Option(
        "--response",
        help="Atomic model (`nuatom list responses`) or a response table FILE.nc; default "
        "ab-initio where there is a table of the element, else stepped; nucleus for coherent.",
    ),
]
Transfers = Annotated[
    str, typer.Option("--transfer-keV", help="Energy transfers in keV: a,b,c.", metavar="a,b,c")
]
Photo = Annotated[
    str, typer.Option("--photoabsorption", help="Source of sigma_gamma (henke, kissel, ...).")
]
Form = Annotated[
    str, typer.Option("--form-factor", help="Nuclear form factor (helm, klein-nystrand).")
]
NeutrinoMass = Annotated[
    str,
    typer.Option(
        "--neutrino-mass-eV", help="Regulates the photon pole of a millicharge.", metavar="X"
    ),
]
MediatorMass = Annotated[
    str | None,
    typer.Option("--mediator-mass-keV", help="Mass of a new vector boson.", metavar="X"),
]
Out = Annotated[
    str | None,
    typer.Option("--out", help="Write the CSV here instead of standard output.", metavar="FILE"),
]


def xsec(
    target: Target,
    interactions: Interactions,
    transfer_kev: Transfers,
    neutrino_energy_mev: Annotated[
        str, typer.Option("--neutrino-energy-MeV", help="Neutrino energy in MeV.", metavar="X")
    ],
    response: ResponseName = None,
    flavor: Annotated[
        str, typer.Option("--flavor", help="One of " + ", ".join(FLAVORS) + ".")
    ] = "anti_nu_e",
    photoabsorption: Photo = "recommended",
    form_factor: Form = "helm",
    neutrino_mass_ev: NeutrinoMass = "0.1",
    mediator_mass_kev: MediatorMass = None,
    out: Out = None,
) -> None:
    """Differential cross section per atom, in cm^2/keV.

    Beyond the kinematic end it is 0; T <= 0 and T >= E are refused.

    \u0008
    Example: nuatom xsec Ge magnetic-moment=1e-11 --neutrino-energy-MeV 1 --transfer-keV 0.3,1.3,11
    """
    wanted = parse.channels(
        interactions, neutrino_mass_ev=neutrino_mass_ev, mediator_mass_kev=mediator_mass_kev
    )
    name = parse.response_name(response, wanted, target)
    T = parse.energies(transfer_kev, "--transfer-keV")
    E = parse.quantity(neutrino_energy_mev, u.MeV, "--neutrino-energy-MeV")
    if np.any(T >= E):
        raise InvalidInput(
            f"--transfer-keV: found {T.max() / u.keV:g} keV, expected less than the neutrino "
            f"energy of {E / u.keV:g} keV"
        )
    lookup("flavor", flavor, dict.fromkeys(FLAVORS))
    file = None if out is None else parse.place(out, "--out")
    model = catalog.response(name, target, photoabsorption=photoabsorption, form_factor=form_factor)
    with parse.as_asked(name, wanted):
        sigma = evaluate.differential_cross_section(
            T, E, interaction=wanted.interaction, response=model, flavor=flavor
        )
    table = Table(
        "xsec",
        f"Differential cross section of {target}",
        (
            Column("energy_transfer_keV", T / u.keV),
            Column("cross_section_cm2_per_keV", sigma / (u.cm**2 / u.keV)),
        ),
    )
    emit(table, file)
    say(parse.default_notes(response, name))
    say(parse.convention_notes(wanted))
    say(parse.validity_notes(name, wanted, target, T))


def rate(
    target: Target,
    interactions: Interactions,
    transfer_kev: Transfers,
    source: Annotated[
        str,
        typer.Option("--source", help="Neutrino source (`nuatom list sources`) or a CSV file."),
    ],
    response: ResponseName = None,
    photoabsorption: Photo = "recommended",
    form_factor: Form = "helm",
    neutrino_mass_ev: NeutrinoMass = "0.1",
    mediator_mass_kev: MediatorMass = None,
    out: Out = None,
) -> None:
    """Event rate in a detector, in counts per (kg keV day).

    For coherent channels the energy is that of the nuclear recoil.

    \u0008
    Example: nuatom rate Ge magnetic-moment=1e-11 --source kuo-sheng --transfer-keV 0.3,1.3,11
    """
    wanted = parse.channels(
        interactions, neutrino_mass_ev=neutrino_mass_ev, mediator_mass_kev=mediator_mass_kev
    )
    name = parse.response_name(response, wanted, target)
    T = parse.energies(transfer_kev, "--transfer-keV")
    file = None if out is None else parse.place(out, "--out")
    model = catalog.response(name, target, photoabsorption=photoabsorption, form_factor=form_factor)
    with parse.as_asked(name, wanted):
        values = evaluate.differential_rate(
            T,
            source=source,
            target=element(target),
            interaction=wanted.interaction,
            response=model,
        )
    energy = "recoil_energy_keV" if name == "nucleus" else "energy_transfer_keV"
    table = Table(
        "rate",
        f"Event rate in {target}",
        (Column(energy, T / u.keV), Column("rate_per_kg_keV_day", values / u.cpkkd)),
    )
    emit(table, file)
    say(parse.default_notes(response, name))
    say(parse.convention_notes(wanted))
    say(parse.validity_notes(name, wanted, target, T))
