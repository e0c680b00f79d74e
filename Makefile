# Commands of the project; `make` lists them. Each sets up what it needs.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash

YEAR ?= 2021
# Set here and not by ?=, since desktops use a variable of this name to another end.
LANGUAGE := vi
FORMAT ?= docx,pptx,xlsx,html
COUNT ?= 5000
SEED ?= 1
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# A worker keeps to the tests of a module, which share what they set up, until it has nothing left and helps the other.
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal --durations=12
export PYTHONPATH :=
# Modules are compiled once, and not anew by each of the many processes that a run or a test starts.
export PYTHONDONTWRITEBYTECODE :=
export VIRTUAL_ENV :=

# The first Python that runs and is new enough; a shim that only answers "not installed" is passed over.
PYTHON ?= $(shell for each in python3.13 python3.12 python3.11 python3; do \
	$$each -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$each && break; done)

.PHONY: help setup run briefing test slow full fuzz e2e matrix lab data check lock bench clean

help: ## list these commands
	@grep -hE '^[a-z0-9]+:.*##' $(firstword $(MAKEFILE_LIST)) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(READY) ## set up the environment in .venv from requirements.lock
	@echo "ready: $$($(BIN)/python --version) in $(VENV)"

run: $(READY) ## check data, run the notebooks of YEAR=2021 and write outputs/2021 (LANGUAGE=vi or en)
	@$(BIN)/kg run --year "$(YEAR)" --set "language=$(LANGUAGE)"

briefing: $(READY) ## write the briefing of YEAR=2021 in LANGUAGE=vi or en: docx, pptx, xlsx, html
	@$(BIN)/kg briefing --year "$(YEAR)" --language "$(LANGUAGE)" --format "$(FORMAT)"

test: $(READY) ## run the tests but for the slow ones, in under 4 minutes
	@$(PYTEST) -m "not slow and not full and not e2e"

slow: $(READY) ## run the slow tests: whole years in real kernels, kills, a scheduler, the data anew for each case
	@$(PYTEST) -m "slow and not full"

full: $(READY) ## run all tests at full length: every moment and case of those that test and slow take samples of
	@KG_FULL=1 $(PYTEST) -m "not e2e"
	@$(MAKE) --no-print-directory e2e

fuzz: $(READY) ## damage COUNT=5000 files and values from SEED=1 on and see that each is read right or refused in a line
	@$(BIN)/python tests/fuzz/harness.py --count "$(COUNT)" --seed "$(SEED)"

e2e: $(READY) ## run the notebooks in JupyterLab in a real browser (Chromium)
	@tests/e2e/browser.sh
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m e2e tests/e2e

matrix: ## run the tests once on each of Python 3.11, 3.12 and 3.13, in environments of their own
	@set -e; for version in 3.11 3.12 3.13; do \
		echo "== Python $$version"; \
		$(MAKE) --no-print-directory test VENV=.venv-$$version PYTHON=python$$version; done

lab: $(READY) ## open JupyterLab at notebooks/ on this machine only, with a token
	@$(BIN)/jupyter lab --ip=127.0.0.1 --ServerApp.root_dir="$(CURDIR)" --ServerApp.preferred_dir="$(CURDIR)/notebooks" \
		--LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

data: $(READY) ## regenerate data/clean from data/printed
	@$(BIN)/kg clean

check: $(READY) ## lint, types, notebooks without outputs, data
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb
	@$(BIN)/kg check

lock: $(READY) ## resolve the dependencies anew into requirements.lock
	@command -v uv >/dev/null || $(BIN)/python -m pip install --quiet uv
	@PATH="$(CURDIR)/$(BIN):$$PATH" uv pip compile --upgrade --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra dev pyproject.toml --output-file requirements.lock --quiet

bench: $(READY) ## run the benchmarks; each figure ends in a RATIO line
	@set -e; for each in benchmarks/bench_*.py; do $(BIN)/python "$$each"; done

clean: ## remove outputs and caches; data stays
	@rm -rf outputs .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The stamp comes last, so that an interrupted set-up is done again.
$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11, 3.12 or 3.13 found; install one, or pass PYTHON=/path/to/python" >&2; exit 1; }
	@echo "setting up $(VENV) with $$($(PYTHON) --version) ..."
	@rm -rf "$(VENV)"
	@if command -v uv >/dev/null; then \
		uv venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" "$(VENV)" && \
		uv pip install --quiet --compile-bytecode --python "$(BIN)/python" --require-hashes -r requirements.lock && \
		uv pip install --quiet --python "$(BIN)/python" --no-deps --no-build-isolation -e . ; \
	else \
		$(PYTHON) -m venv "$(VENV)" && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch "$(READY)"
