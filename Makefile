# make run    create what is missing, then serve: prints the address and the demo people
# make test   the whole suite
# make check  style, types, imports, translations
# make bench  the benchmarks, side by side
# make shots  the screenshots in docs/screenshots
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test check bench shots install install-dev translations clean

run: install
	@exec $(BIN)/python app.py --prepare

install: $(VENV)/.installed static/vendor/.installed translations/el/LC_MESSAGES/messages.mo
install-dev: $(VENV)/.installed-dev static/vendor/.installed translations/el/LC_MESSAGES/messages.mo

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(BIN)/python
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

static/vendor/.installed: package-lock.json static/img/icons.json core/vendor.py | $(VENV)/.installed
	$(BIN)/python -m core.vendor
	@touch $@

translations/el/LC_MESSAGES/messages.mo: $(wildcard translations/el/*.po) | $(VENV)/.installed
	$(BIN)/python -m core.translations

test: install-dev
	$(BIN)/python -m pytest -n 3 --dist worksteal

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m core.translations --check

bench: install-dev
	$(BIN)/python -m bench

shots: install-dev
	$(BIN)/python -m tests.journeys.shots

translations: install-dev
	$(BIN)/flask --app app translations update
	$(BIN)/python -m core.translations

clean:
	rm -rf $(VENV) node_modules static/vendor translations/el/LC_MESSAGES
