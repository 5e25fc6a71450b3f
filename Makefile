# Everything one does with Canal. Each target does its own set-up the first time, from a fresh clone with nothing but
# Python >= 3.11 (3.13, Lambda's version, is looked for first) and make; Node >= 20 is for the tests of the pages.
# `make help` lists the targets.

.DEFAULT_GOAL := help
SHELL := /bin/sh

TOWN ?= alzira
JOBS ?= 2

VENV := .venv
SAM_VENV := .venv-sam
PYTHON := $(VENV)/bin/python
SAM := $(SAM_VENV)/bin/sam
CHECKED := layers/common/canal functions local ops bench tests

export PYTHONPATH := $(CURDIR)/layers/common:$(CURDIR)
export SAM_CLI_TELEMETRY := 0
export CANAL_TOWN ?= $(TOWN)

DEV := $(VENV)/.installed
SAM_CLI := $(SAM_VENV)/.installed
COMPILED := build/content/$(TOWN).json
PACKAGED := build/content/layer/content/town.json
BUILT := .aws-sam/.built

CODE := $(shell find layers functions -type f -not -name '*.pyc' 2>/dev/null)


##@ Every day

.PHONY: run
run: $(DEV) ## everything on this machine: a town, a simulated WhatsApp, a phone in the browser
	@$(PYTHON) -m local.serve

.PHONY: seed
seed: $(DEV) ## demonstration cases for the stack that `make run` started; SUBSCRIBERS=2000: subscribers
	@$(PYTHON) -m local.seed $(if $(SUBSCRIBERS),--subscribers $(SUBSCRIBERS))

.PHONY: chat
chat: $(DEV) ## talk to the town in this terminal, with no services
	@$(PYTHON) -m local.chat

.PHONY: test
test: $(DEV) node browser ## lint, types, template, the built artefact, and every tier of tests
	@if [ -x $(VENV)/bin/python3.13 ]; then $(MAKE) --no-print-directory lint types validate build; \
	else $(MAKE) --no-print-directory lint types validate || exit 1; \
	echo "    Left out: the built artefact and its tests, which need Python 3.13 (see README)."; fi
	@echo "==> tests (what was skipped, and why, is listed at the end)"
	@$(PYTHON) -m pytest -n $(JOBS) --dist loadfile

.PHONY: eval
eval: $(DEV) $(COMPILED) ## how well typed words are understood: make eval FILE=set.jsonl
	@test -n "$(FILE)" || { echo "Which set? make eval FILE=set.jsonl"; exit 2; }
	@$(PYTHON) -m local.evaluate "$(FILE)"

.PHONY: bench
bench: $(DEV) build ## the numbers of the design, each with its floor and their ratio
	@$(PYTHON) -m bench


##@ The code

.PHONY: lint
lint: $(DEV) ## ruff: rules and format
	@echo "==> ruff"
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .

.PHONY: format
format: $(DEV) ## write the code as ruff formats it
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

.PHONY: types
types: $(DEV) ## mypy, strict, tests included
	@echo "==> mypy"
	@$(VENV)/bin/mypy $(wildcard $(CHECKED))

.PHONY: lock
lock: ## write the locks again from requirements/*.in (UPGRADE=1: newer versions)
	@python="$$(sh local/setup/find_python.sh 3.11)" && "$$python" local/setup/lock.py $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## remove all that can be made again, the environments included
	rm -rf build .aws-sam .canal node_modules $(VENV) $(SAM_VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +


##@ Deploying

.PHONY: content
content: $(COMPILED) ## compile content/$(TOWN) into the one JSON that the functions read

.PHONY: validate
validate: $(DEV) $(SAM_CLI) $(PACKAGED) ## check template.yaml with cfn-lint and sam
	@echo "==> cfn-lint, sam validate"
	@$(VENV)/bin/cfn-lint template.yaml
	@$(SAM) validate --lint

.PHONY: templates
templates: $(DEV) ## message templates and Meta: DO=plan, submit or status; STACK=name, or without it the local stack
	@$(PYTHON) -m ops.templates $(or $(DO),plan) $(if $(STACK),--stack $(STACK),--local)

.PHONY: build
build: $(BUILT) ## what `sam deploy` uploads: sam build, then byte code that Lambda accepts


# ---------------------------------------------------------------------------------------------------------- set-up

$(DEV): requirements/dev.txt local/setup/environment.py
	@python="$$(sh local/setup/find_python.sh)" && "$$python" local/setup/environment.py $(VENV) requirements/dev.txt

$(SAM_CLI): requirements/sam.txt local/setup/environment.py
	@python="$$(sh local/setup/find_python.sh)" && "$$python" local/setup/environment.py $(SAM_VENV) requirements/sam.txt

node_modules/.installed: package-lock.json | $(DEV)
	@$(PYTHON) local/setup/node.py

.PHONY: node
node: node_modules/.installed

.PHONY: browser
browser: $(DEV)
	@$(PYTHON) local/setup/browser.py

# Every time: what is compiled depends on the day too (past events and ended offers are left out).
$(COMPILED): FORCE | $(DEV)
	@echo "==> content of $(TOWN)"
	@mkdir -p $(@D)
	@$(PYTHON) -m canal.content.compile content/$(TOWN) $@

# Written only when it differs, so that the same content is not a reason to build again.
$(PACKAGED): $(COMPILED)
	@mkdir -p $(@D)
	@cmp -s $(COMPILED) $@ || cp $(COMPILED) $@

.PHONY: lambdas-python
lambdas-python: $(DEV)
	@test -x $(VENV)/bin/python3.13 || { echo "sam build needs Python 3.13, Lambda's version (see README)."; exit 1; }

.PHONY: FORCE
FORCE:

# Lambda's packages are dated 1980, which voids ordinary byte code; hash-based byte code is kept and halves a cold start.
$(BUILT): template.yaml samconfig.toml $(CODE) $(PACKAGED) | $(DEV) lambdas-python $(SAM_CLI)
	@echo "==> sam build"
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(SAM) build
	@find .aws-sam/build -name __pycache__ -type d -prune -exec rm -rf {} +
	@$(PYTHON) -m compileall -q -f --invalidation-mode checked-hash .aws-sam/build
	@touch $@

.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {gsub(/\$$\(TOWN\)/, "$(TOWN)"); printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
