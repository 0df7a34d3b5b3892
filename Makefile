# Trunkline's house work. `make` alone says what there is to do.
# Everything made here stays in the checkout: .venv, .cache and what .gitignore names. Only `make test` and what builds on
# it may install Debian packages, and says so.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SAY    := @printf '==> %s\n'

# -qq: pip's warnings about this machine's indexes help nobody here; its errors are shown.
PIP := $(BIN)/python -m pip -qq --no-input --disable-pip-version-check
export PIP_CACHE_DIR := $(CURDIR)/.cache/pip

.DEFAULT_GOAL := help
.PHONY: help demo run test check lint chaos bench oracle clinic-year screenshots servers lock clean

help:  ## this list
	@echo 'Trunkline: calls and texts between people who never see each other'"'"'s numbers, exactly once.'
	@echo
	@echo 'To see it work (needs Python >= 3.11 with venv, and make; nothing else):'
	@grep -E '^(demo|run):.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-7s %s\n", $$1, $$2}'
	@echo
	@echo 'To work on it:'
	@grep -E '^(test|check|lint|chaos|bench|oracle|clinic-year|screenshots|lock|clean|help):.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-7s %s\n", $$1, $$2}'
	@echo
	@echo 'Variables: PYTHON=python3.12 picks the Python; SEED=7 SCALE=2 for chaos; ARGS="..." is handed on to'
	@echo 'the program (make test ARGS="-k feedback" runs some tests, make run ARGS="--port 9000" another port).'

demo: $(VENV)/.product  ## the whole system in one process: people, calls and texts, and what each of them saw
	$(SAY) 'running the demo'
	@$(BIN)/trunkline demo $(ARGS)

run: $(VENV)/.product  ## the same system to try by hand, with its simulated carrier; Ctrl-C ends it
	@$(BIN)/trunkline demo --keep $(ARGS)

test: $(VENV)/.dev  ## all tests: embedded, on PostgreSQL and RabbitMQ, and with every message doubled
	@$(BIN)/python -m tests.run $(ARGS)

check: lint test  ## what a change must pass: lint, then test

lint: $(VENV)/.dev  ## style, types and who may import whom
	$(SAY) 'ruff: style'
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check . > .cache/format.log || { cat .cache/format.log; echo 'To format: $(BIN)/ruff format .'; exit 1; }
	$(SAY) 'mypy: types'
	@$(BIN)/mypy --no-error-summary
	$(SAY) 'import-linter: who may import whom'
	@$(BIN)/lint-imports --no-logo > .cache/imports.log || { cat .cache/imports.log; exit 1; }

chaos: servers  ## kill storms and outages, judged from outside (SEED=, SCALE=)
	@$(BIN)/python -m chaos $(if $(SEED),--seed $(SEED)) $(if $(SCALE),--scale $(SCALE)) $(ARGS)

bench: servers  ## how fast, beside a plain Dramatiq pipeline and the raw limits of the servers
	@$(BIN)/python -m bench $(ARGS)

oracle: $(VENV)/.dev  ## a million occurrences of rules, in all zones, against brute force (ARGS="--seed 7")
	@$(BIN)/python -m tests.oracle $(ARGS)

clinic-year: servers  ## a year of 200 calendars on a running system whose workers are killed, against a plan
	@$(BIN)/python -m tests.clinic $(if $(SEED),--seed $(SEED)) $(ARGS)

screenshots: $(VENV)/.dev  ## the pictures in docs/pictures, made anew with Chromium
	@$(BIN)/python -m tests.servers.debian --browser
	@$(BIN)/python -m pytest -q -p no:cacheprovider tests/pages/pictures.py $(ARGS)

servers: $(VENV)/.dev
	@$(BIN)/python -m tests.servers.debian

lock:  ## choose the newest versions that *.in allow, for every platform, with hashes
	$(SAY) 'locking requirements.txt and requirements-dev.txt'
	@test -x .cache/lock/bin/uv || { $(PYTHON) -m venv .cache/lock && .cache/lock/bin/python -m pip -qq install uv; }
	@for part in requirements requirements-dev; do \
	  UV_CACHE_DIR=.cache/uv UV_CUSTOM_COMPILE_COMMAND='make lock' .cache/lock/bin/uv pip compile --quiet --no-config --upgrade \
	    --universal --python-version 3.11 --generate-hashes --no-annotate --output-file $$part.txt $$part.in || exit 1; \
	done

clean:  ## remove all that was made here
	rm -rf $(VENV) .cache build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment: made when missing, brought up to date when a lock changed, else left alone ---

$(VENV)/.product: requirements.txt setup.py
	@mkdir -p .cache
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Trunkline needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true). Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo '==> installing python3-venv (a Debian package)'; \
	    { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv; } >.cache/apt.log 2>&1 \
	      || { cat .cache/apt.log >&2; exit 1; }; \
	  else echo 'Python has no venv here. On Debian: apt-get install python3-venv' >&2; exit 1; fi; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo '==> making $(VENV)'; $(PYTHON) -m venv --clear $(VENV); }
	$(SAY) 'installing what the product needs into $(VENV) (about 20 s)'
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.product requirements-dev.txt
	$(SAY) 'installing what testing needs into $(VENV) (about 20 s)'
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@
