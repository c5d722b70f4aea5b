# Needs Python 3.11 or newer with venv and pip, and make; uses uv where it is installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EDITORS_READY := $(VENV)/.editors-ready
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
TWICE_THE_CORES := $(shell echo $$((2 * $(CORES))))
ONE_MORE_THAN_CORES := $(shell echo $$(($(CORES) + 1)))
# Containers often set it; every worker of pytest would then compile all tests anew, at every run.
unexport PYTHONDONTWRITEBYTECODE
CLIENT := vscode-client
CLIENT_READY := $(CLIENT)/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help demo test test-quiet test-together test-fast check fuzz attack test-editors test-vscode test-terminals lint lint-vscode bench bench-vscode picture layers screenshots vscode clean

help: ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

demo: $(READY) ## watch one action of each tier run on two embedded engines
	@$(BIN)/pillion demo

test: $(READY) ## run the tests
	@$(MAKE) --no-print-directory --keep-going --jobs 1 test-quiet test-together

# What measures time has the machine for itself; most of the rest waits for other processes, so two at once on each core.
test-quiet: $(READY)
	$(BIN)/python -m pytest -m quiet

test-together: $(READY)
	$(BIN)/python -m pytest -m "not quiet" --numprocesses $(TWICE_THE_CORES) --dist worksteal

test-fast: $(READY) ## run the unit tests only, but for those that measure time (a minute)
	$(BIN)/python -m pytest tests/unit -m "not quiet" --numprocesses $(ONE_MORE_THAN_CORES) --dist worksteal --quiet

check: lint ## the same

fuzz: $(READY) ## send the server 9,900 messages that no client should send (a minute)
	FUZZED_MESSAGES=9900 $(BIN)/python -m pytest tests/lsp/test_wire.py -k fuzzed

attack: $(READY) ## run made-up attacks in the sandbox (ten minutes)
	ATTACK_SECONDS=600 $(BIN)/python -m pytest tests/unit/sandbox/test_attacks.py -rP

test-editors: $(EDITORS_READY) ## run the tests in real editors, which are installed first (Debian, Node 20)
	tests/editors/install.sh
	@$(MAKE) --no-print-directory --jobs 2 --output-sync test-vscode test-terminals

# Two windows at once. The tests of a file share one, so they stay together.
test-vscode: $(EDITORS_READY)
	$(BIN)/python -m pytest tests/editors/vscode --numprocesses 2 --dist loadfile

test-terminals: $(EDITORS_READY)
	$(BIN)/python -m pytest tests/editors/neovim tests/editors/emacs tests/editors/toml --numprocesses $(CORES) --dist worksteal

lint: $(EDITORS_READY) ## check style and types
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

bench-vscode: $(EDITORS_READY) ## measure what the extension costs VS Code on this machine (3 minutes)
	tests/editors/install.sh
	$(BIN)/python -m tests.editors.bench_vscode --check

picture: $(READY) ## draw the README's picture anew from a run of the demo
	$(BIN)/python docs/draw_demo.py

layers: $(READY) ## draw the rooms of the package anew
	$(BIN)/python docs/draw_layers.py

screenshots: $(EDITORS_READY) ## take the pictures of VS Code anew
	tests/editors/install.sh
	$(BIN)/python -m tests.editors.screenshots

clean: ## remove what make has built
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/editors/output
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

$(EDITORS_READY): $(READY) tests/editors/requirements.txt
	@if command -v uv >/dev/null 2>&1; then \
		uv pip install --quiet --python $(BIN)/python --group editors --requirements tests/editors/requirements.txt; \
	else \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --group editors && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement tests/editors/requirements.txt; \
	fi
	@touch $@
