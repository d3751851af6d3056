# Everything a newcomer needs is `make run` and `make test`; `make help` lists the rest.
# Set-up happens once: scripts/setup.sh keeps a stamp per lock file and does nothing while that file is unchanged.

SHELL := /bin/sh
SETUP := sh scripts/setup.sh
PYTHON_BIN := .venv/bin/python
WENZE := .venv/bin/wenze

.DEFAULT_GOAL := help
.NOTPARALLEL:

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  Environment: PORT (8000), DATABASE_URL (SQLite), WENZE_DATA (./var), WENZE_DEMO (1), PYTHON (python3)"

.PHONY: run
run: ## Set everything up and serve http://127.0.0.1:8000 with demo data
	@$(SETUP) run
	@sh scripts/run.sh

.PHONY: setup
setup: ## Do the set-up of `make run` without starting anything
	@$(SETUP) run

.PHONY: test
test: ## Install what testing needs and run every test (both databases, real browser)
	@$(SETUP) test
	@sh scripts/test.sh

.PHONY: quick
quick: ## Run the tests that need neither a browser nor much time
	@$(SETUP) dev
	@sh scripts/frontend.sh
	@$(PYTHON_BIN) -m pytest -q -n 2 -m "not slow and not browser"

.PHONY: lint
lint: ## Check style, types and the direction of imports
	@$(SETUP) dev
	@failed=0; \
	$(PYTHON_BIN) -m ruff check . || failed=1; \
	$(PYTHON_BIN) -m ruff format --check . || failed=1; \
	$(PYTHON_BIN) -m mypy || failed=1; \
	PYTHONPATH=. $(PYTHON_BIN) .venv/bin/lint-imports || failed=1; \
	exit $$failed

.PHONY: format
format: ## Rewrite the Python files in house style
	@$(SETUP) dev
	$(PYTHON_BIN) -m ruff check --fix .
	$(PYTHON_BIN) -m ruff format .

.PHONY: bench
bench: ## Measure speed on both databases, about 15 minutes; BENCH=--quick takes a short look
	@$(SETUP) test
	@$(PYTHON_BIN) -m bench $(BENCH)

.PHONY: faults
faults: ## Kill processes and the database under load; writes docs/faults.md (FAULTS="--times 20" for hours)
	@$(SETUP) test
	@$(PYTHON_BIN) -m tests.faults --write docs/faults.md --json docs/faults.json $(FAULTS)

.PHONY: messages
messages: ## Bring the English catalogue up to date with every sentence; lists what lacks a translation
	@$(SETUP) dev
	@PYTHONPATH=. $(PYTHON_BIN) -m authoring.catalogue

.PHONY: lock
lock: ## Compile requirements/*.txt again from pyproject.toml
	@sh scripts/lock.sh

.PHONY: sbom
sbom: ## Write the list of parts (CycloneDX) to var/sbom.json from the lock files
	@$(SETUP) dev
	@mkdir -p var && $(PYTHON_BIN) scripts/sbom.py var/sbom.json

.PHONY: schema
schema: ## Rewrite the one migration from the tables (only until the first release)
	@$(SETUP) dev
	@sh scripts/schema.sh

.PHONY: clean
clean: ## Remove what set-up built (not the data in ./var)
	rm -rf .venv .venv-node .venv-lock frontend/node_modules app/static/dist .mypy_cache .ruff_cache .pytest_cache
