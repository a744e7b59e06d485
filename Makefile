# Three commands for a user (demo, lab, test) and a few for who works on it. ARGS goes to the command behind the target:
#   make demo ARGS="-p seed=7"

SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
EXAMPLE := examples/trusted-ai/german-credit.pipeline
export CLAIMED_VENV := $(abspath $(VENV))
ROOT_FLAG := $(shell [ "$$(id -u)" = 0 ] && echo --allow-root)

.PHONY: help demo lab test bench setup setup-test labextension lint test-python test-interpreters test-ts test-ui test-hub test-collab \
	resolve constraints schemas components format clean

.DEFAULT_GOAL := help

help: ## Show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -e 's/:.*## /\t/' | sort | expand -t 20

setup:
	@sh tools/setup.sh demo
	@sh tools/build-labextension.sh || echo "The demo runs without JupyterLab's part." >&2

demo: setup ## Run the trusted-AI example and print what it found
	@$(BIN)/jupyter claimed run $(EXAMPLE) $(ARGS)
	@command -v node >/dev/null 2>&1 && echo "See it in JupyterLab: make lab" || \
		echo "JupyterLab's part needs node 20 or newer: install it, then run make lab"

lab: ## Open JupyterLab with the examples
	@sh tools/setup.sh demo
	@sh tools/build-labextension.sh
	@$(BIN)/jupyter lab $(ROOT_FLAG) --ServerApp.root_dir="$(CURDIR)/examples" $(ARGS)

test: setup-test lint test-ts test-ui test-hub test-collab test-interpreters test-python ## Run all tests, the browser's too

setup-test:
	@sh tools/setup.sh demo,test
	@sh tools/build-labextension.sh
	@sh tests/mlmd/make_env.sh >/dev/null
	@sh tests/cwl/make_env.sh >/dev/null
	@sh tests/standards/make_env.sh >/dev/null

lint: setup-test ## Check style, types and the direction of imports
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	PATH="$(abspath $(BIN)):$$PATH" jlpm lint:check
	PATH="$(abspath $(BIN)):$$PATH" jlpm generate:types:check

# The tests have real processes, servers and browsers, and a shared machine may stop for seconds: as in the browser's
# journeys, a test has a second try there, and the summary names who needed it.
SECOND_TRY = $(if $(CI),--reruns 1 -rfER)

test-python: setup-test
	$(BIN)/python -m pytest -n 2 $(SECOND_TRY) $(ARGS)

test-interpreters: setup-test
	$(BIN)/python tests/interpreters.py

test-ts: setup-test
	PATH="$(abspath $(BIN)):$$PATH" jlpm test:ts

test-ui: setup-test
	PATH="$(abspath $(BIN)):$$PATH" jlpm test:ui

test-hub: setup-test
	PATH="$(abspath $(BIN)):$$PATH" jlpm test:hub

test-collab: setup-test ## Two people in one pipeline, with jupyter-collaboration
	@sh tests/collab/make_env.sh >/dev/null
	.venv-collab/bin/python -m pytest tests/collab
	PATH="$(abspath $(BIN)):$$PATH" jlpm test:collab

bench: ## Measure, with ratios against peers in the same run
	@sh tools/setup.sh demo,test
	@sh tools/build-labextension.sh
	@$(BIN)/python -m tests.bench $(ARGS)

resolve: ## Prove that all extras but mlmd resolve together under the constraints
	@sh tools/resolve.sh --check

constraints: ## Resolve the constraints file anew
	@sh tools/resolve.sh

schemas: ## Write the JSON Schemas and the TypeScript types from the models
	$(BIN)/python -m claimed_jlab.server.publish
	PATH="$(abspath $(BIN)):$$PATH" jlpm generate:types

components: ## Derive every bundled component.yaml from its notebook
	@for notebook in components/*/*/*.ipynb; do \
		$(BIN)/jupyter claimed component create "$$notebook" --out "$$(dirname "$$(dirname "$$notebook")")" >/dev/null || exit 1; \
	done

format: ## Format everything
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .
	PATH="$(abspath $(BIN)):$$PATH" jlpm lint

clean: ## Remove what was built, the environments too
	rm -rf .venv .venv-* node_modules claimed_jlab/labextension labextension/lib labextension/*.tsbuildinfo
