# Two commands for newcomers: `make run` opens the app, `make test` tests it. Each does all of its own set-up.
VENV ?= .venv
PYTHON ?= python3
PORT ?= 8501
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Compiled modules are kept, also where a machine forbids it: every server and worker of the tests would compile them anew.
export PYTHONDONTWRITEBYTECODE =

# Real data, where it lies beside the project; without it the tests that want it skip, and say so.
ifeq ($(AECORE_DATA),)
ifneq ($(wildcard ../shared/data),)
export AECORE_DATA := $(abspath ../shared/data)
endif
endif

.PHONY: run lecture setup test test-long check lint js js-check bench quality assets clean wheel-test docker-test deploy-test compose-test docs load

run: $(VENV)/.run-ready
	$(BIN)/streamlit run app.py --server.port $(PORT)

# For a class: lets others in this network in, and prints the address and a QR code for them.
lecture: $(VENV)/.run-ready
	$(BIN)/python -m autoencoder_explorer --lecture --port $(PORT) $(ARGS)

setup: $(VENV)/.test-ready

# Without a browser, then in one. `make test ARGS='-k noise'` selects; `make test ARGS='-m ""'` runs the long tests as well.
WITHOUT_BROWSER := tests --ignore=tests/e2e --ignore=tests/components -n 2 --dist loadfile --no-loadscope-reorder
# A browser test that fails is tried once more, and named among the reruns of the report if that passes.
IN_BROWSER := tests/components tests/e2e -n 2 --dist worksteal --reruns 1 -rR

test: $(VENV)/.test-ready check
	tests/e2e/get-chromium
	$(BIN)/python -m pytest $(WITHOUT_BROWSER) -m "not long" $(ARGS)
	$(BIN)/python -m pytest $(IN_BROWSER) -m "not long" $(ARGS)
	@echo "The long tests were not among these: \`make test-long\` runs them, and so does CI."

# Trainings to their end, whole programs for every combination of settings, and the further ways through each page.
test-long: $(VENV)/.test-ready
	tests/e2e/get-chromium
	$(BIN)/python -m pytest $(WITHOUT_BROWSER) -m long $(ARGS)
	$(BIN)/python -m pytest $(IN_BROWSER) -m long $(ARGS)

# What takes seconds: part of `make test`.
check: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

# The components' JavaScript, bundled; the app and its tests run from the committed bundles, and need no Node.
js: node_modules/.ready
	npm run --silent build

# Bundles as their sources make them, no complaint of biome, the pure parts tested: where Node is there.
js-check:
	@if node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1; then \
	  $(MAKE) --no-print-directory node_modules/.ready && npm run --silent compare && npm run --silent lint && npm run --silent test; \
	else echo "Skipped: without Node 20 or newer and npm the JavaScript is not compared with its bundles, linted or tested."; fi

node_modules/.ready: package.json package-lock.json
	npm ci --silent
	@touch $@

lint: check js-check
	$(BIN)/mypy
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# The documentation site, in .build/site; open index.html there.
docs: $(VENV)/.test-ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/.test-ready
	$(BIN)/python -m tests.benchmarks.report

# A class of visitors without browsers; ten minutes on a machine that does nothing else.
load: $(VENV)/.test-ready
	$(BIN)/python -m tests.benchmarks.load $(ARGS)

quality: $(VENV)/.test-ready
	$(BIN)/python -m tests.quality.report $(ARGS)

assets: $(VENV)/.run-ready
	$(BIN)/python -m aecore assets $(ARGS)

# Builds the wheel and tries it from another folder; ARGS=--fresh installs every dependency anew.
wheel-test: $(VENV)/.test-ready
	$(BIN)/python -m tests.packaging.try_wheel $(ARGS)

# Carries out the steps of the Dockerfile without Docker; ARGS=--fresh installs every dependency anew.
docker-test: $(VENV)/.test-ready
	$(BIN)/python -m tests.packaging.try_image $(ARGS)

# The configurations of deploy/: a real nginx with TLS before a lecture's server, and systemd's own check of the unit.
deploy-test: $(VENV)/.test-ready
	$(BIN)/python -m tests.packaging.try_nginx

# The services of deploy/compose.yaml without Docker: two servers, a Ray cluster and nginx, with browsers in front; five minutes.
compose-test: $(VENV)/.test-ready
	$(BIN)/python -m tests.packaging.try_compose

clean:
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Autoencoder Explorer needs Python 3.11 or newer; this is %d.%d. Say which one to use: make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

# torch first and alone: another package's open range would otherwise fetch a larger build of it.
$(VENV)/.run-ready: requirements.txt | $(VENV)/bin/python
	$(BIN)/pip install --quiet "$$(grep '^torch==' requirements.txt)"
	$(BIN)/pip install --quiet -r requirements.txt
	@touch $@

$(VENV)/.test-ready: requirements-dev.txt $(VENV)/.run-ready
	$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@
