"""Yields of xenon from NEST, through nestpy."""

import sys

import numpy as np
import pytest

from nuatom import units as u
from nuatom.detectors.nest import NestYields
from nuatom.errors import InvalidInput, UnknownName


def test_without_the_package_the_message_says_what_to_install(monkeypatch):
    """It is optional."""
    monkeypatch.setitem(sys.modules, "nestpy", None)
    with pytest.raises(InvalidInput, match="pip install nestpy"):
        NestYields("electron", 23.0).quanta(1 * u.keV)


def test_what_makes_no_sense_is_refused():
    """Recoils are looked up, fields are finite and not negative, electrons not quenched."""
    with pytest.raises(UnknownName):
        NestYields("muon", 23.0)
    with pytest.raises(InvalidInput, match="drift field"):
        NestYields("nuclear", -1.0)
    with pytest.raises(InvalidInput, match="density"):
        NestYields("nuclear", 23.0, 0.0)
    with pytest.raises(InvalidInput, match="not quenched"):
        NestYields("electron", 23.0).quenching_table([1.0 * u.keV])


def test_quanta_of_electrons_are_the_energy_over_the_work_function():
    """All electron recoils have as many quanta per energy: 13.7 eV each in XENON (to 3 %)."""
    T = np.array([1.0, 5.0, 20.0]) * u.keV
    photons, electrons = NestYields("electron", 23.0).quanta(T)
    work = T / (photons + electrons) / u.eV
    assert work == pytest.approx(13.7, rel=0.03)


def test_nuclear_recoils_are_quenched_more_at_lower_energy():
    """Q lies between 0.05 and 0.3 and rises with energy, as Lindhard's."""
    factors = NestYields("nuclear", 23.0).quenching_table(np.array([1.0, 5.0, 20.0]) * u.keV)
    assert np.all(np.diff(factors) > 0)
    assert 0.05 < factors[0] < factors[-1] < 0.3


def test_a_field_drives_electrons_out():
    """More field, more electrons, fewer photons; their sum stays."""
    weak, strong = (NestYields("electron", field).quanta(5 * u.keV) for field in (23.0, 500.0))
    assert strong[1] > weak[1]
    assert sum(strong) == pytest.approx(sum(weak), rel=1e-3)
