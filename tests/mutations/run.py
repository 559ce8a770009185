"""The mutation check: flip one sign or factor at a time, and see that a test fails.

For each mutation listed in mutations.toml beside this file, one piece of text is replaced
in a temporary copy of the package, and the named tests run against that copy.  Exit code 1
of pytest (a test failed) is what is asked for: a test that passes did not notice, and any
other exit code (an import error, no test found) shows nothing.

Each run is a fork of this process, which has imported the libraries once.

Usage: python tests/mutations/run.py [--only TEXT] [--jobs N]
"""

import argparse
import compileall
import gc
import importlib
import os
import re
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from py_compile import PycInvalidationMode

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "nuatom"
LIST = Path(__file__).with_name("mutations.toml")
OPTIONS = ("-x", "-q", "--tb=line", "-p", "no:cacheprovider")
OPTIONS += ("-o", "addopts=--import-mode=importlib", "-m", "not validate and not speed")
# libraries are imported before pytest could rewrite their assertions
OPTIONS += ("-W", "ignore::pytest.PytestAssertRewriteWarning")
LIBRARIES = (
    "hypothesis", "iminuit", "matplotlib.figure", "numba", "numpy", "pydantic", "scipy.integrate",
    "scipy.interpolate", "scipy.optimize", "scipy.special", "scipy.stats", "typer", "xarray",
)  # fmt: skip
"""Loaded once, used by the forks."""
TIMEOUT_SECONDS = 120
PASSED, CAUGHT = 0, 1
WRONG_PACKAGE = 70


@dataclass(frozen=True)
class Mutation:
    """Replace the only occurrence of `find` in `file`; one of `tests` must then fail."""

    file: str
    find: str
    replace: str
    tests: tuple[str, ...]

    def title(self) -> str:
        """One line for the table."""
        find, replace = (" ".join(text.split()) for text in (self.find, self.replace))
        return f"{self.file}: {find} -> {replace}"

    def mutated(self) -> str:
        """The text of the file with the replacement."""
        return (PACKAGE / self.file).read_text(encoding="utf-8").replace(self.find, self.replace)

    def problem(self) -> str | None:
        """What is wrong with this entry of the list, if anything."""
        if not (PACKAGE / self.file).is_file():
            return f"no file {self.file}"
        count = (PACKAGE / self.file).read_text(encoding="utf-8").count(self.find)
        if count != 1:
            return f"'find' occurs {count} times, expected once"
        if self.find == self.replace:
            return "'replace' equals 'find'"
        missing = [test for test in self.tests if not (ROOT / test.split("::")[0]).exists()]
        if missing or not self.tests:
            return f"no such test: {missing}"
        try:
            compile(self.mutated(), self.file, "exec")
        except SyntaxError as error:
            return f"the mutated file is no Python: {error}"
        return None


