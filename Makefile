# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NPM = npm --prefix web --silent
MODULES := web/node_modules/.package-lock.json
VECTORS := web/build/vectors
DATA ?= $(or $(DISTRIDE_DATA),../shared/data)
COHORTS ?= @wle_weightlifting @utd_mhad @pt_exercises @mex_thigh @swimming_watch \
	dsads_right_arm=@dsads @dsads
COHORT_FOLDERS = $(subst @,$(DATA)/,$(COHORTS))
TASKS_FOLDERS = $(addprefix $(DATA)/,yoyo_test spcup2015_ppg pt_exercises)
SENSORS_FOLDERS = $(subst @,$(DATA)/,@pt_exercises @dsads)
BENCH = $(BIN)/distride bench
TABLES = $(BIN)/python benchmarks/tables.py
folds = $(if $(1),--folds $(1))

.PHONY: setup python web pages demo vectors test check bench bench-full bench-labelled3 bench-sensors \
	bench-small fuzz interface live soak shifts unknown personal life sizes tasks throughput base transfer deeper reps devices

setup: python web

python: $(VENV)/.ready

web: $(MODULES)

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

$(MODULES): web/package.json web/package-lock.json web/.npmrc
	@command -v npm > /dev/null || { echo "The browser's runtime needs Node.js 20 or newer with \
	npm: install both, as with 'apt-get install nodejs npm', and run make again." >&2; exit 1; }
	$(NPM) ci
	touch $@

demo: python
	$(BIN)/distride demo

check: setup
	$(BIN)/ruff check src tests benchmarks web/vectors
	$(BIN)/ruff format --check src tests benchmarks web/vectors
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(NPM) run check

test: check vectors
	PYTHON=$(abspath $(BIN)/python) $(NPM) test
	$(BIN)/pytest --quiet --numprocesses auto --maxprocesses 4 --dist loadfile

# The pages that `distride serve` gives; they are found in the package.
pages: vectors
	$(NPM) run pages

# What Python answers at every stage, for the browser's runtime to equal; simulated athletes only.
vectors: setup
	$(BIN)/python web/vectors $(VECTORS)

# The tables of the README, mode by mode; days, but it may be cut at any moment and goes on fold by
# fold. `make bench-small SMALL_FOLDS=2` runs two folds of each cohort, and the table says so.
bench: bench-full bench-labelled3 bench-sensors bench-small

bench-full: python
	$(BENCH) --recipes benchmarks/recipes $(call folds,$(FULL_FOLDS)) $(COHORT_FOLDERS)
	$(TABLES)
	$(BIN)/python benchmarks/doubt_tables.py

bench-labelled3: python
	$(BENCH) --recipes benchmarks/recipes --labelled 3 $(call folds,$(LABELLED3_FOLDS)) \
		--out benchmarks/results/labelled3 --work runs/labelled3 $(COHORT_FOLDERS)
	$(TABLES)

bench-sensors: python
	$(BENCH) --recipes benchmarks/recipes/sensors $(call folds,$(SENSORS_FOLDS)) \
		--out benchmarks/results/sensors --work runs/sensors $(SENSORS_FOLDERS)
	$(BENCH) --recipes benchmarks/recipes/sensors --labelled 3 $(call folds,$(SENSORS_FOLDS)) \
		--out benchmarks/results/sensors/labelled3 --work runs/sensors-labelled3 $(SENSORS_FOLDERS)
	$(TABLES)

bench-small: python
	$(BENCH) --recipes benchmarks/recipes/small $(call folds,$(SMALL_FOLDS)) \
		--out benchmarks/results/small --work runs/small $(COHORT_FOLDERS)
	$(TABLES)

# What it costs to wear a device otherwise (docs/shifts.md).
shifts: python
	$(BIN)/python benchmarks/shifts.py $(COHORT_FOLDERS)
	$(BIN)/python benchmarks/shift_tables.py

