"""User tables: units in headers, mistakes by line and column."""

import numpy as np
import pytest

from nuatom import units as u
from nuatom.columns import ENERGIES, PLAIN, RATES, Rule, read_columns
from nuatom.errors import InvalidInput

RULES = [
    Rule("energy", ENERGIES),
    Rule("counts", PLAIN, whole=True),
    Rule("shift_*", RATES, required=False, least=-np.inf),
]


@pytest.fixture
def table(tmp_path):
    """Read a text as a table."""

    def read(text):
        path = tmp_path / "t.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_columns(path, RULES)

    return read


def test_unit_of_the_header_is_taken(table):
    """100 eV are 0.1 keV, in whatever order the columns stand."""
    first = table("energy_eV,counts\n100,3\n")
    second = table("# a remark\n\ncounts,energy_keV\n3,0.1\n")
    assert first.values["energy"] == pytest.approx(second.values["energy"], rel=1e-12)
    assert second.lines == (4,)


def test_columns_with_a_free_word_keep_their_names(table):
    """Shared errors are named by the user."""
    found = table("energy_keV,counts,shift_gain_per_kg_keV_day\n1,2,-3\n")
    assert found.values["shift_gain"][0] / u.cpkkd == pytest.approx(-3, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("energy_kev,counts\n1,2\n", "line 1: unknown column 'energy_kev'; did you mean"),
        ("energy_keV\n1\n", "a column counts as well"),
        ("energy_keV,counts,counts\n1,2,3\n", "counts twice"),
        ("energy_keV,energy_eV,counts\n1,2,3\n", "energy twice"),
        ("energy_keV,counts\n1,2\n1\n", "line 3: found 1 columns, expected 2"),
        ("energy_keV,counts\n1,2\n1,x\n", "line 3, column counts: found 'x'"),
        ("energy_keV,counts\n1,2.5\n", "line 2, column counts: found 2.5, expected a whole"),
        ("energy_keV,counts\n-1,2\n", "line 2, column energy_keV: found -1"),
        ("energy_keV,counts\nnan,2\n", "line 2, column energy_keV: found nan"),
        ("energy_keV,counts\ninf,2\n", "line 2, column energy_keV: found inf"),
        ("energy_keV,counts\n", "no rows of numbers"),
        ("", "no rows of numbers"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_mistakes_name_line_and_column(table, text, said):
    """A user finds the cell without counting."""
    with pytest.raises(InvalidInput) as caught:
        table(text)
    assert said in str(caught.value)
    assert "t.csv" in str(caught.value)


def test_missing_file_and_folder_are_told_apart(tmp_path):
    """Both are one line that names the path."""
    with pytest.raises(InvalidInput, match="no such file"):
        read_columns(tmp_path / "nothing.csv", RULES)
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_columns(tmp_path, RULES)