def read_list(path: Path = LIST) -> list[Mutation]:
    """Read the list; unknown or missing keys are errors."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["mutation"]
    return [Mutation(**{**entry, "tests": tuple(entry["tests"])}) for entry in entries]


def copy_package(tree: Path) -> Path:
    """Copy the package to a new folder, with machine code, to be made only once.

    Bytecode is made here and found by the content of a file, so that it cannot outlive a change.
    """
    shutil.copytree(PACKAGE, tree / "nuatom", ignore=shutil.ignore_patterns("*.pyc"))
    by_content = PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(tree, quiet=1, invalidation_mode=by_content)
    return tree


def start_tests(tree: Path, tests: Iterable[str], *, kernels: bool = False) -> int:
    """Run the tests against the package in `tree`, in a fork; return its process id.

    With a change in `kernels` all machine code is made anew: it holds that of the functions it
    calls, from whatever file.
    """
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    signal.alarm(TIMEOUT_SECONDS)
    log = os.open(tree / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(ROOT)
    os.environ["PYTHONPATH"] = str(tree)  # for the programs that tests start
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    if kernels:
        os.environ["NUMBA_CACHE_DIR"] = tempfile.mkdtemp(dir=tree)
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(tree))
    code = WRONG_PACKAGE
    try:
        code = int(pytest.main([*OPTIONS, *tests]))
        loaded = sys.modules["nuatom"].__file__ or ""
        code = code if Path(loaded).is_relative_to(tree) else WRONG_PACKAGE
    except BaseException:
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def verdict(tree: Path, code: int) -> str:
    """Say in words what an exit code of the tests means."""
    if code == CAUGHT:
        failed = re.search(r"^FAILED \S+?::(\w+)", (tree / "log").read_text("utf-8"), re.MULTILINE)
        return f"caught by {failed[1]}:" if failed else "caught:"
    if code == PASSED:
        return "NOT CAUGHT (every named test passed):"
    if code == -signal.SIGALRM:
        return f"NO VERDICT (no answer within {TIMEOUT_SECONDS} s):"
    if code == WRONG_PACKAGE:
        return "NO VERDICT (the tests did not import the copy):"
    last = ((tree / "log").read_text(encoding="utf-8").strip().splitlines() or ["no output"])[-1]
    return f"NO VERDICT (pytest exit code {code}, {last}):"


def run_all(mutations: list[Mutation], trees: list[Path]) -> int:
    """Run the tests of every mutation, one in each tree at a time; return how many caught."""
    waiting, free, running, caught = list(reversed(mutations)), list(trees), {}, 0
    while waiting or running:
        while waiting and free:
            mutation, tree = waiting.pop(), free.pop()
            (tree / "nuatom" / mutation.file).write_text(mutation.mutated(), encoding="utf-8")
            kernels = "@compiled" in mutation.mutated()
            child = start_tests(tree, mutation.tests, kernels=kernels)
            running[child] = mutation, tree, time.perf_counter()
        child, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        mutation, tree, start = running.pop(child)
        shutil.copy2(PACKAGE / mutation.file, tree / "nuatom" / mutation.file)  # with its time
        free.append(tree)
        caught += code == CAUGHT
        seconds = time.perf_counter() - start
        print(f"{seconds:5.1f} s {verdict(tree, code)} {mutation.title()}", flush=True)
    return caught


def check_baseline(trees: list[Path], tests: Iterable[str]) -> None:
    """Stop unless the tests pass against unmutated copies; files are dealt out to the trees."""
    files: dict[str, list[str]] = {}
    for test in sorted(set(tests)):
        files.setdefault(test.split("::")[0], []).append(test)
    running = {}
    for place, tree in enumerate(trees):
        share = [test for file in list(files)[place :: len(trees)] for test in files[file]]
        if share:
            running[start_tests(tree, share)] = tree
    while running:
        child, status = os.wait()
        tree, code = running.pop(child), os.waitstatus_to_exitcode(status)
        if code != PASSED:
            log = (tree / "log").read_text(encoding="utf-8")[-3000:]
            sys.exit(f"the tests do not pass without a mutation (exit code {code}):\n{log}")


def main() -> int:
    """Run the check and print its table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="mutations whose title contains this text")
    parser.add_argument("--jobs", type=int, default=2, help="how many run at the same time")
    options = parser.parse_args()
    start = time.perf_counter()
    mutations = [m for m in read_list() if options.only in m.title()]
    problems = [f"{m.title()}: {m.problem()}" for m in mutations if m.problem()]
    if problems or not mutations:
        sys.exit("\n".join(problems or ["no mutation is listed"]))
    with tempfile.TemporaryDirectory(prefix="nuatom-mutations-") as name:
        for library in LIBRARIES:
            importlib.import_module(library)
        gc.freeze()  # the forks need not look for garbage in them
        trees = [copy_package(Path(name).resolve() / str(job)) for job in range(options.jobs)]
        check_baseline(trees, (test for m in mutations for test in m.tests))
        caught = run_all(mutations, trees)
    print(f"mutation check: {len(mutations)} mutations in {time.perf_counter() - start:.0f} s")
    print(f"{caught} passed, {len(mutations) - caught} failed")
    return 0 if caught == len(mutations) else 1


if __name__ == "__main__":
    sys.exit(main())
