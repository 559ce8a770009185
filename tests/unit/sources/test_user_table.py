"""A user's own flux table."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.errors import InvalidInput
from nuatom.sources import user_table

HEADER = "neutrino_energy_MeV,flux_per_MeV_cm2_s\n"


def write(tmp_path, text):
    path = tmp_path / "my-flux.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_read(tmp_path):
    """The flux is linear between the rows; comments, blanks and spaces do not matter."""
    path = write(tmp_path, "# mine\n\n" + HEADER + " 1.0, 10\n# half way\n2.0 ,20\n\n4.0,0\n")
    source = user_table(path, "nu_mu")
    assert source.name == "my-flux"
    assert source.fluxes[0].flavor == "nu_mu"
    assert source.total_flux() == pytest.approx(35 * u.flux, rel=1e-12)
    density = source.fluxes[0].density(np.array([1.5, 3.0]) * u.MeV)
    assert density == pytest.approx(np.array([15, 10]) * u.flux / u.MeV, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "scale"), [("eV", 1e6), ("keV", 1e3), ("MeV", 1.0), ("GeV", 1e-3)]
)
@pytest.mark.parametrize("mixed", [True, False])
def test_units_are_in_the_header(tmp_path, name, scale, mixed):
    """The same flux in eV, keV, MeV and GeV, also with different units in the two columns."""
    density = 1.0 if mixed else 1 / scale
    other = "MeV" if mixed else name
    rows = "".join(f"{e * scale!r},{f * density!r}\n" for e, f in ((1.0, 10.0), (2.0, 30.0)))
    path = write(tmp_path, f"neutrino_energy_{name},flux_per_{other}_cm2_s\n{rows}")
    source = user_table(path)
    assert source.fluxes[0].flavor == "anti_nu_e"
    assert source.total_flux() == pytest.approx(20 * u.flux, rel=1e-12)
    assert source.energy_max == pytest.approx(2 * u.MeV, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["line 1", "header"]),
        ("neutrino_energy_MeV\n1\n", ["line 1", "1 columns"]),
        ("energy_MeV,flux_per_MeV_cm2_s\n1,1\n", ["line 1", "energy_MeV", "neutrino_energy_MeV"]),
        ("neutrino_energy_MeV,flux_MeV_cm2_s\n1,1\n", ["did you mean flux_per_MeV_cm2_s"]),
        ("a,b\n1,1\n", ["unknown column 'a'", "expected neutrino_energy_eV"]),
        (HEADER + "1,1\n2,nan\n", ["line 3", "column flux_per_MeV_cm2_s", "nan"]),
        (HEADER + "1,1\n2,-3\n", ["line 3", "column flux_per_MeV_cm2_s", "-3"]),
        (HEADER + "1,1\n2,inf\n", ["line 3", "inf"]),
        (HEADER + "1,1\ntwo,3\n", ["line 3", "column neutrino_energy_MeV", "'two'"]),
        (HEADER + "1,1\n2,\n", ["line 3", "''"]),
        (HEADER + "2,1\n1,3\n", ["line 3", "column neutrino_energy_MeV", "increasing"]),
        (HEADER + "2,1\n2,3\n", ["line 3", "increasing"]),
        (HEADER + "-2,1\n2,3\n", ["line 2", "column neutrino_energy_MeV", "-2"]),
        (HEADER + "1,1\n2,2,2\n", ["line 3", "3 columns"]),
        (HEADER + "1,1\n", ["1 rows", "at least 2"]),
        (HEADER, ["0 rows"]),
        (
            HEADER.replace("flux", "nu_mu_flux", 1)[:-1] + ",nu_muflux_per_MeV_cm2_s\n",
            ["nu_mu_flux"],
        ),
        (
            "neutrino_energy_MeV,flux_per_MeV_cm2_s,flux_per_MeV_cm2_s\n1,1,1\n2,1,1\n",
            ["line 1", "flux_per_MeV_cm2_s twice"],
        ),
        (
            "neutrino_energy_MeV,nu_mu_flux_per_MeV_cm2_s,nu_mu_flux_per_keV_cm2_s\n1,1,1\n2,1,1\n",
            ["line 1", "two columns of nu_mu"],
        ),
    ],
)
def test_errors_name_file_line_and_column(tmp_path, text, words):
    """One line says where, what was found and what was expected."""
    path = write(tmp_path, text)
    with pytest.raises(InvalidInput) as caught:
        user_table(path)
    message = str(caught.value)
    assert "\n" not in message
    for word in [str(path), *words]:
        assert word in message


def test_files_that_cannot_be_read(tmp_path):
    """A missing file, a folder and a binary file are one-line errors."""
    with pytest.raises(InvalidInput, match="no such file"):
        user_table(tmp_path / "nothing.csv")
    with pytest.raises(InvalidInput, match="cannot be read"):
        user_table(tmp_path)
    with pytest.raises(InvalidInput, match="cannot be read"):
        user_table(write(tmp_path, "x") / "below.csv")
    path = tmp_path / "binary.csv"
    path.write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(InvalidInput, match="not UTF-8"):
        user_table(path)


def test_an_unknown_flavour_is_refused(tmp_path):
    """The flavour is one of the six."""
    with pytest.raises(InvalidInput, match="flavor"):
        user_table(write(tmp_path, HEADER + "1,1\n2,1\n"), "electron")


def test_a_table_may_begin_at_zero(tmp_path):
    """A flux that vanishes at E = 0 has a finite mean of 1/E."""
    source = user_table(write(tmp_path, HEADER + "0,0\n1,2\n"))
    assert source.mean(-1) == pytest.approx(2 / u.MeV, rel=1e-12)


def test_columns_may_name_their_flavour(tmp_path):
    """Several fluxes in one file, each in its unit; a plain column has the flavour asked for."""
    header = "neutrino_energy_MeV,flux_per_MeV_cm2_s,anti_nu_e_flux_per_keV_cm2_s\n"
    source = user_table(write(tmp_path, header + "1,1,1\n2,1,1\n"), "nu_mu")
    assert [flux.flavor for flux in source.fluxes] == ["nu_mu", "anti_nu_e"]
    totals = [float(flux.moment(0)(np.array(0.0))) / u.flux for flux in source.fluxes]
    assert totals == pytest.approx([1.0, 1000.0], rel=1e-12)
