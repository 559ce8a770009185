"""The likelihood of a model and its data: parameters with priors, and one term.

=============  ==========================  ==============================================
kind           data                        term
=============  ==========================  ==============================================
``poisson``    counts, events in bins      Poisson in each bin
``normal``     rates with errors, counts   Gaussian in each bin, shared errors as pulls
``on-off``     a pair ON and OFF           both Poisson, the background of each bin free
``unbinned``   single events               extended, the density between centres of bins
=============  ==========================  ==============================================

A background of the card has a strength, 1 as in the card, with a Gaussian prior where the
card gives an uncertainty.  Every other variation, and every shared error of the data, is a
pull with the prior of a standard normal variable.
"""

from dataclasses import dataclass, replace

import numpy as np

from nuatom.analysis.limits.interest import Interest, interests
from nuatom.analysis.limits.nuisances import Nuisance, nuisances, templates
from nuatom.analysis.limits.prediction import ModelPrediction, model_prediction
from nuatom.analysis.limits.terms import KINDS, Data, check_possible, default_kind
from nuatom.analysis.model import Model
from nuatom.arrays import Array
from nuatom.errors import InvalidInput, lookup
from nuatom.inference.likelihood import Likelihood
from nuatom.inference.parameters import Parameter


@dataclass(frozen=True)
class LikelihoodSettings:
    """What is asked, and how the data are compared.

    Parameters
    ----------
    parameters : tuple of str
        One or two channels [names].
    physical : bool
        Whether squares of couplings must not be negative [flag].
    kind : str or None
        A key of `nuatom.analysis.limits.terms.KINDS`; by the data if None [name].
    asimov : bool
        Whether the data are what is expected without the couplings [flag].
    published_background : str, float or None
        ``exact``, ``free`` or ``unused``, or its relative uncertainty; needed where the
        dataset has one [any].
    prefix : str
        Put before the names of strengths and pulls, to keep those of two experiments apart
        in a joint fit [text].
    shared : tuple of str
        Those that keep their names all the same [names].
    """

    parameters: tuple[str, ...]
    physical: bool = True
    kind: str | None = None
    asimov: bool = False
    published_background: str | float | None = None
    prefix: str = ""
    shared: tuple[str, ...] = ()

    def renamed(self, name: str) -> str:
        """Return the name of a nuisance in a joint fit.

        Parameters
        ----------
        name : str
            Of a strength or pull [name].

        Returns
        -------
        str
            With the prefix, unless it is shared.
        """
        return name if name in self.shared else f"{self.prefix}{name}"


@dataclass(frozen=True, eq=False)
class Described:
    """A likelihood and what its parts mean.

    Parameters
    ----------
    likelihood : Likelihood
        Of the data [likelihood].
    interests : tuple of Interest
        Its first parameters [interest].
    prediction : ModelPrediction
        Counts in the bins of the model, as a function of all parameters [dimensionless].
    kind : str
        A key of `nuatom.analysis.limits.terms.KINDS` [name].
    data : Data
        What was counted, in the bins of the model [any].
    notes : tuple of str
        What a reader must know [text].
    """

    likelihood: Likelihood
    interests: tuple[Interest, ...]
    prediction: ModelPrediction
    kind: str
    data: Data
    notes: tuple[str, ...]


def likelihood(model: Model, settings: LikelihoodSettings) -> Likelihood:
    """Return the likelihood of a model.

    Parameters
    ----------
    model : Model
        From a card, with data unless they are Asimov data [model].
    settings : LikelihoodSettings
        What is asked [any].

    Returns
    -------
    Likelihood
        The parameters of interest first; `Likelihood.values` is the Standard Model with
        the backgrounds of the card.

    Raises
    ------
    InvalidInput
        If there are no data or none of the kind, a bin has no Gaussian error, or the
        parameters change no bin.
    UnknownName
        If a parameter is no channel of the model.

    Example
    -------
    >>> from nuatom import analysis
    >>> model = analysis.load({
    ...     "source": {"name": "kuo-sheng"},
    ...     "detector": {"target": "Ge", "exposure": "1 kg day",
    ...                  "resolution": {"kind": "perfect"}},
    ...     "bins": {"edges": ["1 keV", "2 keV"]},
    ...     "response": {"electrons": "stepped"},
    ...     "signals": {"channels": ["magnetic-moment"]},
    ...     "backgrounds": [{"kind": "flat", "name": "flat", "rate": "9 / kg / keV / day",
    ...                      "uncertainty": "10 %"}]})
    >>> found = likelihood(model, LikelihoodSettings(("magnetic-moment",), asimov=True))
    >>> found.names, round(found.deviance(found.values()), 9)
    (('magnetic-moment^2', 'flat'), 0.0)
    """
    return described(model, settings).likelihood


