"""Fits of many spectra beside other optimisers, closed forms and the conditions of a minimum."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from iminuit import Minuit
from scipy import optimize

from nuatom.errors import FitFailed, InvalidInput
from nuatom.inference.likelihoods.poisson import deviance
from nuatom.inference.toys.linear_poisson import LinearModel, fit_spectra

EXACT = 1e-8
"""What fits promise for D: Newton's method stops where it can fall by 1e-11."""


def value(model, counts, theta, measured=()):
    """Return D, written out."""
    mean = model.constant + theta @ model.templates
    rest = np.asarray(measured) - model.level - model.design @ theta
    # at an edge the expectation is zero but for rounding
    return deviance(counts, np.where((counts == 0) & (mean > -1e-11), np.abs(mean), mean)) + float(
        rest @ rest
    )


def problem(seed, parameters=3, bins=25, level=3.0):
    """Return a model with bounds and widths, true values and toys."""
    rng = np.random.default_rng(seed)
    templates = rng.random((parameters, bins)) ** 3 + 0.02
    widths = np.where(rng.random(parameters) < 0.5, 0.3, np.inf)
    low = np.where(rng.random(parameters) < 0.7, 0.0, -0.5)
    model = LinearModel.of_templates(
        0.1 * rng.random(bins), level * templates, low=low, widths=widths
    )
    truth = rng.random(parameters) * rng.choice([0.1, 1.0])
    counts = rng.poisson(model.constant + truth @ model.templates, (4, bins)).astype(float)
    measured = rng.normal(model.level + model.design @ truth, size=(4, model.level.size))
    return model, truth, counts, measured


def by_another(model, counts, measured, truth, scale):
    """Return the least D for theta >= 0 and the bounds, by L-BFGS-B."""

    def slope(p):
        theta = p * scale
        mean = model.constant + theta @ model.templates
        rest = measured - model.level - model.design @ theta
        return 2 * scale * (model.templates @ (1 - counts / mean) - model.design.T @ rest)

    return optimize.minimize(
        lambda p: value(model, counts, p * scale, measured),
        np.maximum(truth, 0.05) / scale,
        jac=slope,
        bounds=[(max(bound, 0.0) / scale, None) for bound in model.low],
        method="L-BFGS-B",
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 5000},
    ).fun


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("level", [0.3, 3.0, 300.0])
def test_another_optimiser_finds_no_less(seed, level):
    """L-BFGS-B with the same bounds ends at the same deviance."""
    model, truth, counts, measured = problem(seed, level=level)
    found = fit_spectra(model, counts, truth, measured)
    for n, y, least, theta in zip(counts, measured, found.deviances, found.values, strict=True):
        assert value(model, n, theta, y) == pytest.approx(least, abs=EXACT)
        assert np.all(theta >= model.low)
        other = by_another(model, n, y, truth, 1 / math.sqrt(level))
        assert least <= other + EXACT
        if np.all(theta >= 0):  # the other stays where every expectation is positive
            assert least == pytest.approx(other, abs=1e-6)  # where it stops


@pytest.mark.parametrize("seed", range(5))
def test_minuit_agrees(seed):
    """MINUIT, in the interior, finds the same deviance to 1e-8."""
    model = problem(seed, parameters=2, level=60.0)[0]
    free = LinearModel.of_templates(model.constant, model.templates)
    truth = np.array([0.7, 0.9])
    mean = free.constant + truth @ free.templates
    counts = np.random.default_rng(seed).poisson(mean, (3, mean.size)).astype(float)
    found = fit_spectra(free, counts, truth)
    for n, least in zip(counts, found.deviances, strict=True):
        minuit = Minuit(lambda p, n=n: value(free, n, np.asarray(p)), truth)
        minuit.errordef, minuit.tol, minuit.strategy = 1.0, 1e-6, 2
        minuit.migrad(ncall=20_000)
        assert minuit.valid
        assert least == pytest.approx(minuit.fval, abs=EXACT)


