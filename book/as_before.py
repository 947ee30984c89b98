"""A build that fails leaves the site as it was."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

WRITTEN = {".html", ".js"}  # pages, decks, the index of the search


@contextmanager
def as_before_on_failure(environment: Path, folders: Sequence[Path]) -> Iterator[None]:
    """Take back what was written when the build fails: pages, decks, and what Sphinx has noted as read.

    Else a page with a mistake would be served, and the next build would leave it as it is, say nothing, and
    pass.
    """
    before = {path: path.read_bytes() for path in _written(environment, folders)}
    try:
        yield
    except BaseException:
        for path in _written(environment, folders):
            if path not in before:
                path.unlink()
        for path, content in before.items():
            if not path.exists() or path.read_bytes() != content:
                path.write_bytes(content)
        raise


def _written(environment: Path, folders: Sequence[Path]) -> list[Path]:
    paths = [environment, *(path for folder in folders for path in folder.glob("*.*"))]
    return [
        path for path in paths if path.is_file() and path.suffix in {*WRITTEN, environment.suffix}
    ]
