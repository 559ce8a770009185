"""How pulls and strengths act, for models of pyhf that equal our likelihoods.

pyhf builds a model from a set of modifiers.  Two of them are replaced by what stands in
`nuatom.analysis.limits.prediction`::

    histosys     n + z (u - l)/2 + g(z) [(u + l)/2 - n],   g = z^2 inside +-1, 2|z| - 1 beyond
    normsys      1 + z (u - l)/2

pyhf's own code 2 is meant to be the first, but up to version 0.7.6 it jumps at z = +-1 (its
issues 2610 and 2729); ROOT's does not.
"""

from typing import Any

import numpy as np

from nuatom.arrays import Array


class Parabola:
    """Additive shifts: a parabola through three spectra, its tangent beyond.

    Parameters
    ----------
    templates : array_like
        Spectra at -1, 0 and +1, shape (modifier, sample, 3, bin) [dimensionless].
    tensor : Any
        Backend of pyhf, for `astensor`, `clip` and `einsum` [any].
    """

    def __init__(self, templates: Any, tensor: Any) -> None:
        """Keep slopes and curves."""
        down, nominal, up = np.moveaxis(np.asarray(templates, dtype=np.float64), 2, 0)
        self.slope: Array = (up - down) / 2
        self.curve: Array = (up + down) / 2 - nominal
        self._tensor = tensor

    def __call__(self, pulls: Any) -> Any:
        """Return what is added.

        Parameters
        ----------
        pulls : tensor
            z, shape (modifier, point) [dimensionless].

        Returns
        -------
        tensor
            Shape (modifier, sample, point, bin).
        """
        tensor = self._tensor
        inside = tensor.clip(pulls, -1.0, 1.0)
        square = inside * inside + 2 * inside * (pulls - inside)
        rule = "sa,shb->shab"
        return tensor.einsum(rule, pulls, tensor.astensor(self.slope)) + tensor.einsum(
            rule, square, tensor.astensor(self.curve)
        )


class Line:
    """Factors that are linear in their parameter.

    Parameters
    ----------
    templates : array_like
        Factors at -1, 0 and +1, shape (modifier, sample, 3, bin) [dimensionless].
    tensor : Any
        Backend of pyhf [any].
    """

    def __init__(self, templates: Any, tensor: Any) -> None:
        """Keep slopes."""
        down, _, up = np.moveaxis(np.asarray(templates, dtype=np.float64), 2, 0)
        self.slope: Array = (up - down) / 2
        self._tensor = tensor

    def __call__(self, pulls: Any) -> Any:
        """Return the factors.

        Parameters
        ----------
        pulls : tensor
            z, shape (modifier, point) [dimensionless].

        Returns
        -------
        tensor
            Shape (modifier, sample, point, bin).
        """
        tensor = self._tensor
        return 1 + tensor.einsum("sa,shb->shab", pulls, tensor.astensor(self.slope))


def modifier_set(pyhf: Any) -> dict[str, Any]:
    """Return the modifiers of HistFactory with ours in place of two.

    Parameters
    ----------
    pyhf : module
        The package [any].

    Returns
    -------
    dict
        For the argument ``modifier_set`` of ``pyhf.Model``.
    """
    own = dict(pyhf.modifiers.histfactory_set)
    for name, kind in (("histosys", Parabola), ("normsys", Line)):
        builder, applier = own[name]
        own[name] = (builder, _with_interpolator(pyhf, name, applier, kind))
    return own


def _with_interpolator(pyhf: Any, name: str, applier: Any, kind: Any) -> Any:
    """Return a class of pyhf whose interpolator is another."""

    class Combined(applier):  # type: ignore[misc]
        """One of pyhf's, but for the interpolation."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            templates = getattr(self, f"_{name}_histoset")
            if templates:
                tensor, _ = pyhf.get_backend()
                self.interpolator = kind(templates, tensor)

    return Combined
