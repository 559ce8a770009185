"""The numbers that the paper prints, as typed from its pages."""

import pytest

from nuatom.reproduce.published import RETRACTED_NOTE, card, table1


def test_exposures():
    """570.7/127.8 days at 12 keV threshold, flux about 6e12; 0.338 kg day at (220 +- 10) eV."""
    hpge, ulege = card()["hpge"], card()["ulege"]
    assert (hpge["on_days"], hpge["off_days"], hpge["analysis_low_keV"]) == (570.7, 127.8, 12.0)
    assert hpge["flux_per_cm2_s"] == 6e12
    exposure = (ulege["exposure_kg_day"], ulege["threshold_eV"], ulege["threshold_error_eV"])
    assert exposure == (0.338, 220.0, 10.0)


def test_equation_11():
    """-1.0 +- 2.7 +- 0.9 at 39/47 gives 1.9e-11 at 90 %, with 20 % for the photons."""
    eq11 = card()["eq11"]
    errors = (eq11["statistical_1e22_mu_B2"], eq11["systematic_1e22_mu_B2"])
    assert (eq11["best_fit_1e22_mu_B2"], *errors) == (-1.0, 2.7, 0.9)
    assert (eq11["chi_square"], eq11["degrees_of_freedom"]) == (39.0, 47)
    assert (eq11["limit_1e11_mu_B"], eq11["confidence"]) == (1.9, 0.9)
    assert eq11["equivalent_photon_uncertainty"] == 0.2
    assert eq11["free_electron_limits_1e11_mu_B"] == {
        "original_analysis": 7.4,
        "table_1_of_the_paper": 5.7,
    }


def test_equation_12_and_figures():
    """1.3e-11; Fig. 2 at 1e13 and 1e-10 mu_B; 1e-11 and 2e-11 overlaid in Fig. 3; 1 %."""
    assert card()["eq12"] == {"limit_1e11_mu_B": 1.3}
    assert card()["figures"] == {
        "fig2_flux_per_cm2_s": 1e13,
        "fig2_moment_mu_B": 1e-10,
        "fig3_allowed_mu_B": 1e-11,
        "fig3_excluded_mu_B": 2e-11,
        "table1_flux_per_cm2_s": 1e13,
        "table1_subtraction": 0.01,
    }


PRINTED = [
    ("", "", "AmBkg", "57", "19"),
    ("", "", "AmBkg", "", "13"),
    ("10", "100", "AmBkg + SM nu-N", "30", "0.3"),
    ("1", "100", "AmBkg + SM nu-N", "10", "0.1"),
    ("0.1", "100", "SM (nu-e + nu-N)", "4", "0.04"),
    ("0.1", "100", "SM nu-e", "2", "0.009"),
    ("0.1", "10", "SM (nu-e + nu-N)", "4", "0.04"),
    ("0.1", "10", "SM nu-e", "0.7", "0.0009"),
]


@pytest.mark.parametrize("row", range(len(PRINTED)))
def test_table_1(row):
    """Row by row: ambient background, threshold, limiting background, FE, AI."""
    assert len(table1()) == len(PRINTED)
    assert tuple(list(table1()[row].values())[1:]) == PRINTED[row]


def test_the_retraction_is_cited():
    """Where Eq. (10) is used the note names the third version and the comment."""
    assert "1001.2074v3" in RETRACTED_NOTE
    assert "105, 201801" in RETRACTED_NOTE
