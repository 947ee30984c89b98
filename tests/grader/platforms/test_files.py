"""What is read of a download, and what is only named."""

import stat
import zipfile

import pytest

from grader.errors import SubmissionError
from grader.platforms import files
from grader.platforms.files import read_files
from tests.grader.platforms.conftest import EncodedName, zipped


def names(path):
    return {str(file): file.problem for file in read_files(path)}


def test_a_folder_and_its_zip_hold_the_same_files(download, tmp_path):
    path = download({"a/one.ipynb": b"1", "b.ipynb": b"2"})
    folder = tmp_path / "folder"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    assert list(read_files(path)) == list(read_files(folder))
    assert [file.content for file in read_files(path)] == [b"1", b"2"]


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_japanese_names_are_read_whatever_the_system_that_zipped_them(download, encoding):
    path = download({"山田 花子_7_assignsubmission_file_/表紙.ipynb": b"1"}, encoding=encoding)
    assert list(names(path)) == ["山田 花子_7_assignsubmission_file_/表紙.ipynb"]


def test_utf8_without_its_flag(tmp_path):
    path = tmp_path / "mac.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = EncodedName("山田.ipynb", "utf-8")
        archive.writestr(entry, b"1")
    assert list(names(path)) == ["山田.ipynb"]


def test_what_systems_leave_behind_is_not_seen(download):
    path = download({
        "__MACOSX/a/._one.ipynb": b"x", "a/.DS_Store": b"x", "a/._one.ipynb": b"x", "a/one.ipynb": b"1",
        "a/.ipynb_checkpoints/one-checkpoint.ipynb": b"x",
    })  # fmt: skip
    assert list(names(path)) == ["a/one.ipynb"]


def test_zips_in_zips_are_opened_up_to_a_depth(download):
    inner = b"1"
    for level in range(5):
        inner = zipped({f"{level}.zip" if level else "one.ipynb": inner})
    found = names(download({"a/work.zip": zipped({"one.ipynb": b"1"}), "deep.zip": inner}))
    assert found["a/work.zip/one.ipynb"] == ""
    assert [problem for problem in found.values() if problem] == [
        "zips within zips, more than 3 deep"
    ]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "C:\\evil.ipynb", "a/../../b.ipynb"]
)
def test_a_name_that_leads_out_is_named_and_not_read(download, name):
    found = list(read_files(download({name: b"secret", "good.ipynb": b"1"})))
    assert {file.problem for file in found} == {"a name that leads out of the folder", ""}
    assert [file.content for file in found if file.problem] == [b""]


def test_a_link_in_a_zip_or_a_folder_is_named_and_not_followed(tmp_path):
    path = tmp_path / "links.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("link.ipynb")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    assert names(path) == {"link.ipynb": "a link, not a file"}
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.ipynb").symlink_to("/etc/passwd")
    assert names(folder) == {"link.ipynb": "a link, not a file"}


def test_a_bomb_costs_its_limit_and_no_more(download, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    assert names(download({"bomb.ipynb": b"0" * 100_000, "good.ipynb": b"1"})) == {
        "bomb.ipynb": "larger than 0 MB",
        "good.ipynb": "",
    }
    monkeypatch.setattr(files, "MAX_FILES", 2)
    with pytest.raises(SubmissionError, match="zip bomb"):
        names(download({f"{n}.ipynb": b"1" for n in range(3)}))


def test_damaged_and_encrypted_files_do_not_stop_the_others(download):
    path = download({"a.ipynb": b"1" * 100, "b.ipynb": b"2"})
    raw = bytearray(path.read_bytes())
    place = raw.index(b"a.ipynb") + len("a.ipynb")
    raw[place : place + 4] = b"\xff\xff\xff\xff"
    path.write_bytes(raw)
    found = names(path)
    assert found["a.ipynb"].startswith("damaged")
    assert found["b.ipynb"] == ""
    raw = bytearray(download({"c.ipynb": b"1"}).read_bytes())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # flags of the two headers
        raw[raw.index(signature) + place] |= 1
    path.write_bytes(raw)
    assert names(path) == {"c.ipynb": "encrypted"}


def test_what_is_no_download_is_said(tmp_path):
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(SubmissionError, match=r"text\.zip is neither"):
        list(read_files(tmp_path / "text.zip"))
    with pytest.raises(SubmissionError, match="is not there"):
        list(read_files(tmp_path / "nothing"))
