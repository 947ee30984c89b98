"""The cells of equal pages run once, and MyST-NB finds what came of them."""

import importlib

import pytest
import yaml
from jupyter_cache import get_cache
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

from tests.book.source import BOOK, ROOT

PAGE = """\
---
file_format: mystnb
kernelspec:
  name: python3
---
# A page

```{code-cell}
---
mystnb:
  figure:
    caption: %s
---
from uuid import uuid4
print(uuid4())
```

:::{note}
%s
:::
"""
CAPTIONS = {"en": "A number", "ja": "ある数"}


@pytest.fixture
def cells(monkeypatch):
    monkeypatch.syspath_prepend(str(BOOK))
    return importlib.import_module("cells")


def shown(folder, kept, language):
    """What MyST-NB will show of a page, read with the book's settings: language and outputs, from its cache."""
    path = folder / language / "page.md"
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["parse"]
    config = MdParserConfig(enable_extensions=set(settings["myst_enable_extensions"]))
    text = path.read_text("utf8")
    notebook = create_nb_reader(str(path), config, NbParserConfig(), text).read(text)
    _, merged = get_cache(str(kept / language)).merge_match_into_notebook(notebook)
    outputs = [output.text for cell in merged.cells for output in cell.get("outputs", [])]
    return merged.metadata.language_info.name, outputs


def write(folder, captions):
    for language, caption in captions.items():
        (folder / language).mkdir(exist_ok=True)
        (folder / language / "page.md").write_text(PAGE % (caption, caption), "utf8")
        (folder / language / "prose.md").write_text("# Nothing to run\n")


@pytest.mark.slow
def test_equal_code_runs_once(cells, tmp_path):
    kept, names = tmp_path / "kept", {language: ["page", "prose"] for language in CAPTIONS}
    write(tmp_path, CAPTIONS)
    cells.run(tmp_path, names, kept, timeout=60)
    first = shown(tmp_path, kept, "en")
    assert (first[0], len(first[1])) == ("python", 1)
    assert shown(tmp_path, kept, "ja") == first

    write(tmp_path, {"en": "Another caption"})
    cells.run(tmp_path, names, kept, timeout=60)
    assert shown(tmp_path, kept, "en") == first


@pytest.mark.slow
def test_a_page_whose_cells_fail_is_left_to_the_build(cells, tmp_path):
    write(tmp_path, {"en": "A number"})
    page = tmp_path / "en" / "page.md"
    page.write_text(page.read_text("utf8").replace("print(", "raise ValueError("), "utf8")
    cells.run(tmp_path, {"en": ["page"]}, tmp_path / "kept", timeout=60)
    with pytest.raises(KeyError):
        shown(tmp_path, tmp_path / "kept", "en")
