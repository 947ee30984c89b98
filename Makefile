# The environment's own Python, once it is there; PYTHON=python3.12 chooses the one that makes it.
PYTHON ?= $(or $(wildcard .venv/bin/python),python3)
BIN := .venv/bin
UNIT := 06_backpropagation

.PHONY: help setup demo test lint book serve clean

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

book: setup  ## build all pages and decks, in both languages, into _build/site
	$(BIN)/python book/build.py

serve: book  ## build the book and serve it on this machine, port 8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/site 8000

clean:  ## delete what was built; the environment stays (delete .venv and node_modules by hand)
	rm -rf _build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
