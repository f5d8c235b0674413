# What one does with this house. Each target sets up what it needs first, and only then.

# A recipe stops at its first failing command; `make --keep-going check` runs the others too.
.DEFAULT_GOAL := help
.PHONY: help run test check bench soak coverage lock \
        tools lint format types imports dependencies templates shell pins

BIN := .venv/bin

help:  ## Say what there is to make.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

run:  ## Set up and serve the archive on this machine, with its data under var/.
	@requirements/prepare run
	@$(BIN)/skills-archive serve

test:  ## Set up and run all tests, on SQLite and on PostgreSQL.
	@requirements/prepare test
	@$(BIN)/pytest

check: lint format types imports dependencies templates shell pins  ## Everything that is read rather than run: style, types, walls, pins.

bench:  ## Measure speed; the figures are printed, nothing is judged.
	@requirements/prepare test
	@echo "Running the benchmarks of benchmarks/ (minutes; they only print figures)"
	@$(BIN)/python -m benchmarks

# ARCHIVE_SOAK_LIVES=500 makes it shorter, ARCHIVE_TEST_SEED=1 repeats one that failed.
soak:  ## Run the long tests that are marked soak, one after the other.
	@requirements/prepare test
	@echo "Running the soak tests (long: each loads or wears the archive for a while)"
	@$(BIN)/pytest -m soak --numprocesses=0 --timeout=0 --capture=no --verbose || { status=$$?; \
	    if [ $$status = 5 ]; then echo "No test is marked soak yet."; else exit $$status; fi; }

# Who may see what is decided in these files; their tests must take every branch of them.
SECRETS = archive/people/access.py,archive/people/permissions.py,archive/people/actors.py,$\
          archive/people/sessions.py,archive/people/sign_ins.py,archive/people/shares.py,$\
          archive/people/share_looks.py,archive/people/consents.py,archive/people/privacy.py,$\
          archive/web/audiences.py,archive/web/deps.py,archive/web/guard.py
SECRETS_TESTS = permissions counter sessions sign_ins shares access_requests access_tokens vault \
                web_access web_guard web_shares web_sign_in

coverage: export COVERAGE_FILE = .venv/coverage
coverage:  ## Measure that the tests of access, sessions, shares and privacy take every branch.
	@requirements/prepare test
	@echo "Running the tests of what decides who may see what (minutes)"
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest --numprocesses=0 --quiet $(SECRETS_TESTS:%=tests/test_%.py)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --include='$(SECRETS)' --fail-under=100

# --- The parts of `make check` ---------------------------------------------------------------

tools:
	@requirements/prepare check

lint: tools
	@echo "ruff: style"
	@$(BIN)/ruff check

format: tools
	@echo "ruff: format"
	@$(BIN)/ruff format --check

types: tools
	@echo "mypy: types"
	@$(BIN)/mypy

imports: tools
	@echo "import-linter: archive -> credit_bank -> schemas, never back"
	@$(BIN)/lint-imports --no-cache --no-logo

dependencies: tools
	@echo "deptry: what is imported is declared, what is declared is imported"
	@$(BIN)/deptry --no-ansi .

templates: tools
	@echo "djlint: templates"
	@$(BIN)/djlint templates --lint --quiet

shell:
	@echo "bash: scripts parse"
	@bash -n requirements/prepare
	@bash -n .ci/run

# A pin that names a registry would bind every reader to it.
pins:
	@echo "requirements: no registry address"
	@! grep -nE '://|index-url|find-links|trusted-host' requirements/*.txt requirements/*.in pyproject.toml

# --- The pins themselves ---------------------------------------------------------------------

# `make lock` keeps the versions that still fit; `make lock UPGRADE=--upgrade` takes the newest.
UPGRADE ?=
COMPILE = $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 $(UPGRADE) \
          --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock"

lock:  ## Compile requirements/*.txt anew from pyproject.toml.
	@requirements/prepare lock
	$(COMPILE) requirements/setup.in --output-file requirements/setup.txt
	$(COMPILE) requirements/lock.in --output-file requirements/lock.txt
	$(COMPILE) pyproject.toml --output-file requirements/run.txt
	$(COMPILE) pyproject.toml --group test --constraint requirements/run.txt --output-file requirements/test.txt
	$(COMPILE) pyproject.toml --group test --group check --constraint requirements/test.txt --output-file requirements/check.txt
	@$(MAKE) --no-print-directory pins
