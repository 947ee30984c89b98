"""Reading and changing files: keys, hidden tests, the gradebook, other submissions, the system's."""

import os
from pathlib import Path

import pytest

from grader.course import PROJECT
from grader.sandbox.plan import DEVICES
from tests.hostile.attack import MARK, REFUSED, said

READING = {
    "open": "open(path).read()",
    "the system call": "os.read(os.open(path, os.O_RDONLY), 100)",
    "the C library": "os.read(ctypes.CDLL(None).open(path.encode(), 0), 100)",
    "numpy": "bytes(__import__('numpy').fromfile(path, 'u1'))",
    "a memory map": "mmap.mmap(os.open(path, 0), 0, prot=mmap.PROT_READ)[:]",
    "its folder": "os.read(os.open('key.py', 0, dir_fd=os.open(os.path.dirname(path), os.O_PATH)), 100)",
    "a handle without rights": "open(f'/proc/self/fd/{os.open(path, os.O_PATH)}').read()",
    "the root of a process": "open('/proc/self/root' + path).read()",
    "a link": "os.symlink(path, home + '/soft') or open(home + '/soft').read()",
    "a hard link": "os.link(path, home + '/hard') or open(home + '/hard').read()",
    "moving it": "os.rename(path, home + '/got') or open(home + '/got').read()",
    "another program": "subprocess.check_output(['cat', path])",
    "importing it": "__import__('runpy').run_path(path)",
    "a listing": "os.listdir(os.path.dirname(path)) and open(path).read()",
}


def reading(way: str, path: Path) -> str:
    return f"path, home = {str(path)!r}, os.environ['HOME']\nprint({READING[way]})"


@pytest.mark.parametrize("way", READING)
def test_a_hidden_file_cannot_be_read_by(way, confined, hidden):
    told = said(confined, reading(way, hidden))
    assert MARK not in told
    assert told.startswith((*REFUSED, "OSError: [Errno 9]"))  # 9: the C library gave -1, no file
    assert hidden.read_text() == MARK


@pytest.mark.parametrize("way", [way for way in READING if way != "importing it"])
def test_undefended_it_is_read_by(way, unconfined, hidden):
    assert MARK in said(unconfined, reading(way, hidden))


PLACES = [
    "/etc/passwd",
    "/etc/hostname",
    "/proc/1/environ",
    "/sys/kernel",
    "/var/log",
    "/dev/shm",
    PROJECT / "solutions" / "06_backpropagation" / "key.py",
    PROJECT / "tests" / "conftest.py",
    PROJECT / "grader" / "grading.py",
    PROJECT / "gradebook.db",
    Path.home(),
    PROJECT,
]


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_places_that_are_the_same_on_every_machine_are_closed(place, confined):
    source = f"place = {str(place)!r}\nprint(os.listdir(place) if os.path.isdir(place) else open(place).read())"
    assert said(confined, source).startswith(REFUSED)


CHANGING = {
    "writing": "open(path, 'w').write('x')",
    "appending": "open(path, 'a').write('x')",
    "truncating": "os.truncate(path, 0)",
    "truncating by opening": "os.open(path, os.O_RDONLY | os.O_TRUNC)",
    "deleting": "os.remove(path)",
    "renaming": "os.rename(path, path + '.old')",
    "replacing": "open(path + '.new', 'w').write('x'); os.replace(path + '.new', path)",
    "permissions": "os.chmod(path, 0o444)",
    "its time, said to be done": "os.utime(path, (0, 0))",
    "its time, to now": "os.utime(path)",
    "a file beside it": "open(path + '.new', 'w')",
    "a folder beside it": "os.mkdir(path + '.d')",
    "a pipe beside it": "os.mkfifo(path + '.pipe')",
    "an attribute": "os.setxattr(path, 'user.x', b'')",
}


def picture(folder: Path) -> dict[str, tuple[int, float, str | bool]]:
    """Everything in a folder: permissions, time, content."""
    return {
        path.name: (path.stat().st_mode, path.stat().st_mtime, path.is_file() and path.read_text())
        for path in folder.iterdir()
    }


@pytest.mark.parametrize("way", CHANGING)
def test_a_foreign_file_cannot_be_changed_by(way, confined, hidden):
    before = picture(hidden.parent)
    told = said(confined, f"path = {str(hidden)!r}\n{CHANGING[way]}")
    assert told == "" if way.endswith("said to be done") else told.startswith(REFUSED)
    assert picture(hidden.parent) == before


@pytest.mark.parametrize("way", [way for way in CHANGING if way != "an attribute"])
def test_undefended_it_is_changed_by(way, unconfined, hidden):
    before = picture(hidden.parent)
    said(unconfined, f"path = {str(hidden)!r}\n{CHANGING[way]}")
    assert picture(hidden.parent) != before


@pytest.mark.parametrize("device", DEVICES)
def test_the_date_of_a_device_cannot_be_changed(device, confined):
    """Whoever may write to it may set it, and the next submission would read it."""
    before = Path(device).stat()
    assert said(confined, f"os.utime({device!r})").startswith(REFUSED)
    assert said(confined, f"os.utime({device!r}, ns=(1, 1))") == ""
    assert said(confined, f"os.utime(open({device!r}, 'wb').fileno(), (0, 0))") == ""
    seen = f"import os\ns = os.stat({device!r})\nprint(min(s.st_mtime, s.st_atime) > 1)"
    assert said(confined, seen) == "True"
    after = Path(device).stat()
    assert (after.st_mtime, after.st_atime > 1) == (before.st_mtime, True)
    assert said(confined, f"print(open({device!r}, 'wb').write(b'x'))") == "1"


def test_files_are_copied_and_touched(confined):
    """Copying sets dates; it says that it did, and does nothing."""
    source = (
        "import os, pathlib, shutil\nos.chdir(os.environ['HOME'])\n"
        "pathlib.Path('a').write_text('x')\nshutil.copy2('a', 'b')\nshutil.copytree('.', 'c')\n"
        "pathlib.Path('d').touch()\nprint(*sorted(os.listdir()), open('c/b').read())"
    )
    told = said(confined, source)
    if confined.level == "full":
        assert told == "a b c d x"
    else:  # there is no place to write
        assert told.startswith(REFUSED)


ATTRIBUTE = "print(os.getxattr(path, 'user.x'))"


def attributed(path: Path) -> str:
    try:
        os.setxattr(path, "user.x", MARK.encode())
    except OSError:
        pytest.skip("this file system has no attributes of users")
    return f"path = {str(path)!r}\n{ATTRIBUTE}"


def test_the_attributes_of_a_hidden_file_cannot_be_read(confined, hidden):
    assert said(confined, attributed(hidden)).startswith(REFUSED)


def test_undefended_they_are_read(unconfined, hidden):
    assert MARK in said(unconfined, attributed(hidden))


def test_the_environment_of_python_cannot_be_changed(confined):
    import numpy as np

    assert said(confined, f"open({np.__file__!r}, 'a')").startswith(
        ("PermissionError", "OSError: [Errno 30]")
    )


def test_what_is_not_covered_a_known_name_can_be_asked_about_at_level_landlock(confined, hidden):
    """As README.md says; at level full the file is not there."""
    told = said(confined, f"print(os.stat({str(hidden)!r}).st_size)")
    assert told == str(len(MARK)) if confined.level == "landlock" else told.startswith(REFUSED)
