"""Run the cells of the pages: equal code runs once, whatever the languages.

MyST-NB looks for what it has run by code and metadata, and the caption of a figure is metadata: by itself it
would run each page once a language, and again when a caption has changed. So the pages run here, by their
code alone, on all processors, and what came of them is laid where MyST-NB looks first.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig
from nbformat import NotebookNode


def run(pages: Path, names: Mapping[str, Iterable[str]], kept: Path, timeout: int) -> None:
    """Fill the caches kept/<language> with pages/<language>/<name>.md, run where their code has not run yet.

    A page whose cells fail is left out: MyST-NB runs it again, and reports it.
    """
    caches = {language: get_cache(str(kept / language)) for language in names}
    paths = [pages / language / f"{name}.md" for language in names for name in names[language]]
    texts = {
        path: sha256(path.parent.name.encode() + path.read_bytes()).hexdigest() for path in paths
    }
    kept.mkdir(parents=True, exist_ok=True)
    # Texts whose cells have run, or that have none: to read them again would take seconds.
    seen = kept / "seen.txt"
    known = set(seen.read_text().split()) if seen.exists() else set()
    found = [
        (path.parent.name, path, notebook)
        for path in paths
        if texts[path] not in known
        and (notebook := read(path))
        and not _is_in(caches[path.parent.name], notebook)
    ]
    by_code = {_key(notebook): (path, notebook) for _, path, notebook in reversed(found)}
    with ProcessPoolExecutor() as pool:
        jobs = {
            key: pool.submit(_executed, *page, kept / "code" / f"{key}.ipynb", timeout)
            for key, page in by_code.items()
        }
    for language, path, notebook in found:
        done = jobs[_key(notebook)].result()
        if done is None:
            del texts[path]
            continue
        notebook.metadata.language_info = done.metadata.language_info
        for cell, run in zip(_code(notebook), _code(done), strict=True):
            cell.execution_count, cell.outputs = run.execution_count, run.outputs
        bundle = CacheBundleIn(notebook, str(path))
        caches[language].cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    seen.write_text("\n".join(texts.values()))


def read(path: Path) -> NotebookNode | None:
    """A page with cells as a notebook, as MyST-NB reads it."""
    text = path.read_text("utf8")
    reader = create_nb_reader(str(path), MdParserConfig(), NbParserConfig(), text)
    return reader.read(text) if reader else None


def _is_in(cache: Any, notebook: NotebookNode) -> bool:
    with suppress(KeyError):
        return bool(cache.match_cache_notebook(notebook))
    return False


def _code(notebook: NotebookNode) -> Iterator[NotebookNode]:
    return (cell for cell in notebook.cells if cell.cell_type == "code")


def _key(notebook: NotebookNode) -> str:
    code = [notebook.metadata.get("kernelspec"), *(cell.source for cell in _code(notebook))]
    return sha256(json.dumps(code).encode()).hexdigest()[:16]


def _executed(path: Path, notebook: NotebookNode, kept: Path, timeout: int) -> NotebookNode | None:
    """The page as it is after its cells have run; None where one of them failed."""
    if not kept.exists():
        result = single_nb_execution(notebook, str(path.parent), timeout, allow_errors=False)
        if result.err is not None:
            return None
        kept.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, kept)
    return nbformat.read(kept, as_version=4)
