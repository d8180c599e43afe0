# `make demo` and `make test` set up .venv first. To choose a Python: `make PYTHON=/path/to/python3.11 demo`.
.PHONY: help demo test quick lint clean

SUPPORTED = 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))'
PYTHON ?= $(shell for python in python3 python3.11 python3.12 python3.10; do \
	$$python -c $(SUPPORTED) 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# One process per core. A process that runs out of tests takes some from another. Tests of one module mostly stay
# together, so that a process seldom makes a fixture that another one has made.
WORKERS ?= auto
PYTEST = $(BIN)/python -m pytest -q --numprocesses=$(WORKERS) --dist=worksteal

help:
	@echo "make demo   score the articles that come with evalkit"
	@echo "make test   lint, check types and run all tests, on all cores (make WORKERS=2 test uses two)"
	@echo "make quick  run the tests that take less than about 2 s each"
	@echo "make clean  remove .venv and all caches; keep outputs/"

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
	@test -n "$(PYTHON)" || { \
		echo "Python 3.10, 3.11 or 3.12 not found. Set its path: make PYTHON=PATH $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing evalkit into .venv. This takes a few minutes."
	@$(PYTHON) -m venv .venv
	@$(INSTALL) --constraint constraints.txt --editable '.[dev]'
	@$(INSTALL) --require-hashes --no-deps --requirement tests/ner/requirements.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
