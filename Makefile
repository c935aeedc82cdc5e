# `make demo` and `make test` do all their own setup.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test test-all lint bench docs clean

demo: $(READY)
	$(BIN)/infomorphic pid examples/neuron.csv --target spike --sources stimulus,context,neighbor --bins 8 --plot demo.png
	rm -rf runs/demo
	$(BIN)/infomorphic train setup-1 --dataset digits --hidden 50 --epochs 200 --set training.batch_size=256 --run runs/demo
	$(BIN)/infomorphic report runs/demo

test: lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal

test-all: lint
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist worksteal -m "slow or not slow"
	$(BIN)/python tools/try_package.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python -m pip install --quiet -c constraints.txt dit
	$(BIN)/python benchmarks/bench_pid.py

docs: $(READY)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[all,docs]"
	$(BIN)/mkdocs build --strict

# The environment is rebuilt when one of these files changes.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet -c constraints.txt -e ".[all]" --group dev
	touch $(READY)

clean:
	rm -rf $(VENV) demo.png site runs