def described(model: Model, settings: LikelihoodSettings) -> Described:
    """Return the likelihood of a model together with what its parts mean.

    Parameters
    ----------
    model : Model
        From a card [model].
    settings : LikelihoodSettings
        What is asked [any].

    Returns
    -------
    Described
        See `likelihood`.

    Raises
    ------
    InvalidInput
        As `likelihood`.
    UnknownName
        As `likelihood`.
    """
    wanted = interests(model, settings.parameters)
    kind = settings.kind or default_kind(model)
    chosen = lookup("kind of likelihood", kind, KINDS)
    missing = settings.asimov and model.observed is None
    data = Data(model.bin_edges) if missing else chosen.read(model)
    if settings.asimov:  # not even a scale comes from what was counted with the source
        data = replace(data, counts=None, events=None)
    beside = templates(model, data, settings.published_background)
    bare = model_prediction(model, wanted, beside.extras, beside.held)
    known = nuisances(model, bare.names[len(wanted) :], settings.published_background)
    null = np.array([*(i.default for i in wanted), *(n.start for n in known.values())])
    expected = bare.expected(null)
    parameters = _parameters(bare, (wanted, known), null, data.variances(expected), settings)
    far = bare.expected(np.array([p.starts[0] + p.scale * (p.low == 0) for p in parameters]))
    if kind in ("poisson", "unbinned"):
        check_possible(data, model.axis, (expected > 0) | (far > 0))
    prediction = replace(bare, names=tuple(p.name for p in parameters))
    # toys of a linear likelihood are fitted in machine code
    simplest = prediction.linearised(null) if prediction.linear else prediction
    found = Likelihood(parameters, (chosen.term(data, simplest, expected),))
    if settings.asimov:
        found = found.asimov(found.values())
    return Described(found, wanted, prediction, kind, data, beside.notes)


def _parameters(
    prediction: ModelPrediction,
    meanings: tuple[tuple[Interest, ...], dict[str, Nuisance]],
    null: Array,
    variances: Array,
    settings: LikelihoodSettings,
) -> tuple[Parameter, ...]:
    """Return all parameters, with scales from the curvature that the bins give."""
    wanted, known = meanings
    slopes = prediction.jacobian(null)
    found = []
    for place, interest in enumerate(wanted):
        step = null.copy()
        step[place] += 1.0
        bend = prediction.expected(step) - prediction.expected(null) - slopes[:, place]
        found.append(_of_interest(interest, slopes[:, place], bend, variances, settings))
    for place, (name, nuisance) in enumerate(known.items(), start=len(wanted)):
        if nuisance.prior is not None:
            scale = nuisance.prior.width
        else:  # `templates` keeps only strengths that bins see
            scale = float(np.sum(slopes[:, place] ** 2 / variances)) ** -0.5
        found.append(
            Parameter(
                settings.renamed(name), (nuisance.start,), scale, nuisance.low, prior=nuisance.prior
            )
        )
    return tuple(found)


def _of_interest(
    interest: Interest, slope: Array, bend: Array, variances: Array, settings: LikelihoodSettings
) -> Parameter:
    """Return the parameter of a coupling; it begins in each valley that it may have.

    Counts move by ``slope x + bend x^2``: one standard deviation is the lesser of those of
    the two parts alone, and with both the data may be as good at ``x = -slope/bend``.
    """
    linear = float(np.sum(slope**2 / variances))
    square = float(np.sum(bend**2 / variances))
    if interest.linear:
        square = 0.0
    if not linear + square > 0:
        raise InvalidInput(
            f"parameters: found no bin in which {interest.channel} changes the counts, expected "
            "one; choose other bins, or another channel"
        )
    errors = [linear**-0.5] if linear > 0 else []
    errors += [square**-0.25] if square > 0 else []
    scale, begin = min(errors), interest.default
    low = 0.0 if settings.physical and not interest.signed else -np.inf
    starts = [begin, begin + scale]
    if not interest.linear:
        mirror = -float(np.sum(slope * bend / variances)) / square if square > 0 else 0.0
        starts += [begin - scale, begin + mirror]
    inside = tuple(dict.fromkeys(start for start in starts if start >= low))
    return Parameter(interest.name, inside, scale, low, label=interest.label)
