"""Toys of a Feldman-Cousins construction: 20,000 at each of 50 points, on two threads.

100 bins, a signal that falls with energy, a background whose rate is fitted in every toy
(free, and with an auxiliary measurement); two fits for each toy.  The same numbers come out
for any number of threads.

Usage: python benchmarks/toys.py [--toys N] [--threads N]
"""

import argparse
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from nuatom.inference import Gaussian, Likelihood, LinearPrediction, Parameter, PoissonTerm
from nuatom.inference.toys.feldman_cousins import ToyInterval, Toys, feldman_cousins

BINS, POINTS = 100, 50
ENERGY = np.linspace(1, 60, BINS)


def likelihood(background: float, prior: Gaussian | None) -> Likelihood:
    """Return a spectrum with one signal event in the first bins, and a background in each."""
    signal, flat = 30 / ENERGY, np.full(BINS, background)
    spectrum = LinearPrediction(("signal", "background"), np.array([signal, flat]), np.zeros(BINS))
    counts = np.random.default_rng(1).poisson(spectrum.expected(np.array([0.3, 1.0])))
    parameters = (
        Parameter("signal", starts=(0.5,), scale=0.3, low=0.0),
        Parameter("background", starts=(1.0,), scale=0.1, low=0.0, prior=prior),
    )
    return Likelihood(parameters, (PoissonTerm(counts.astype(np.float64), spectrum),))


def run(one: Likelihood, points: np.ndarray, toys: int, threads: int) -> tuple[float, ToyInterval]:
    """Return the seconds that a construction takes, and its interval."""
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as executor:
        found = feldman_cousins(one, "signal", points, toys=Toys(toys, 1, executor))
    return time.perf_counter() - start, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--toys", type=int, default=20_000)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    for background, prior in ((20.0, None), (20.0, Gaussian(1.0, 0.05)), (0.5, None)):
        one = likelihood(background, prior)
        points = np.linspace(0.0, 0.5 + 0.25 * np.sqrt(background), POINTS)
        run(one, points, 1000, 1)  # compiles
        before = time.process_time()
        wall, found = run(one, points, options.toys, options.threads)
        cpu = time.process_time() - before
        known = "free" if prior is None else f"known to {prior.width:.0%}"
        print(
            f"{background:g} counts a bin, {known}: {wall:.1f} s, {cpu:.1f} s of processors; "
            f"signal {found.low:.3f} +- {found.low_error:.3f} to {found.high:.3f} +- "
            f"{found.high_error:.3f}"
        )


if __name__ == "__main__":
    main()
