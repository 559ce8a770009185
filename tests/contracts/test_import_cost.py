"""`import nuatom` is cheap: nothing slow is loaded before it is used."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.speed

LIMIT_SECONDS = 0.5
"""Above this a user of the command line notices the import."""

SLOW = (
    "numba",
    "xarray",
    "matplotlib",
    "scipy.interpolate",
    "scipy.integrate",
    "pydantic",
    "sympy",
    "xraylib",
)

PROBE = f"""
import sys, time
start = time.perf_counter()
import nuatom
seconds = time.perf_counter() - start
import json
loaded = [name for name in {SLOW!r} if name in sys.modules]
print(json.dumps([seconds, loaded]))
"""


def import_in_a_new_process() -> tuple[float, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, text=True, check=True, timeout=60
    )
    seconds, loaded = json.loads(done.stdout)
    return seconds, loaded


def test_import_takes_less_than_half_a_second():
    """The best of three imports is under the limit (the others may share the processor)."""
    best = min(import_in_a_new_process()[0] for _ in range(3))
    assert best < LIMIT_SECONDS


def test_import_loads_no_slow_library():
    """Slow libraries are loaded by the functions that need them."""
    assert import_in_a_new_process()[1] == []
