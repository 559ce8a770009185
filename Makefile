# Every target sets up what it needs from nothing: python3 (3.11 or newer) with venv, make, git.
# The environment is .venv in this folder, installed from the hashed lock files.

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

PYTHON ?= python3
OUT ?= results
# The unit scale of the second run of the suite: random, or given as `make test SEED=7`.
ifndef SEED
SEED := $(shell od -An -N3 -tu4 /dev/urandom | tr -d ' ')
endif

# Files of tests are shared out over the cores; `make test PARALLEL=` runs them in one process.
PARALLEL ?= --numprocesses auto --dist loadfile

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet

# Caches live in the tree: the home folder may be read-only.
CACHE := .cache
export MPLCONFIGDIR := $(CURDIR)/$(CACHE)/matplotlib
export RUFF_CACHE_DIR := $(CURDIR)/$(CACHE)/ruff
export MYPY_CACHE_DIR := $(CURDIR)/$(CACHE)/mypy
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/$(CACHE)/hypothesis
export COVERAGE_FILE := $(CURDIR)/$(CACHE)/coverage
export MPLBACKEND := Agg
# Two test processes share two cores: linear algebra must not start threads of its own.
export OPENBLAS_NUM_THREADS := 1

CORE := $(VENV)/.installed-core
TEST := $(VENV)/.installed-test

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

# --- environments -----------------------------------------------------------------------

# Runs in the recipes below: install the lock file $(1), then this package beside it.
define install
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else f"$(PYTHON) is {sys.version.split()[0]}: nuatom needs Python 3.11 or newer; set PYTHON=python3.11")'
	mkdir -p $(CACHE)
	$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	echo "installing $(1) into $(VENV)"
	$(PIP) install --require-hashes -r $(1)
	$(PIP) install --no-deps --no-build-isolation --no-index --editable .
endef

$(CORE): requirements.lock pyproject.toml
	@$(call install,requirements.lock)
	@touch $@

$(TEST): requirements-test.lock pyproject.toml
	@$(call install,requirements-test.lock)
	@touch $@ $(CORE)

.PHONY: venv
venv: $(TEST) ## Make .venv with everything that development needs

# --- the two commands -------------------------------------------------------------------

.PHONY: reproduce
reproduce: $(CORE) ## Compute and draw every item of the paper into results/
	$(VENV)/bin/nuatom reproduce --out $(OUT)

.PHONY: test
test: lint types imports suite random-units mutations ## Run every check of the gate

# --- the parts of the gate --------------------------------------------------------------

.PHONY: lint types imports suite random-units mutations
lint: $(TEST) ## Style and format (ruff)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: $(TEST) ## Strict types (mypy)
	$(PY) -m mypy

imports: $(TEST) ## Import order (import-linter)
	$(VENV)/bin/lint-imports --no-logo --cache-dir $(CACHE)/import-linter

suite: $(TEST) ## Tests and doctests with branch coverage
	$(PY) -m pytest $(PARALLEL) -o cache_dir=$(CACHE)/pytest --durations=10 --cov --cov-report=term \
		-m "not validate and not speed"
	$(PY) -m pytest -o cache_dir=$(CACHE)/pytest -m speed

random-units: $(TEST) ## The suite again on a random unit scale
	@echo "NUATOM_UNIT_SEED=$(SEED) (repeat with: make random-units SEED=$(SEED))"
	NUATOM_UNIT_SEED=$(SEED) $(PY) -m pytest $(PARALLEL) -o cache_dir=$(CACHE)/pytest -m "not validate and not tooling and not speed"

mutations: $(TEST) ## Flip signs and factors one at a time: a test must fail for each
	$(PY) tests/mutations/run.py

# --- the second tier --------------------------------------------------------------------

.PHONY: validate
validate: $(TEST) ## Long comparisons and toys; writes validation/result.json
	$(PY) validation/run.py

.PHONY: tables
tables: $(TEST) ## Build the ab-initio tables that come with the package again
	$(PY) validation/ab_initio/build_shipped.py

.PHONY: browser
browser: ## Install Debian's chromium for the browser tests
	@if command -v chromium >/dev/null; then chromium --version; \
	elif [ "$$(id -u)" = 0 ]; then apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	else echo "chromium is not installed: run 'make browser' as root, or 'sudo apt-get install chromium'" >&2; exit 1; fi

# --- upkeep -----------------------------------------------------------------------------

.PHONY: format
format: $(TEST) ## Format the sources
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

LOCK := $(CACHE)/lock-venv/bin/python -m uv pip compile pyproject.toml --quiet --no-config \
	--universal --generate-hashes --no-emit-index-url --custom-compile-command "make lock" \
	--group pyproject.toml:build $(LOCK_FLAGS)

.PHONY: lock
lock: ## Renew the hashed lock files (LOCK_FLAGS=--upgrade for newer versions)
	mkdir -p $(CACHE)
	test -x $(CACHE)/lock-venv/bin/python || $(PYTHON) -m venv $(CACHE)/lock-venv
	$(CACHE)/lock-venv/bin/python -m pip --disable-pip-version-check --quiet install uv
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra test --extra hist --extra nest --constraint requirements.lock --no-annotate --output-file requirements-test.lock

.PHONY: clean
clean: ## Remove everything that was generated
	rm -rf $(VENV) $(CACHE) results build dist src/*.egg-info .coverage .coverage.* \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
