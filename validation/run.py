"""The second tier of checks: everything marked `validate`, in under 60 minutes.

Runs the marked tests of tests/ and validation/, and writes result.json beside this file
with the outcome and a key: the hash of the sources and of the checks.  A result whose key
is stale no longer says anything, and the gate (`make test`) then asks for a new run.

Usage: python validation/run.py [--check]
"""

import argparse
import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).with_name("result.json")
MARK = "pytest.mark." + "validate"


def marked_files() -> list[Path]:
    """Return the test files that hold a check of the second tier."""
    files = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "validation").rglob("test_*.py")]
    return sorted(path for path in files if MARK in path.read_text(encoding="utf-8"))


def key() -> str:
    """Return the hash of what the result depends on: package, data, checks, locked versions."""
    covered = [path for path in (ROOT / "src" / "nuatom").rglob("*") if path.is_file()]
    covered += [path for path in (ROOT / "validation").rglob("*") if path.is_file()]
    covered += [*marked_files(), ROOT / "requirements-test.lock"]
    digest = hashlib.sha256()
    for path in sorted(set(covered)):
        if path == RESULT or "__pycache__" in path.parts:
            continue
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def check() -> str | None:
    """Say why the written result cannot be relied on, if so."""
    if not RESULT.is_file():
        return "no result of the second tier: run make validate and commit validation/result.json"
    result = json.loads(RESULT.read_text(encoding="utf-8"))
    if not result["passed"]:
        return f"the second tier failed: {result['closing_line']}"
    if result["key"] != key():
        return "the second tier's result is stale: run make validate, commit validation/result.json"
    return None


def run() -> int:
    """Run the marked tests and write the result; return pytest's exit code."""
    files = marked_files()
    if not files:
        print(f"no test is marked {MARK}: nothing to validate", file=sys.stderr)
        return 1
    before, start = key(), time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-m", "validate", "-p", "no:cacheprovider"]
    command += ["--numprocesses", "2", "--dist", "loadfile", *map(str, files)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    lines = []
    for line in process.stdout or ():
        print(line, end="", flush=True)
        lines.append(line.strip(" =\n"))
    code = process.wait()
    result = {
        "key": before,
        "passed": code == 0,
        "closing_line": next((line for line in reversed(lines) if line), ""),
        "seconds": round(time.perf_counter() - start),
        "checks": [path.relative_to(ROOT).as_posix() for path in files],
    }
    RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return code


def main() -> int:
    """Run or check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether the result is fresh")
    if parser.parse_args().check:
        problem = check()
        print(problem or "the result of the second tier is fresh")
        return 1 if problem else 0
    return run()


if __name__ == "__main__":
    sys.exit(main())
