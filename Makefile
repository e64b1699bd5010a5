# Two commands do everything: `make demo` and `make test`. Both set up what they need in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo-case
MODEL := $(VENV)/model-incident
unexport PYTHONDONTWRITEBYTECODE # tests start hundreds of processes, of which none should compile what another has

.PHONY: demo test setup check lint types floors docs bench browser clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "cloison needs Python 3.11 or newer: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || scripts/install-venv $(PYTHON) $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup
	rm -rf $(DEMO) $(MODEL)
	$(BIN)/python -m demo.model_incident $(MODEL)
	$(BIN)/cloison investigate $(DEMO) --evidence $(MODEL)/evidence --indicators $(MODEL)/indicators.txt \
	  --exposed $(MODEL)/exposed.csv --networks $(MODEL)/networks.csv --totals $(MODEL)/totals.csv
	@echo "In a browser: $(BIN)/cloison serve $(DEMO)"

test: setup check browser
	$(BIN)/python -m pytest -n auto --dist loadgroup

browser:
	@scripts/install-browser

check: lint types floors docs

lint: setup
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(BIN)/deptry --no-ansi src

types: setup
	$(BIN)/mypy

floors: setup
	$(BIN)/lint-imports --no-cache > $(VENV)/floors.txt || { cat $(VENV)/floors.txt; exit 1; }

docs: setup
	$(BIN)/python -m scripts.write_docs --check

bench: setup
	$(BIN)/python -m benchmarks $(if $(EVENTS),--events $(EVENTS))

clean:
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis
