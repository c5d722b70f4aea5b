# Needs Python 3.11 or newer with venv and pip, and make; uses uv where it is installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench picture clean

help: ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: $(READY) ## watch one action of each tier run on two embedded engines
	@$(BIN)/pillion demo

test: $(READY) ## run the tests
	$(BIN)/python -m pytest

lint: $(READY) ## check style and types
	$(BIN)/ruff check server tests docs
	$(BIN)/ruff format --check server tests docs
	$(BIN)/mypy

bench: $(READY) ## measure the language server and the audit on this machine (3 minutes)
	$(BIN)/pillion bench lsp --check
	$(BIN)/pillion bench audit --no-embedded --check

picture: $(READY) ## draw the README's picture anew from a run of the demo
	$(BIN)/python docs/draw_demo.py

clean: ## remove what make has built
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(READY): pyproject.toml
	@echo "Setting up $(VENV)…"
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
		uv pip install --quiet --python $(BIN)/python --editable . --group dev; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1' && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev; \
	fi
	@touch $@
