# make demo    a lively console on a built-in stand-in for TikTok
# make test    the tests
# make check   everything that a commit needs: format, lint, types, imports, tests
#
# Needs Python 3.11 or later (with venv) and make. uv is used where it is installed.

.DEFAULT_GOAL := help
.PHONY: help demo test check lint format bench snapshots setup clean

VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
ARGS ?=

NEW_ENOUGH := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
CHOSEN := $(if $(filter-out undefined,$(origin PYTHON)),UV_PYTHON="$(PYTHON)")
ifndef PYTHON
# The first one that is new enough. A launcher that is there but leads nowhere (pyenv has such) does not count.
PYTHON := $(shell for python in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$python" $(NEW_ENOUGH) 2>/dev/null && echo "$$python" && break; done)
endif

help:
	@sed -n 's/^# \(make.*\)/\1/p' Makefile

demo: $(VENV)/ready
	@$(BIN)/tui-live demo $(ARGS)

# More processes than processors, for many of them wait for others. Those that the tests start need not compile anew.
test: $(VENV)/ready-dev
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: lint test

lint: $(VENV)/ready-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/ready-dev
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(VENV)/ready-dev
	@set -e; for file in bench/[!_]*.py; do echo "== $$file"; $(BIN)/python "$$file" $(ARGS); done

# Draw the expected pictures of the screens anew. Look at them before they are committed.
snapshots: $(VENV)/ready-dev
	$(BIN)/python -m pytest tests/ui --snapshot-update $(ARGS)

setup: $(VENV)/ready-dev

clean:
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(wildcard tui_live tests bench) -name __pycache__ -prune -exec rm -rf {} +

# The stamps tell that what these files ask for is installed, so that the next start installs nothing.
# What the tests need includes what the program needs.
$(VENV)/ready: pyproject.toml uv.lock
	@if [ $(VENV)/ready-dev -nt pyproject.toml ] && [ $(VENV)/ready-dev -nt uv.lock ]; then touch $@; exit; fi; \
	$(call install,--no-dev --inexact,)
	@touch $@

$(VENV)/ready-dev: pyproject.toml uv.lock
	@$(call install,,--group dev)
	@touch $(VENV)/ready $@

# $(call install,OPTIONS FOR UV,OPTIONS FOR PIP). pip before 25.1 does not know dependency groups.
define install
set -e; echo "Setting up $(VENV) …"; \
if [ -n "$(UV)" ] && $(CHOSEN) UV_PROJECT_ENVIRONMENT=$(VENV) "$(UV)" sync --quiet --locked --compile-bytecode $(1); then exit; fi; \
if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" $(NEW_ENOUGH) 2>/dev/null; then \
	echo "Python 3.11 or later is needed: install it, or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; fi; \
if ! "$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null; then \
	echo "Python's venv is missing: install it (Debian, Ubuntu: apt install python3-venv)" >&2; exit 1; fi; \
if ! $(BIN)/python $(NEW_ENOUGH) 2>/dev/null; then "$(PYTHON)" -m venv --clear $(VENV); fi; \
if ! $(BIN)/python -c 'import pip' 2>/dev/null; then $(BIN)/python -m ensurepip >/dev/null; fi; \
if ! $(BIN)/python -c 'import pip, sys; sys.exit(tuple(map(int, pip.__version__.split(".")[:2])) < (25, 1))'; then \
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"; fi; \
$(BIN)/python -m pip install --quiet --editable . $(2)
endef
