# `make demo` and `make test` do all the set-up themselves. Choose a Python with `make PYTHON=/path/to/python3.11 …`.
.PHONY: help demo test quick lint clean

SUPPORTED = 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))'
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.10; do \
	$$python -c $(SUPPORTED) 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
# One process per core. A worker that runs out of tests takes some from another; tests of one module mostly stay together,
# so that a worker seldom makes a fixture that another has made.
WORKERS ?= auto
PYTEST = $(BIN)/python -m pytest -q --numprocesses=$(WORKERS) --dist=worksteal

help:
	@echo "make demo   score the articles that come with evalkit"
	@echo "make test   lint, type checks and all tests, on all cores; make WORKERS=2 test uses two"
	@echo "make quick  the tests without those marked as slow, which take more than 2 s each"
	@echo "make clean  remove the environment and all caches; outputs/ stays"

demo: .venv/installed
	$(BIN)/python -m evalkit name=demo

test: lint
	$(PYTEST)

quick: .venv/installed
	$(PYTEST) -m 'not slow'

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.venv/installed: pyproject.toml constraints.txt tests/ner/requirements.txt
	@test -n "$(PYTHON)" || { echo "evalkit needs Python 3.10, 3.11 or 3.12, and found none: make PYTHON=/path/to/python $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing evalkit into .venv; this takes a few minutes the first time."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement tests/ner/requirements.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