def test_one_template_is_scaled_to_the_total():
    """Without a constant the strength is the counts over those of the template."""
    model = LinearModel.of_templates(np.zeros(3), [[1.0, 2.0, 3.0]], low=0.0)
    counts = np.array([[1.0, 4.0, 7.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    found = fit_spectra(model, counts, [1.0])
    assert found.values[:, 0] == pytest.approx([2.0, 0.0, 1 / 6], rel=1e-10, abs=1e-14)
    assert found.deviances[1] == 0.0


def test_auxiliary_measurement_alone():
    """In bins without its template a parameter is what was measured, at no cost."""
    model = LinearModel.of_templates([2.0, 3.0], [[1.0, 0.0], [0.0, 0.0]], widths=[np.inf, 0.5])
    found = fit_spectra(model, [[4.0, 3.0]], [0.0, 0.0], [[1.7 / 0.5]])
    assert found.values[0] == pytest.approx([2.0, 1.7], rel=1e-9)
    assert found.deviances[0] == pytest.approx(0.0, abs=1e-12)


def test_one_bin_with_a_measured_background():
    """n = 9 counts, background 4 +- 1, no signal: b solves b^2 - 3 b - 9 = 0."""
    # d/db [2 (b - 9 ln b) + (b - 4)^2] = 0
    model = LinearModel.of_templates([0.0], [[1.0]], low=0.0, widths=1.0)
    found = fit_spectra(model, [[9.0]], [4.0], [[4.0]])
    assert found.values[0, 0] == pytest.approx((3 + math.sqrt(45)) / 2, rel=1e-10)


def test_gaussian_data_are_least_squares():
    """Without counts D is chi-square, its minimum that of the normal equations."""
    rng = np.random.default_rng(4)
    design, y = rng.normal(size=(9, 3)), rng.normal(size=(5, 9))
    nothing = np.zeros(0)
    free = np.full(3, np.inf)
    model = LinearModel(nothing, np.zeros((3, 0)), -free, free, np.zeros(9), design)
    found = fit_spectra(model, np.zeros((5, 0)), np.zeros(3), y)
    best, chi2 = np.linalg.lstsq(design, y.T, rcond=None)[:2]
    assert found.values == pytest.approx(best.T, abs=1e-9)
    assert found.deviances == pytest.approx(chi2, rel=1e-9)


def test_a_bound_holds_only_what_pushes_against_it():
    """At the minimum, D rises inwards from each bound that holds, and is level elsewhere."""
    for seed in range(12):
        model, truth, counts, measured = problem(100 + seed, parameters=4)
        found = fit_spectra(model, counts, truth, measured)
        for n, y, theta in zip(counts, measured, found.values, strict=True):
            mean = model.constant + theta @ model.templates
            if np.any((n == 0) & (mean < 1e-9)):
                continue  # held by an expectation, too
            rest = y - model.level - model.design @ theta
            slope = 2 * model.templates @ (1 - n / mean) - 2 * model.design.T @ rest
            size = 2 * np.abs(model.templates) @ (1 + n / mean)
            held = theta == model.low
            assert np.all(slope[held] >= -1e-8 * size[held])
            assert np.abs(slope[~held]) == pytest.approx(0.0, abs=2e-5 * size.max())


def test_expectation_zero_in_empty_bins():
    """A strength that may be negative goes to where an empty bin expects nothing.

    b = 1 in two bins, signal (1, 3): counts (0, 0) are fitted best by mu = (2/3, 0).
    """
    model = LinearModel.of_templates([1.0, 1.0], [[1.0, 3.0]])
    found = fit_spectra(model, [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]], [0.0])
    assert found.values[0, 0] == pytest.approx(-1 / 3, rel=1e-12)
    assert found.deviances[0] == pytest.approx(4 / 3, rel=1e-12)
    # counts in the second bin keep it from zero: D' = 2 (1 + 3 - 3/(1 + 3 s)) = 0
    assert found.values[1, 0] == pytest.approx(-1 / 12, rel=1e-9)
    # in the first bin alone they do not: at s = -1/3 the slope is 2 (1 + 3 - 3/2) > 0
    assert found.values[2, 0] == pytest.approx(-1 / 3, rel=1e-12)


def test_where_many_constraints_meet():
    """Thirty empty bins whose expectations are zero together at the origin, and five measurements.

    The least of |y - G theta|^2 + 2 sum mu over mu >= 0, also found by another method.
    """
    rng = np.random.default_rng(3)
    templates, design = rng.normal(size=(5, 30)) + 0.5, rng.normal(size=(5, 5))
    model = LinearModel(
        np.zeros(30), templates, np.full(5, -np.inf), np.full(5, np.inf), np.zeros(5), design
    )
    y = rng.normal(size=(40, 5))
    found = fit_spectra(model, np.zeros((40, 30)), np.zeros(5), y)
    for least, numbers in zip(found.deviances, y, strict=True):
        other = optimize.minimize(
            lambda p, numbers=numbers: float(
                np.sum((numbers - design @ p) ** 2) + 2 * np.sum(p @ templates)
            ),
            np.zeros(5),
            constraints={"type": "ineq", "fun": lambda p: p @ templates},
            method="SLSQP",
            options={"ftol": 1e-12, "maxiter": 500},
        )
        assert least == pytest.approx(other.fun, abs=1e-6)  # the other's constraints: 1e-7


def test_templates_that_cannot_be_told_apart():
    """Two equal templates share their strength; D is that of one, and a zero one does not hurt."""
    rng = np.random.default_rng(9)
    template, counts = rng.random(12), rng.poisson(4.0, (5, 12)).astype(float)
    one = LinearModel.of_templates(np.full(12, 2.0), [template], low=0.0)
    same = [template, template, np.zeros(12)]
    three = LinearModel.of_templates(np.full(12, 2.0), same, low=0.0)
    expected = fit_spectra(one, counts, [1.0])
    found = fit_spectra(three, counts, [0.5, 0.5, 0.0])
    assert found.deviances == pytest.approx(expected.deviances, abs=EXACT)
    assert found.values[:, :2].sum(axis=1) == pytest.approx(expected.values[:, 0], abs=1e-6)


def test_counts_of_any_size():
    """The exposure may be 1e-6 or 1e9 times larger: D of the scaled spectrum scales with it."""
    rng = np.random.default_rng(12)
    templates = rng.random((2, 30)) + 0.1
    counts = rng.poisson(20 * templates.sum(axis=0)).astype(float)
    base = fit_spectra(LinearModel.of_templates(np.zeros(30), templates), counts, [20.0, 20.0])
    for exposure in (1e-6, 1e9):
        model = LinearModel.of_templates(np.zeros(30), exposure * templates)
        found = fit_spectra(model, exposure * counts, [20.0, 20.0])
        # at 1e-6 counts D itself is 3e-5, and fits stop when it can fall by 1e-11
        assert found.deviances == pytest.approx(exposure * base.deviances, rel=1e-6)


@pytest.mark.parametrize("scale", [1e-22, 1e22])
def test_units_of_a_parameter(scale):
    """A parameter in another unit has the inverse value, and D does not change."""
    model, truth, counts, measured = problem(2)
    del measured
    unit = np.array([scale, 1.0, 1.0])
    plain = LinearModel.of_templates(model.constant, model.templates, low=0.0)
    other = LinearModel.of_templates(model.constant, model.templates * unit[:, None], low=0.0)
    one = fit_spectra(plain, counts, truth)
    two = fit_spectra(other, counts, truth / unit)
    assert two.deviances == pytest.approx(one.deviances, abs=EXACT)
    assert two.values * unit == pytest.approx(one.values, rel=1e-6, abs=1e-8)


def test_start_does_not_matter():
    """From any possible start the fit ends at the same place."""
    model, truth, counts, measured = problem(7)
    first = fit_spectra(model, counts, truth, measured)
    starts = np.random.default_rng(1).random((counts.shape[0], truth.size)) * 9
    second = fit_spectra(model, counts, starts, measured)
    assert second.deviances == pytest.approx(first.deviances, abs=EXACT)
    assert second.values == pytest.approx(first.values, abs=1e-6)


def test_holding_a_parameter():
    """Held at its best value a parameter changes nothing; elsewhere D is larger."""
    model, truth, counts, measured = problem(5)
    best = fit_spectra(model, counts, truth, measured)
    for which in range(3):
        at = float(best.values[0, which])
        rest = np.delete(best.values[0], which)
        held = fit_spectra(model.fixed(which, at), counts[:1], rest, measured[:1])
        assert held.deviances[0] == pytest.approx(best.deviances[0], abs=EXACT)
        moved = fit_spectra(model.fixed(which, at + 0.5), counts[:1], rest, measured[:1])
        assert moved.deviances[0] > best.deviances[0]
        full = np.insert(moved.values[0], which, at + 0.5)
        assert value(model, counts[0], full, measured[0]) == pytest.approx(
            moved.deviances[0], abs=EXACT
        )


def test_holding_a_measured_parameter():
    """Held at x, a parameter measured as m +- w costs ((x - m)/w)^2 beside the counts."""
    model = LinearModel.of_templates([1.0], [[2.0], [1.0]], low=0.0, widths=[0.5, np.inf])
    x, m, w = 1.4, 0.6, 0.5
    found = fit_spectra(model.fixed(0, x), [[7.0]], [1.0], [[m / w]])
    assert found.values[0] == pytest.approx([7.0 - 1.0 - 2 * x], rel=1e-9)
    assert found.deviances[0] == pytest.approx(((x - m) / w) ** 2, rel=1e-9)


def test_no_parameter_is_left():
    """With everything held, D is just evaluated."""
    model = LinearModel.of_templates([1.0], [[2.0]]).fixed(0, 1.5)
    found = fit_spectra(model, [[4.0]], np.zeros(0))
    assert found.deviances == pytest.approx(0.0, abs=1e-14)
    assert found.values.shape == (1, 0)


def test_threads_share_the_work():
    """Fits in two threads give the same numbers as in one."""
    model, truth, counts, measured = problem(11)
    alone = fit_spectra(model, counts, truth, measured)
    with ThreadPoolExecutor(2) as executor:
        parts = [
            executor.submit(fit_spectra, model, counts[i::2], truth, measured[i::2])
            for i in range(2)
        ]
    for i, part in enumerate(parts):
        assert np.array_equal(part.result().deviances, alone.deviances[i::2])


def test_counts_that_are_impossible_at_the_start():
    """Counts where nothing is expected at the start are refused, with their number."""
    model = LinearModel.of_templates([0.0], [[1.0]], low=0.0)
    with pytest.raises(FitFailed, match="1 of 2 are impossible at their start"):
        fit_spectra(model, [[0.0], [3.0]], [0.0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[1.0, 2.0, 3.0]], [0.0]), r"counts: found the shape \(1, 3\)"),
        (([[-1.0, 2.0]], [0.0]), "counts: "),
        (([[1.0, math.nan]], [0.0]), "counts: found a value that is not finite"),
        (([[1.0, 2.0]], [0.0, 1.0]), r"start: found the shape \(2,\)"),
        (([[1.0, 2.0]], [-1.0]), "start: found a value outside the bounds"),
        (([[1.0, 2.0]], [0.0], [[1.0]]), r"measured: found the shape \(1, 1\)"),
    ],
)
def test_bad_spectra(arguments, message):
    """Shapes, negative counts and starts out of bounds are refused."""
    model = LinearModel.of_templates([1.0, 1.0], [[1.0, 2.0]], low=0.0)
    with pytest.raises(InvalidInput, match=message):
        fit_spectra(model, *arguments)


def test_bad_models():
    """Shapes that do not match, bounds in the wrong order, widths of zero."""
    with pytest.raises(InvalidInput, match="templates: found the shape"):
        LinearModel.of_templates([1.0, 1.0], [[1.0, 2.0, 3.0]])
    with pytest.raises(InvalidInput, match="bounds: expected low < high"):
        LinearModel.of_templates([1.0], [[1.0]], low=1.0, high=0.0)
    with pytest.raises(InvalidInput, match="widths"):
        LinearModel.of_templates([1.0], [[1.0]], widths=0.0)
    with pytest.raises(InvalidInput, match="design: found the shape"):
        LinearModel(
            np.ones(1), np.ones((1, 1)), np.zeros(1), np.ones(1), np.zeros(2), np.zeros((1, 1))
        )
