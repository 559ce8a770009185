"""The decorator that compiles, with or without a place to keep the result."""

import os
import subprocess
import sys

import numpy as np
import pytest

from nuatom.compiled import compiled

SOURCE = """
def total(values):
    result = 0.0
    for value in values:
        result += value
    return result
"""


def test_a_compiled_function_computes_what_it_did_before():
    """Machine code and Python agree."""

    def power(x, n):
        result = 1.0
        for _ in range(n):
            result *= x
        return result

    fast = compiled(power)
    assert fast(1.5, 7) == power(1.5, 7) == fast.py_func(1.5, 7)


@pytest.mark.tooling
def test_without_a_place_to_keep_the_code_it_compiles_all_the_same():
    """A function that has no file cannot be cached: it is compiled anew."""
    namespace = {}
    exec(SOURCE, namespace)
    assert compiled(namespace["total"])(np.arange(4.0)) == 6.0


@pytest.mark.tooling
def test_importing_the_package_does_not_import_numba():
    """Only what compiles pays for the compiler."""
    code = "import sys, nuatom.structure; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0
