# Every command of the project. Nothing needs root; what a target needs, it sets up first.

PYTHON = .venv/bin/python
PIP = $(PYTHON) -m pip -qq --disable-pip-version-check --no-input install \
      --require-hashes --only-binary :all:
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
WORDS = content/locale/messages.pot

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test lint fmt migrate migration i18n bench torture browser office \
        check-content image clean lock

help:
	@sed -n 's/^\([a-z0-9-]*\):.*## /\1\t/p' Makefile | expand -t 16

setup: .venv/base.stamp  ## make .venv with all that the program needs

run: .venv/base.stamp  ## start the assistant; it prints the address to open
	@$(PYTHON) -m bot run

test: .venv/test.stamp  ## all tests but the long ones (torture) and those in a browser
	$(PYTHON) -m pytest -n 2 -q

lint: .venv/test.stamp  ## style, types, layers, and whether the translations are up to date
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy .
	.venv/bin/lint-imports --no-logo
	@$(MAKE) --no-print-directory i18n CHECK=--check 2>/dev/null \
	  || { echo 'The translations are not up to date: run make i18n.' >&2; exit 1; }

fmt: .venv/test.stamp  ## put the code in order
	.venv/bin/ruff check --fix --exit-zero --quiet .
	.venv/bin/ruff format .

migrate: .venv/base.stamp  ## bring the database up to date
	@$(PYTHON) -m bot migrate

# Compared with a fresh database at the newest migration, never with somebody's own.
migration: .venv/test.stamp  ## write a migration from the models: make migration m="add visits"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="add visits"' >&2; exit 1; }
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	  export DATABASE_URL="sqlite+aiosqlite:///$$scratch/empty.db"; \
	  number=$$(($$(ls storage/migrations/versions/[0-9]*.py | wc -l) + 1)); \
	  .venv/bin/alembic upgrade head && .venv/bin/alembic revision --autogenerate \
	    --rev-id "$$(printf %04d $$number)" --message "$(m)"

# The catalogues hold no line numbers, wrapped lines, dates of extraction or guessed translations:
# a diff shows exactly the sentences that changed. The program compiles them as it starts.
i18n: .venv/base.stamp  ## collect the sentences of content/ into the catalogues of translations
	@.venv/bin/pybabel --quiet extract --no-default-keywords -k t -k tn:1,2 -k N_ \
	  --no-location --no-wrap --sort-output --project=assistant --version=- \
	  --msgid-bugs-address=- --output-file=$(WORDS) content
	@.venv/bin/pybabel --quiet update $(CHECK) --no-wrap --no-fuzzy-matching --ignore-obsolete \
	  --ignore-pot-creation-date --input-file=$(WORDS) --output-dir=content/locale

bench: .venv/test.stamp  ## measure start-up, memory and answers beside a bare aiogram bot
	$(PYTHON) -m tests.bench

torture: .venv/test.stamp  ## kill and race the program at length
	$(PYTHON) -m pytest -n 2 -q -m torture

browser: .venv/test.stamp  ## walk the pages in Chromium, and let axe look at them
ifeq ($(CHROMIUM),)
	@echo 'Browser tests skipped: there is no chromium here (on Debian: apt-get install chromium).'
else
	CHROMIUM=$(CHROMIUM) $(PYTHON) -m pytest -q -m browser tests/browser
endif

office:  ## open the reports in LibreOffice
	@echo 'Nothing to open yet: this check comes with the Word and Excel reports.'

check-content: .venv/base.stamp  ## check guides, plan packs, settings and database
	@$(PYTHON) -m bot check

image:  ## build the container image
	docker build --tag commune-assistant .

clean:  ## delete what can be made again (never data/)
	rm -rf .venv .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache \
	  .ruff_cache $(WORDS)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv only writes the lock files (`pip install uv`); pip alone installs from them.
lock:  ## write requirements/*.txt anew from requirements/*.in (needs uv)
	cd requirements && for set in base test; do \
	  uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	    --no-emit-index-url --no-emit-find-links $$set.in --output-file $$set.txt || exit 1; done

# --- Set-up: a stamp is newer than its requirements file once all of that is installed -----------

.venv/base.stamp: requirements/base.txt
	@for python in python3.11 python3; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    && exec "$$python" -m venv .venv; done; \
	  echo 'Python 3.11 or newer was not found: install python3.11 (with venv), then try again.' >&2; \
	  exit 1
	@echo 'Installing what the program needs into .venv …'
	@$(PIP) -r $<
	@touch $@

.venv/test.stamp: requirements/test.txt .venv/base.stamp
	@echo 'Installing what the tests need into .venv …'
	@$(PIP) -r $<
	@touch $@
