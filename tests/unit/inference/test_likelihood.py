"""Likelihoods: sums of terms and priors, pseudo-experiments, what cannot be joined."""

import numpy as np
import pytest
from scipy import optimize

from nuatom.errors import FitFailed, InvalidInput, UnknownName
from nuatom.inference.fits.fit import fit
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.likelihoods.normal import NormalTerm
from nuatom.inference.likelihoods.on_off import OnOffTerm
from nuatom.inference.likelihoods.poisson import PoissonTerm
from nuatom.inference.likelihoods.unbinned import UnbinnedTerm
from nuatom.inference.parameters import Gaussian, Parameter
from nuatom.inference.predictions import LinearPrediction

SIGNAL = Parameter("signal", starts=(1.0,), low=0.0)
PULL = Parameter("pull", prior=Gaussian(0.2, 0.5))


def counts(data=(4.0, 9.0, 2.0), exposure=1.0):
    templates = exposure * np.array([[1.0, 2.0, 0.5], [0.3, -0.2, 0.1]])
    prediction = LinearPrediction(("signal", "pull"), templates, exposure * np.array([2.0, 3, 1]))
    return PoissonTerm(np.array(data), prediction)


def level(data=(1.0, 1.5), name="pull"):
    line = LinearPrediction((name,), np.ones((1, 2)), np.zeros(2))
    return NormalTerm.independent(np.array(data), np.array([0.5, 0.7]), line)


BOTH = Likelihood((SIGNAL, PULL), (counts(), level()))
AT = np.array([1.7, -0.4])


def test_deviance_is_the_sum_of_terms_and_priors():
    """Each dataset and each prior counts once; rounding 1e-12."""
    expected = counts().deviance(AT) + level().deviance(AT[1:]) + ((-0.4 - 0.2) / 0.5) ** 2
    assert BOTH.deviance(AT) == pytest.approx(expected, rel=1e-12)
    assert BOTH.points == 5


def test_terms_find_their_parameters_in_any_order():
    """The order of the parameters of a likelihood is its own business; rounding 1e-12."""
    turned = Likelihood((PULL, SIGNAL), (level(), counts()))
    assert turned.deviance(AT[::-1]) == pytest.approx(BOTH.deviance(AT), rel=1e-12)
    assert turned.gradient(AT[::-1]) == pytest.approx(BOTH.gradient(AT)[::-1], rel=1e-12)


def test_gradient_is_the_slope_of_the_deviance():
    """Central differences over 1e-5: error below 1e-6 of (1 + |slope|), as for one term."""
    for k, found in enumerate(BOTH.gradient(AT)):
        step = np.eye(2)[k] * 1e-5
        slope = (BOTH.deviance(AT + step) - BOTH.deviance(AT - step)) / 2e-5
        assert found == pytest.approx(slope, abs=1e-6 * (1 + abs(slope)))


def test_shared_parameters_have_one_prior():
    """Joining two likelihoods of one parameter: terms add, the prior counts once (1e-12)."""
    one = Likelihood((SIGNAL, PULL), (counts(),))
    other = Likelihood((PULL,), (level(),))
    assert (one + other).deviance(AT) == pytest.approx(BOTH.deviance(AT), rel=1e-12)
    assert (one + other).names == ("signal", "pull")


def test_four_kinds_of_data_share_a_strength():
    """Counts, numbers, counts on and off, and single events: scipy finds the same minimum.

    Nelder-Mead stops at 1e-10 of D, so its values are good to about 1e-5 of an error.
    """
    one = LinearPrediction(("signal",), np.ones((1, 1)), np.zeros(1))
    grid = np.array([0.0, 1.0, 3.0])
    density = LinearPrediction(("signal",), np.array([[0.0, 1.0, 0.5]]), np.ones(3))
    joint = Likelihood(
        (SIGNAL, PULL),
        (
            counts(),
            level(),
            OnOffTerm(np.array([7.0]), np.array([9.0]), np.array(2.0), one),
            UnbinnedTerm(np.array([0.7, 1.1, 2.9]), grid, density),
        ),
    )
    other = optimize.minimize(
        joint.deviance, [1.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12}
    )
    found = fit(joint)
    assert found.deviance == pytest.approx(other.fun, abs=1e-9)
    for k, error in enumerate(found.errors.values()):
        assert found.array[k] == pytest.approx(other.x[k], abs=1e-4 * error)
    assert joint.points == 3 + 2 + 1 + 0


