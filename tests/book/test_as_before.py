"""A build that fails leaves the site as it was."""

import pytest

from tests.book.source import load

as_before = load("as_before")


@pytest.fixture
def folders(tmp_path):
    """A folder of pages and one of decks, as an earlier build left them."""
    for name in ("en", "slides"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text("old")
    (tmp_path / "en" / "searchindex.js").write_text("old")
    return [tmp_path / "en", tmp_path / "slides"]


def found(folder):
    return {path.name: path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("read_before", [True, False])
def test_what_a_failed_build_wrote_is_taken_back(tmp_path, folders, read_before):
    environment = tmp_path / "environment.pickle"
    if read_before:
        environment.write_text("old")
    before = found(tmp_path)
    kept = (folders[0] / "page.html").stat().st_mtime_ns

    def build():
        with as_before.as_before_on_failure(environment, folders):
            environment.write_text("new")
            (folders[0] / "new.html").write_text("new")
            (folders[0] / "searchindex.js").unlink()
            (folders[1] / "page.html").write_text("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build()
    assert found(tmp_path) == before
    assert (folders[0] / "page.html").stat().st_mtime_ns == kept


def test_what_a_build_wrote_stays(tmp_path, folders):
    with as_before.as_before_on_failure(tmp_path / "environment.pickle", folders):
        (folders[1] / "page.html").write_text("new")
    assert (folders[1] / "page.html").read_text() == "new"
