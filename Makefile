# Needs Python 3.11 or newer with venv and pip, and make; uses uv where it is installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CLIENT := vscode-client
CLIENT_READY := $(CLIENT)/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help demo test lint lint-vscode bench picture vscode clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

demo: $(READY) ## watch one action of each tier run on two embedded engines
	@$(BIN)/pillion demo

test: $(READY) ## run the tests
	$(BIN)/python -m pytest

lint: $(READY) ## check style and types
	$(BIN)/ruff check server tests docs
	$(BIN)/ruff format --check server tests docs
	$(BIN)/mypy

lint-vscode: $(CLIENT_READY) ## check and test the VS Code extension's sources (needs npm)
	cd $(CLIENT) && npm run check && npm test

vscode: $(CLIENT_READY) ## build the VS Code extension (needs npm)
	cd $(CLIENT) && npm run package
	@echo "Built $(CURDIR)/$(CLIENT)/pillion.vsix. To install it:"
	@echo "  code --install-extension $(CURDIR)/$(CLIENT)/pillion.vsix"

bench: $(READY) ## measure the language server and the audit on this machine (3 minutes)
	$(BIN)/pillion bench lsp --check
	$(BIN)/pillion bench audit --no-embedded --check

picture: $(READY) ## draw the README's picture anew from a run of the demo
	$(BIN)/python docs/draw_demo.py

clean: ## remove what make has built
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis
	cd $(CLIENT) && rm -rf node_modules dist bundled .test pillion.vsix

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

$(CLIENT_READY): $(CLIENT)/package-lock.json
	@command -v npm >/dev/null 2>&1 || { echo "This needs npm (Node 20.19 or newer)."; exit 1; }
	cd $(CLIENT) && npm ci
	@touch $@
