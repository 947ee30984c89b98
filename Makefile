# The environment's own Python, once it is there; PYTHON=python3.12 chooses the one that makes it.
PYTHON ?= $(or $(wildcard .venv/bin/python),python3)
BIN := .venv/bin
UNIT := 06_backpropagation

.PHONY: help setup demo test lint site book offline serve clean

help:  ## say what the targets do
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 14

setup:  ## make the environment (.venv, node_modules); a second run does only what changed
	@$(PYTHON) grader/bootstrap.py

demo: setup  ## one unit from end to end: pages, deck, notebooks, a class of submissions, its marks
	$(BIN)/python book/build.py --unit $(UNIT)
	$(BIN)/grader demo

test: lint  ## check the code and run the whole test suite
	$(BIN)/pytest -n 2 -m "not oracle"

lint: setup  ## style, types, directions of imports, spelling
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell

site: setup  ## build pages, decks and notebooks, in both languages, into _build/site: a folder for any web server
	$(BIN)/python book/build.py

book: site  ## the same

offline: site  ## pack the site into a zip that is read from the disk
	$(BIN)/python book/offline.py

serve: setup  ## show the book on this machine, port 8000, and build it anew whenever a source changes
	$(BIN)/python book/serve.py

clean:  ## delete what was built; the environment stays (delete .venv and node_modules by hand)
	rm -rf _build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
