# make setup | run | test | docs. python3 (3.11 or newer), make and git are enough.
PYTHON ?= python3
SCENARIO ?= scenarios/inner_mongolia_2018_2020.yaml
TESTS ?= python
unexport PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONOPTIMIZE PYTHONWARNINGS PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX
export PYTHONNOUSERSITE = 1
VENV = .venv/bin

.PHONY: setup setup-dev setup-peers setup-dask run test docs lock
setup:
	@$(PYTHON) .ci/environment.py requirements.txt

setup-dev:
	@$(PYTHON) .ci/environment.py requirements-dev.txt

# .venv-peers, for the linopy peer of benchmarks/scale.py: what it brings changes how pandas and xarray sum.
setup-peers:
	@$(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --no-input --disable-pip-version-check --no-deps \
	  --only-binary :all: --require-hashes --requirement requirements-peers.txt

# .venv-dask, for `sweep --scheduler`: the pins of requirements.txt and Dask.
setup-dask:
	@$(PYTHON) -m venv .venv-dask
	@.venv-dask/bin/python -m pip install --quiet --no-input --disable-pip-version-check --no-deps \
	  --only-binary :all: --require-hashes --requirement requirements-dask.txt

run: setup
	@$(VENV)/python run_scenario.py $(SCENARIO) $(ARGS)

# TESTS=all: also what needs programs besides Python (there a missing one is a failure) and what takes minutes.
test: setup-dev $(if $(filter all,$(TESTS)),setup-dask)
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/mypy
	$(VENV)/lint-imports
	LANTIAN_TESTS=$(TESTS) $(VENV)/pytest -n 2

# The pages of docs/ as a site: outputs/site/index.html. A link that leads nowhere is an error.
docs: setup-dev
	NO_MKDOCS_2_WARNING=1 $(VENV)/python -m mkdocs build --strict --quiet

lock: setup-dev
	for f in requirements requirements-dev requirements-peers requirements-dask; do \
	  $(VENV)/uv pip compile -q --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url $$f.in -o $$f.txt || exit 1; done
