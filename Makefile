# Two commands: `make run` starts the portal with demo data, `make test` checks it. README tells the rest.
PYTHON ?= python3.11
PORT ?= 8000
BIN := .venv/bin
STAMP := .venv/.stamp
TEST_STAMP := .venv/.stamp-test
CATALOGUE := locale/zh_Hans/LC_MESSAGES/django
CODE := budget casework jinjiang_portal reports staffing stations tests manage.py

.PHONY: help setup setup-test run test lint bench messages lock clean
.DEFAULT_GOAL := help

help:
	@echo "make run       set up, migrate, load the demo, start web server and worker (PORT=$(PORT)); Ctrl-C ends both"
	@echo "make test      set up, lint, run all tests on SQLite and, where they answer, on PostgreSQL and Redis"
	@echo "make lint      style, templates, types, floors, packages, migrations, lock"
	@echo "make bench     the measurements of tests/benchmarks"
	@echo "make messages  bring the translation catalogue up to date with the sources"
	@echo "make lock      choose package versions anew and write their hashes to requirements.lock"
	@echo "make clean     remove the environment, run-time data and everything compiled"

setup: $(STAMP)

$(STAMP): requirements.lock jinjiang_portal/deploy/machine.py
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is missing. Install it (Debian: sudo apt-get install -y python3.11 python3.11-venv) or name one that is there: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) jinjiang_portal/deploy/machine.py run
	@test -x $(BIN)/python || { echo "Making the environment .venv …"; $(PYTHON) -m venv .venv; }
	@echo "Installing the locked packages …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

setup-test: $(TEST_STAMP)

$(TEST_STAMP): $(STAMP)
	@$(PYTHON) jinjiang_portal/deploy/machine.py run test
	@touch $@

$(CATALOGUE).mo: $(CATALOGUE).po | $(STAMP)
	@$(BIN)/pybabel -q compile --input-file $< --output-file $@ --locale zh_Hans

run: $(STAMP) $(CATALOGUE).mo
	@exec $(BIN)/python -m jinjiang_portal.deploy.serve --port $(PORT)

test: lint $(CATALOGUE).mo
	@$(BIN)/python -m jinjiang_portal.deploy.tiers

lint: $(TEST_STAMP)
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pip check
	$(BIN)/pytest tests/deploy/test_lock.py

bench: $(TEST_STAMP) $(CATALOGUE).mo
	$(BIN)/pytest tests/benchmarks -o addopts="--ds=tests.settings -q --strict-markers --strict-config -p no:cacheprovider" --benchmark-only -s

messages: $(TEST_STAMP)
	$(BIN)/python -m jinjiang_portal.deploy.catalogue

lock: $(STAMP)
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-header --no-emit-index-url \
		--no-emit-find-links --python-version 3.11 --quiet --upgrade --output-file requirements.lock

clean:
	rm -rf .venv var build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks
	find . -name __pycache__ -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