# What an athlete's own windows bring (docs/personal.md); timed on one core.
personal: python
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/personal.py $(call folds,$(PERSONAL_FOLDS)) $(COHORT_FOLDERS)
	$(BIN)/python benchmarks/personal_tables.py

# How well movements that were never taught are told apart.
unknown: python
	$(BIN)/python benchmarks/unknown.py $(COHORT_FOLDERS)
	$(BIN)/python benchmarks/unknown_tables.py

# What students of each size know, and what they cost (docs/students.md); `SIZES_FOLDS=2` for more.
sizes: python
	$(BIN)/python benchmarks/sizes.py $(call folds,$(SIZES_FOLDS)) $(COHORT_FOLDERS)
	$(BIN)/python benchmarks/size_tables.py

# What starting from a base is worth (docs/base.md).
base: python
	$(BIN)/python benchmarks/base.py $(DATA)
	$(BIN)/python benchmarks/base_tables.py

# What a trained student is worth in another domain (docs/transfer.md).
transfer: python
	$(BIN)/python benchmarks/transfer.py $(DATA)
	$(BIN)/python benchmarks/transfer_tables.py

# When an athlete's own body is worth more than their own head (docs/deeper.md).
deeper: python
	$(BIN)/python benchmarks/deeper.py $(COHORT_FOLDERS)
	$(BIN)/python benchmarks/deeper_tables.py

# How soon drift is noticed, and what asking for movements saves (docs/life.md); of what
# `make bench-full` left in runs/bench.
life: python
	$(BIN)/python benchmarks/drift.py $(COHORT_FOLDERS)
	$(BIN)/python benchmarks/active.py $(COHORT_FOLDERS)
	$(BIN)/python benchmarks/life_tables.py

# How well repetitions are counted (docs/repetitions.md) and compared (docs/rules.md); named ones by
# the students that `make bench-full` left in runs/bench.
reps: python
	$(BIN)/python benchmarks/reps.py $(DATA)
	$(BIN)/python benchmarks/rep_constants.py $(DATA)
	test -e runs/bench/demo/results.json || $(BIN)/distride demo --out runs/bench/demo
	$(BIN)/python benchmarks/named_reps.py $(DATA) runs/bench
	$(BIN)/python benchmarks/rep_tables.py
	$(BIN)/python benchmarks/technique.py $(DATA)
	$(BIN)/python benchmarks/technique_tables.py

# How fast nets learn and answer (docs/speed.md).
throughput: python
	$(BIN)/python benchmarks/throughput.py
	$(BIN)/python benchmarks/speed_tables.py

# Broken bundles, heads and samples, which coverage-guided fuzzing finds; `FUZZ_S=3600` for longer.
FUZZ_S ?= 40
fuzz: vectors
	@for target in bundle head stream; do \
		mkdir -p build/fuzz/$$target && $(BIN)/python benchmarks/fuzz.py $$target \
			$(VECTORS)/student.distride $(VECTORS)/dora.head.safetensors build/fuzz/$$target \
			-len_control=0 -max_len=400 -max_total_time=$(FUZZ_S) -print_final_stats=1 || exit 1; \
	done

# Days of a stream in a minute or two: time a sample and memory (docs/stream.md).
soak: vectors
	$(BIN)/python benchmarks/soak.py $(VECTORS)/student.distride

# Whatever may be sent to the server's every operation (docs/security.md); six minutes.
interface: python
	$(BIN)/python benchmarks/interface.py

# 200 live athletes at 50 Hz for a minute against a real server on this machine (docs/live.md).
live: python
	$(BIN)/python benchmarks/live.py

# What a decision costs on a device (docs/devices.md).
devices: python
	$(BIN)/python benchmarks/devices.py
	$(BIN)/python benchmarks/device_tables.py

# Several tasks on one body, and tasks that are numbers.
tasks: python
	$(BENCH) --recipes benchmarks/recipes/tasks $(call folds,$(TASKS_FOLDS)) \
		--out benchmarks/results/tasks --work runs/tasks $(TASKS_FOLDERS)
	$(BIN)/python benchmarks/task_tables.py
