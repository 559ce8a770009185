"""The picture of a limit."""

import numpy as np
import pytest

from nuatom.errors import UnknownName
from nuatom.plotting import limit
from nuatom.plotting.style import house_style, new_figure
from nuatom.table import Column, Table

GRID = np.linspace(0.0, 4.0, 9)


def tables(*, observed=True, contour=False, axis="energy", unit="keV"):
    """Tables as a result has them, with simple numbers."""
    low = np.array([1.0, 2.0, 3.0])
    columns = [Column(f"{axis}_low_{unit}", low), Column(f"{axis}_high_{unit}", low + 1)]
    if observed:
        columns += [
            Column("observed_counts", np.array([9.0, 4.0, 6.0])),
            Column("observed_error_counts", np.array([3.0, 2.0, 2.4])),
        ]
    for name, height in (("best_fit", 6.0), ("at_limit", 8.0), ("signal_at_limit", 2.0)):
        columns.append(Column(f"{name}_counts", height * np.array([1.0, 0.9, 0.8])))
    found = {
        "spectrum": Table("spectrum", "", tuple(columns)),
        "limits": Table(
            "limits",
            "",
            (
                Column("model", ["free", "free", "stepped"]),
                Column("method", ["profile-likelihood", "one-sided", "profile-likelihood"]),
                Column("confidence", np.array([0.9, 0.9, 0.9])),
                Column("high", np.array([2.6, np.inf, 2.4])),
            ),
        ),
    }
    if contour:
        first, second = np.meshgrid(GRID, GRID, indexing="ij")
        rise = (first - 1) ** 2 + (second - 2) ** 2
        found["contour"] = Table(
            "contour",
            "",
            (
                Column("magnetic_moment_mu_B", first.ravel(), "magnetic-moment"),
                Column("charge_radius_cm2", second.ravel(), "charge-radius"),
                Column("rise", rise.ravel()),
            ),
            ("contour at 68 %: rise 2.279", "contour at 90 %: rise 4.605"),
        )
    else:
        found["profile"] = Table(
            "profile",
            "magnetic-moment",
            (
                Column("magnetic_moment_mu_B", GRID),
                Column("parameter", GRID**2),
                Column("rise_free", GRID**2 / 2.5, "free"),
                Column("rise_nuisances", GRID**2 / 2, "nuisances at their best fit"),
            ),
        )
    return found


def axes_of(found):
    """Both panels."""
    with house_style():
        figure = new_figure(limit.HEIGHT_INCHES)
        limit.draw(found, figure)
    return figure.axes


def test_fit_limit_and_data_are_drawn_per_keV():
    """The best fit with the height of its counts, the data as points."""
    above, _ = axes_of(tables())
    labels = [text.get_text() for text in above.get_legend().get_texts()]
    assert set(labels) == {"best fit", "at the limit", "signal at the limit", "observed"}
    assert above.patches[0].get_data().values == pytest.approx([6.0, 5.4, 4.8])
    assert above.get_xlabel() == "observed energy [keV]"


def test_without_data_there_are_no_points():
    """Asimov data are not observed."""
    above, _ = axes_of(tables(observed=False))
    assert "observed" not in [text.get_text() for text in above.get_legend().get_texts()]


def test_an_area_is_no_energy():
    """The axis of S2 is in photoelectrons."""
    above, _ = axes_of(tables(axis="s2", unit="PE"))
    assert above.get_xlabel() == "S2 area [PE]"


def test_limits_stand_on_the_level_of_the_confidence():
    """A mark at each finite limit of the first model, at a rise of 2.71 for 90 %."""
    _, below = axes_of(tables())
    marks = [line for line in below.lines if line.get_marker() == "|"]
    (mark,) = marks
    assert float(mark.get_xdata()[0]) == pytest.approx(2.6)
    assert float(mark.get_ydata()[0]) == pytest.approx(2.7055, abs=1e-4)
    assert below.get_xlabel() == r"magnetic-moment [$\mu_B$]"


def test_two_couplings_are_a_contour():
    """With the units of both, and a cross at the least rise."""
    _, below = axes_of(tables(contour=True))
    assert below.get_xlabel() == r"magnetic-moment [$\mu_B$]"
    assert below.get_ylabel() == "charge-radius [cm²]"
    cross = next(line for line in below.lines if line.get_marker() == "+")
    assert (float(cross.get_xdata()[0]), float(cross.get_ydata()[0])) == (1.0, 2.0)


def test_same_tables_give_the_same_bytes():
    """A file that is made again is not a change."""
    assert limit.picture(tables(), "png") == limit.picture(tables(), "png")
    assert limit.picture(tables(contour=True), "svg").startswith(b"<?xml")


def test_missing_columns_are_named():
    """As for every figure."""
    found = tables()
    found["spectrum"] = Table("spectrum", "", found["spectrum"].columns[:2])
    with pytest.raises(UnknownName, match="best_fit_counts"):
        axes_of(found)
