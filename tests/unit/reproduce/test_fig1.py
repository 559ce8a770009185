"""Fig. 1: nothing is computed, but every symbol is explained."""

from nuatom.reproduce import fig1


def test_symbols_of_the_diagram():
    """The four-momenta of Eq. (3), the transfer T, Q^2 and the moment each have a meaning."""
    item = fig1.compute()
    (table,) = item.tables
    symbols, meanings = table.column("symbol"), table.column("meaning")
    assert {"k", "k'", "q", "p", "T", "Q^2", "mu"} <= set(symbols)
    assert all(len(meaning) > 10 for meaning in meanings)
    assert item.name == table.name == "fig1"
    assert item.summary_dict() == {}
    assert "magnetic moment" in item.caption
