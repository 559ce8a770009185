"""Models with other levels, fewer bins, fewer components."""

import pytest

from nuatom import analysis
from nuatom import units as u
from nuatom.analysis.projections.scaled_model import (
    above,
    background_counts,
    factors_of,
    limiting_groups,
    on_nuclei,
    scaled,
    subtracted,
    without,
)
from nuatom.errors import InvalidInput, UnknownName


@pytest.fixture(scope="module")
def model(card):
    """Germanium at a reactor with every kind of component and some variations."""
    return analysis.load(card(signals__channels=["weak", "coherent", "charge-radius"]))


def test_exposure_multiplies_everything(model):
    """The model of a card with three times the exposure, to rounding."""
    found = scaled(model, factors_of(exposure=3.0))
    for part, old in zip(found.components, model.components, strict=True):
        assert part.counts == pytest.approx(3 * old.counts, rel=1e-14)
        for name, counts in old.upper.items():
            assert part.upper[name] == pytest.approx(3 * counts, rel=1e-14)
        for name, counts in old.lower.items():
            assert part.lower[name] == pytest.approx(3 * counts, rel=1e-14)


def test_flux_leaves_backgrounds(model):
    """Twice the flux is twice the signals; backgrounds do not come from the source."""
    found = scaled(model, factors_of(flux=2.0))
    assert found.component("weak").counts == pytest.approx(2 * model.component("weak").counts)
    assert found.component("ge71").counts == pytest.approx(model.component("ge71").counts)


def test_rejection_takes_nuclear_recoils_away(model):
    """90 % rejection leaves a tenth of the coherent recoils, and all electrons."""
    found = scaled(model, factors_of(rejection=0.9))
    old = model.component("coherent").counts
    assert found.component("coherent").counts == pytest.approx(0.1 * old, rel=1e-12)
    assert found.component("weak").counts == pytest.approx(model.component("weak").counts)


def test_one_background_at_a_time(model):
    """A factor on one does not touch the other."""
    found = scaled(model, factors_of(backgrounds={"compton": 5.0}))
    assert found.component("compton").counts == pytest.approx(5 * model.component("compton").counts)
    assert found.component("ge71").counts == pytest.approx(model.component("ge71").counts)
    total = 5 * model.component("compton").counts + model.component("ge71").counts
    assert background_counts(found) == pytest.approx(total, rel=1e-12)


def test_a_threshold_leaves_out_bins(model):
    """The bins from 1 keV on are those of the model, with their variations."""
    found = above(model, 1 * u.keV)
    assert found.bin_edges == pytest.approx(model.bin_edges[8:], rel=1e-12)
    assert found.expected() == pytest.approx(model.expected()[8:], rel=1e-12)
    shifted = model.expected(shifts={"resolution": 0.7})[8:]
    assert found.expected(shifts={"resolution": 0.7}) == pytest.approx(shifted, rel=1e-12)


@pytest.mark.parametrize("threshold", [0.55, 3.0, 0.1])
def test_a_threshold_inside_a_bin_is_refused(model, threshold):
    """Bins are not split, and one must be left."""
    with pytest.raises(InvalidInput, match="expected the lower edge of a bin, such as"):
        above(model, threshold * u.keV)


def test_components_are_taken_away(model):
    """The rest is as it was; a wrong name is told."""
    rest = without(model, ["compton", "coherent"])
    gone = model.component("compton").counts + model.component("coherent").counts
    assert rest.expected() == pytest.approx(model.expected() - gone, rel=1e-12)
    with pytest.raises(UnknownName, match="did you mean 'compton'"):
        without(model, ["comptn"])


def test_subtracted_backgrounds_have_no_errors_of_their_own(model):
    """Signals keep theirs."""
    found = subtracted(model)
    assert found.component("compton").upper == {}
    assert found.component("compton").rate_variation == ""
    assert set(found.component("weak").upper) == set(model.component("weak").upper)


def test_groups_leave_out_what_interferes(model, card):
    """The weak force on electrons interferes with a charge radius, so it is no background."""
    radius = limiting_groups(model, ["charge-radius"])
    assert radius == {"ambient": ("compton", "ge71"), "nu-N": ("coherent",)}
    moment = limiting_groups(analysis.load(card()), ["magnetic-moment"])
    assert moment == {"ambient": ("compton", "ge71"), "nu-e": ("weak",), "nu-N": ("coherent",)}


def test_nuclear_components(model):
    """Recoils of nuclei, not electrons, not backgrounds."""
    names = [part.name for part in model.components if on_nuclei(part)]
    assert names == ["coherent"]


def test_data_are_not_scaled(model):
    """A model with data would no longer agree with them."""
    with pytest.raises(InvalidInput, match="found data"):
        scaled(replace_observed(model), factors_of())


def replace_observed(model):
    """The model with something in the place of its data."""
    from dataclasses import replace

    return replace(model, observed=object())
