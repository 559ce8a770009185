"""The remark of the paper on accelerator beams: is there a gain of E^2 in mu(nu_mu)?"""

import numpy as np
import pytest

import nuatom as na
from nuatom import catalog
from nuatom import units as u
from nuatom.rates import rate_by_shell
from nuatom.sources import mono_energetic, user_table

T = np.array([1.0]) * u.keV
ENERGIES = (1 * u.MeV, 1 * u.GeV)


def rate(model, energy):
    """Rate per flux of nu_mu with mu = 1e-10."""
    source = mono_energetic(energy, 1e7 * u.flux, "nu_mu")
    interaction = na.MagneticMoment(1e-10)
    response = catalog.response(model, "Ge")
    return rate_by_shell(
        T, source=source, interaction=interaction, response=response, atoms_per_mass=1.0
    ).sum()


def test_eq_10_grows_with_the_square_of_the_energy():
    """The retracted Eq. (10) promises a beam of 1 GeV a factor of 1e6 over 1 MeV."""
    low, high = (rate("equivalent-photon-paper", E) for E in ENERGIES)
    assert high / low == pytest.approx(1e6, rel=1e-9)


def test_the_real_rate_hardly_depends_on_the_energy():
    """Stepped electrons: (1/T - 1/E) gains 0.1 % and no more, so that a beam gains nothing."""
    low, high = (rate("stepped", E) for E in ENERGIES)
    t = T[0]
    expected = (1 / t - 1 / ENERGIES[1]) / (1 / t - 1 / ENERGIES[0])
    assert high / low == pytest.approx(expected, rel=1e-9)
    assert expected < 1.0011


def test_the_photon_cut_off_at_2mt_leaves_no_gain():
    """With the form factor cut at 2mT the same photons give (E - T)/E: no gain either."""
    low, high = (rate("equivalent-photon", E) for E in ENERGIES)
    assert high / low == pytest.approx(
        (1 - T[0] / ENERGIES[1]) / (1 - T[0] / ENERGIES[0]), rel=1e-9
    )


def test_a_beam_is_a_users_table_of_several_flavours(tmp_path):
    """Columns that name their flavours make one source; the rates of its fluxes add up."""
    header = "neutrino_energy_GeV,nu_mu_flux_per_GeV_cm2_s,anti_nu_mu_flux_per_GeV_cm2_s\n"
    path = tmp_path / "beam.csv"
    path.write_text(header + "0.5,0,0\n1,10,2\n2,0,0\n", encoding="utf-8")
    beam = user_table(path)
    assert [flux.flavor for flux in beam.fluxes] == ["nu_mu", "anti_nu_mu"]
    assert beam.total_flux() == pytest.approx(9 * u.flux, rel=1e-12)
    response = catalog.response("stepped", "Ge")
    arguments = {"interaction": na.MagneticMoment(1e-10), "response": response}
    parts = [
        rate_by_shell(T, source=na_source, atoms_per_mass=1.0, **arguments).sum()
        for na_source in (beam, *(type(beam)(f.flavor, (f,)) for f in beam.fluxes))
    ]
    assert parts[0] == pytest.approx(parts[1] + parts[2], rel=1e-12)
    assert parts[1] / parts[2] == pytest.approx(5, rel=1e-12)
