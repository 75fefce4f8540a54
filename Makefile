# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= $(or $(DISTRIDE_DATA),../shared/data)
COHORTS ?= @wle_weightlifting @utd_mhad @pt_exercises @mex_thigh @swimming_watch \
	dsads_right_arm=@dsads @dsads

.PHONY: setup demo test check bench shifts

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: setup
	$(BIN)/distride demo

check: setup
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: check
	$(BIN)/pytest --quiet

# The table of the README; hours, but it may be cut at any moment and goes on fold by fold.
bench: setup
	$(BIN)/distride bench --recipes benchmarks/recipes $(foreach c,$(COHORTS),$(subst @,$(DATA)/,$(c)))
	$(BIN)/python benchmarks/tables.py

# What it costs to wear a device otherwise (docs/shifts.md).
shifts: setup
	$(BIN)/python benchmarks/shifts.py $(foreach c,$(COHORTS),$(subst @,$(DATA)/,$(c)))
	$(BIN)/python benchmarks/shift_tables.py
