# Everything a newcomer needs: `make demo` and `make test`. Nothing is installed outside .venv.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
  if command -v $$name >/dev/null && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
  then echo $$name; break; fi; done)
UV := $(shell command -v uv)
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: help
help: ## Show what can be made.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(INSTALLED): pyproject.toml constraints.txt
ifeq ($(PYTHON),)
	@echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv, or name one: make PYTHON=/path/to/python3" >&2; exit 1
endif
	@rm -rf .venv  # the Python it was made with may be another one by now
ifneq ($(UV),)
	uv venv --quiet --python $(PYTHON) .venv
	uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt --editable '.[dev]'
else
	$(PYTHON) -m venv .venv || { echo "python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
endif
	@$(BIN)/python -m compileall -q src codegen  # as an installer does; else each command compiles what it imports
	@touch $@

.PHONY: install
install: $(INSTALLED) ## Make .venv with the project and its development tools.

.PHONY: demo
demo: $(INSTALLED) ## See a workspace live: server, code, migrations, data, typed queries.
	@$(BIN)/python -m examples.demo

.PHONY: codegen
codegen: $(INSTALLED) ## Write src/pagespace_db/generated from schema.sql and queries/.
	@$(BIN)/pagespace-db codegen

.PHONY: format
format: $(INSTALLED) ## Format the code, and write the synchronous client from the asynchronous one.
	@$(BIN)/ruff check --quiet --fix --select I .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python tools/unasync.py

.PHONY: check
check: $(INSTALLED) ## Lint, layers, types, and whether generated files are fresh.
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/python tools/unasync.py --check
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy
	$(BIN)/pyright --project pyproject.toml --warnings
	$(BIN)/pagespace-db codegen --check

.PHONY: test
test: check ## Every check, then every test; DATABASE_URL=... runs them against a server of yours.
	$(BIN)/pytest --numprocesses auto --dist loadfile

.PHONY: bench
bench: $(INSTALLED) ## Measure against bare psycopg, interleaved; ratios of client CPU time.
	@$(BIN)/python -m benchmarks

.PHONY: bench-peers
bench-peers: $(INSTALLED) ## Measure beside SQLAlchemy, asyncpg, Piccolo and, where node is, Drizzle.
ifneq ($(UV),)
	@uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[bench]'
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
endif
	@if command -v npm >/dev/null; then npm install --silent --no-package-lock --prefix benchmarks/peers/drizzle; fi
	@$(BIN)/python -m benchmarks peers

.PHONY: clean
clean: ## Stop the development server and remove everything that make has made.
	@if [ -x $(BIN)/pagespace-db ]; then $(BIN)/pagespace-db server stop || true; fi
	rm -rf .venv .pagespace .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist build