def test_two_copies_are_one_of_twice_the_exposure():
    """Two equal datasets, or one with counts and expectation doubled: the same fit.

    D is the same function, so values agree to the precision of a fit, 1e-6 of the error.
    """
    one = Likelihood((SIGNAL, PULL), (counts(),))
    doubled = Likelihood((SIGNAL, PULL), (counts((8.0, 18.0, 4.0), 2.0),))
    joint = fit(one + one)
    alone = fit(doubled)
    assert joint.deviance == pytest.approx(alone.deviance, rel=1e-9)
    for name in ("signal", "pull"):
        assert joint.values[name] == pytest.approx(
            alone.values[name], abs=1e-6 * alone.errors[name]
        )
        assert joint.errors[name] == pytest.approx(alone.errors[name], rel=1e-4)


@pytest.mark.parametrize(
    "other",
    [
        Parameter("pull", prior=Gaussian(0.2, 0.6)),
        Parameter("pull"),
        Parameter("pull", prior=Gaussian(0.2, 0.5), low=-1.0),
    ],
)
def test_two_versions_of_a_parameter_do_not_join(other):
    """A shared parameter has one prior and one range."""
    with pytest.raises(InvalidInput, match="parameter pull"):
        BOTH + Likelihood((other,), (level(),))


def test_starts_and_scales_may_differ():
    """How a fit begins is no statement about the parameter: the first one's is kept."""
    other = Parameter("pull", starts=(1.0,), scale=3.0, prior=Gaussian(0.2, 0.5))
    assert (BOTH + Likelihood((other,), (level(),))).parameter("pull").starts == (0.0,)


@pytest.mark.parametrize(
    ("parameters", "error", "words"),
    [
        ((SIGNAL, SIGNAL, PULL), InvalidInput, "two parameters 'signal'"),
        ((SIGNAL, PULL, Parameter("idle")), InvalidInput, "'idle', on which nothing"),
        ((SIGNAL,), UnknownName, "unknown parameter 'pull'"),
    ],
)
def test_parameters_and_terms_must_match(parameters, error, words):
    """Double, idle and missing parameters have names."""
    with pytest.raises(error, match=words):
        Likelihood(parameters, (counts(),))


def test_values_by_name():
    """Those that are given, and the first start of the others."""
    assert BOTH.values({"pull": 0.3}).tolist() == [1.0, 0.3]
    with pytest.raises(UnknownName, match="did you mean 'signal'"):
        BOTH.values({"signel": 1.0})
    with pytest.raises(InvalidInput, match="not finite"):
        BOTH.values({"signal": np.nan})


def test_pseudo_experiments_draw_the_auxiliary_measurement_again():
    """Means of priors over 3000 draws: about the true value, with their width (five sigma)."""
    rng, number = np.random.default_rng(12), 3000
    drawn = [BOTH.simulated(AT, rng) for _ in range(number)]
    means = np.array([one.parameter("pull").prior.mean for one in drawn])
    assert abs(means.mean() - AT[1]) < 5 * 0.5 / np.sqrt(number)
    assert abs(means.std(ddof=1) - 0.5) < 5 * 0.5 / np.sqrt(2 * number)
    assert drawn[0].parameter("signal").prior is None


def test_the_same_seed_is_the_same_experiment():
    """Two generators of one seed draw the same data."""
    one, other = (BOTH.simulated(AT, np.random.default_rng(1)) for _ in range(2))
    assert one.deviance(AT) == other.deviance(AT)


def test_asimov_data_are_fitted_perfectly_at_the_truth():
    """D vanishes, priors included."""
    assert BOTH.asimov(AT).deviance(AT) == 0.0


def test_another_prior_by_name():
    """The rest stays; a name that is not there is refused."""
    free = BOTH.with_parameter(Parameter("pull"))
    assert free.deviance(AT) == pytest.approx(BOTH.deviance(AT) - (0.6 / 0.5) ** 2, rel=1e-12)
    with pytest.raises(UnknownName):
        BOTH.with_parameter(Parameter("other"))


def test_a_deviance_that_is_not_a_number_is_named():
    """A prediction that is NaN somewhere is an error, not a result."""

    class Broken:
        names = ("signal", "pull")

        def expected(self, values):
            return np.array([1.0, np.nan, 1.0])

        def jacobian(self, values):
            return np.zeros((3, 2))

    broken = Likelihood((SIGNAL, PULL), (PoissonTerm(np.ones(3), Broken()),))
    with pytest.raises(FitFailed, match=r"not a number at signal = 1\.7, pull = -0\.4"):
        broken.deviance(AT)


def test_walls_of_all_terms():
    """Expectations of the counts; numbers with Gaussian errors have none."""
    numbers, rows = BOTH.walls(AT)(AT)
    assert numbers.tolist() == counts().expected(AT).tolist()
    assert rows.shape == (3, 2)
    none, empty = Likelihood((PULL,), (level(),)).walls(AT[1:])(AT[1:])
    assert (none.size, empty.shape) == (0, (0, 1))
