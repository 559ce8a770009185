"""The methods of `nuatom limit` in words: a label, and when to use which.

What runs them is in `nuatom.analysis.limits.methods`; the words alone load no library.
"""

from typing import NamedTuple


class Use(NamedTuple):
    """A method in words.

    Parameters
    ----------
    label : str
        For tables and figures [text].
    use : str
        One line: when to use it [text].
    toys : bool
        Whether it simulates experiments, which takes long [flag].
    """

    label: str
    use: str
    toys: bool = False


USES: dict[str, Use] = {
    "profile-likelihood": Use(
        "profile likelihood",
        "default: fast, two-sided, any likelihood; coverage approximate at a bound or with few "
        "counts",
    ),
    "one-sided": Use(
        "profile likelihood, one-sided",
        "to compare with papers whose 90 % limit is where the deviance has risen by 1.64",
    ),
    "feldman-cousins": Use(
        "Feldman-Cousins",
        "for publication: exact coverage but for nuisances, at a bound and with few counts",
        toys=True,
    ),
    "gaussian-feldman-cousins": Use(
        "Feldman-Cousins, Gaussian",
        "many counts and a squared coupling: exact at the bound, no toys",
    ),
    "cls": Use(
        "CLs, asymptotic",
        "safe against downward fluctuations of the background, over-covers; many counts",
    ),
    "cls-toys": Use("CLs", "the same with few counts", toys=True),
    "bayes": Use(
        "Bayes, flat prior",
        "credible, prior flat in the parameter: a squared coupling, or a charge with its sign",
    ),
    "bayes-flat-in-coupling": Use(
        "Bayes, flat in the coupling",
        "credible, prior flat in the coupling itself: to see what the prior does",
    ),
    "binned-poisson": Use(
        "binned Poisson",
        "background unknown, counts in bins: covers whatever the background is",
    ),
    "maximum-gap": Use("maximum gap", "background unknown, a few single events: closed form"),
    "optimum-interval": Use(
        "optimum interval",
        "background unknown, up to some hundred single events: the strongest of its kind",
    ),
}
"""Every method by name."""
