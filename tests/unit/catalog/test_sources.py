"""Sources of the catalogue, as a user meets them."""

import subprocess
import sys

import pytest

from nuatom import catalog
from nuatom import units as u
from nuatom.catalog.sources import SOURCES

EXPECTED = {
    # flux in 1/(cm^2 s): published, or a unit of activity over 4 pi d^2
    "kalinin-gemma": 2.7e13,
    "leibstadt-conus-plus": 1.5e13,
    "dresden-ii": 4.8e13,
    "chromium-51": 7.9577e9,
    "argon-37": 7.9577e9,
    "tritium": 7.9577e9,
    "stopped-pion": 3 * 1.98944e7,
    "solar-b16-gs98": 6.5368e10,
    "solar-b16-agss09met": 6.5302e10,
}


@pytest.mark.parametrize(("name", "flux"), EXPECTED.items())
def test_fluxes(name, flux):
    """Each source has the flux that its help promises."""
    assert catalog.source(name).total_flux() / u.flux == pytest.approx(flux, rel=1e-4)


def test_there_is_one_table():
    """The catalogue shows the table of its own module."""
    assert catalog.SOURCES is SOURCES


@pytest.mark.speed
@pytest.mark.parametrize("name", ["kuo-sheng", "solar-b16-gs98", "chromium-51"])
def test_a_source_is_built_quickly(name):
    """Less than half a second in a new process, imports of this package excluded."""
    code = (
        "import time; from nuatom import catalog; start = time.perf_counter(); "
        f"catalog.source({name!r}).total_flux(); print(time.perf_counter() - start)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.5
