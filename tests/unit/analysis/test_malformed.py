"""Thousands of malformed cards and tables: an error of ours, never another, never a default."""

import copy

import hypothesis
import pytest
from hypothesis import strategies as st

from nuatom import analysis
from nuatom.analysis.cards.card import read_card
from nuatom.datasets import dataset
from nuatom.errors import NuatomError

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        [
            "1e999 keV", "-1 keV", "0 keV", "nan keV", "1 kg", "1 / keV", "keV", "5 %", "500 %",
            "1e-300 keV", "1e300 keV", "Ge", "weak", "kuo-sheng", "flat", "fano",
            "../x.csv", "a\0b",
        ]
    ),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)  # fmt: skip
KEYS = st.one_of(
    st.text(max_size=10),
    st.sampled_from(
        ["name", "kind", "noise", "rate", "number", "edges", "mass", "model", "core", "file", "of"]
    ),
)


def paths(node, above=()):
    """Every place in a card."""
    yield above
    if isinstance(node, dict):
        for key, value in node.items():
            yield from paths(value, (*above, key))
    elif isinstance(node, list):
        for place, value in enumerate(node):
            yield from paths(value, (*above, place))


@st.composite
def changes(draw, whole):
    """One to three changes: a value replaced, a key taken away or added."""
    found = copy.deepcopy(whole)
    for _ in range(draw(st.integers(1, 3))):
        every = [path for path in paths(found) if path]
        if not every:
            break
        *above, last = draw(st.sampled_from(every))
        node = found
        for key in above:
            node = node[key]
        how = draw(st.sampled_from(["replace", "remove", "add"]))
        if how == "replace":
            node[last] = draw(JUNK)
        elif how == "remove":
            del node[last]
        elif isinstance(node, dict):
            node[draw(KEYS)] = draw(JUNK)
    return found


def check(data, card, *, build):
    """Read a changed card; whatever is accepted must say the same when written out again."""
    text = data.draw(changes(card(bins__number=3, variations={"quenching": "10 %"})))
    try:
        read = read_card(text)
    except NuatomError as error:
        assert "\n" not in str(error)
        return
    # what was accepted uses every key that was given: nothing was dropped or guessed
    assert given(read.card.model_dump(exclude_unset=True)) == given(text)
    if build:
        try:
            analysis.load(text)
        except NuatomError as error:
            assert "\n" not in str(error)


def given(node, above=()):
    """The keys of a card, with their places."""
    if isinstance(node, dict):
        return {k for key, value in node.items() for k in given(value, (*above, key))} | {above}
    if isinstance(node, list):
        return {k for i, value in enumerate(node) for k in given(value, (*above, i))} | {above}
    return {above}


@hypothesis.settings(
    max_examples=150, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(data=st.data())
def test_malformed_cards_are_refused(data, card):
    """Whatever stands in a card, it is used or refused."""
    check(data, card, build=False)


@pytest.mark.validate
@pytest.mark.filterwarnings("ignore")
@hypothesis.settings(
    max_examples=4000, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(data=st.data())
def test_thousands_of_malformed_cards_are_refused(data, card):
    """The same with many more, and with what is accepted built to the end."""
    check(data, card, build=True)


CELLS = st.one_of(
    st.floats().map(str),
    st.text(alphabet="0123456789.eE+-naif, #\"'\t", max_size=8),
    st.sampled_from(["", "1", "2", "3.5", "1e400", "-0", "energy_low_keV", "\0", "\ufeff"]),
)


def read_tables(data, folder):
    """Read a table of random cells under a right or wrong header."""
    header = data.draw(
        st.sampled_from(
            [
                "energy_low_keV,energy_high_keV,counts",
                "counts,energy_high_eV,energy_low_eV",
                "energy_low_keV,energy_high_keV",
                "energy_low_keV,energy_high_keV,counts,counts",
                "energy_low_kev,energy_high_keV,counts",
                "",
            ]
        )
    )
    rows = data.draw(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=6))
    text = "\n".join([header, *(",".join(row) for row in rows)])
    (folder / "t.csv").write_text(text, encoding="utf-8")
    (folder / "c.toml").write_text(
        'kind = "binned-counts"\ntable = "t.csv"\nmass = "1 kg"\nlive_time = "1 day"\n'
    )
    try:
        found = dataset(folder / "c.toml")
    except NuatomError as error:
        assert "\n" not in str(error)
    else:
        assert found.counts.size == len([row for row in text.splitlines()[1:] if row.strip()
                                         and not row.lstrip().startswith("#")])  # fmt: skip


@hypothesis.settings(
    max_examples=100, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(data=st.data())
def test_malformed_tables_are_refused(data, tmp_path):
    """No row is dropped without a word, no cell is guessed."""
    read_tables(data, tmp_path)


@pytest.mark.validate
@hypothesis.settings(
    max_examples=4000, suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture]
)
@hypothesis.given(data=st.data())
def test_thousands_of_malformed_tables_are_refused(data, tmp_path):
    """The same with many more."""
    read_tables(data, tmp_path)
