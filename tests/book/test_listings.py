"""The listings of unit 15 that the page does not run: they do what the page's own network does.

The first listing needs PyTorch, the second Keras, here on PyTorch.
"""

import re

import numpy as np
import pytest

from tests.book.source import LANGUAGES, read_source

UNIT = "15_frameworks"
NEEDS = {"torch": 1e-12, "keras": 1e-5}  # Keras computes in float32


def listings(language):
    """The listings of the page by the library they import; those on slides are parts of them."""
    found = re.findall(r"^```python\n(.*?)^```$", read_source(language, UNIT).source, re.S | re.M)
    whole = {library: code for library in NEEDS for code in found if f"import {library}\n" in code}
    return whole, [code for code in found if code not in whole.values()]


def cell(label):
    """The code of the cell with that label, and of the one with the network on the engine before it."""
    source = read_source("en", UNIT).source
    start = source.index(f"({label})=")
    return re.search(r"```\{code-cell\}\n(.*?)^```$", source[start:], re.S | re.M)[1]


def ours():
    """Names of the page after its network has been trained: data, first weights and losses."""
    names = {"np": np}
    source = read_source("en", UNIT).source
    start = source.index("from dlkit.autograd import log, relu")
    engine = source[start : source.index("```", start)]
    exec("from dlkit.autograd import Variable, exp\n" + engine + cell("cell-15-dlkit"), names)
    return names


@pytest.fixture(scope="module")
def names():
    return ours()


@pytest.mark.oracle
@pytest.mark.parametrize("library", NEEDS)
def test_a_listing_has_the_losses_of_the_page(names, library, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")  # Keras reads it when it is imported
    pytest.importorskip(library)
    given = {name: names[name] for name in ("np", "x", "t", "W1", "b1", "W2", "b2")}
    exec(listings("en")[0][library], given)
    np.testing.assert_allclose(given["losses"], names["losses"], rtol=NEEDS[library])


def test_both_pages_have_the_same_listings():
    assert set(listings("en")[0]) == set(NEEDS)
    english, japanese = (listings(language) for language in LANGUAGES)
    assert english == japanese


def test_a_listing_on_a_slide_is_made_of_lines_of_the_whole_one():
    whole, parts = listings("en")
    assert parts
    lines = {line.strip() for code in whole.values() for line in code.splitlines()}
    shortened = {"model.fit(x, t, batch_size=100, epochs=5)"}
    for part in parts:
        assert {line.strip() for line in part.splitlines()} <= lines | shortened
