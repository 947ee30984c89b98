"""What Landlock leaves of the file system, seen by a process that restricts itself."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox.inside import landlock

RESTRICTED = """
import errno, os, sys
from grader.sandbox.inside import landlock
root = sys.argv[1]
landlock.restrict({
    landlock.LIST: [root], landlock.READ: [f"{root}/read", f"{root}/one", f"{root}/absent"],
    landlock.WRITE: [f"{root}/write"],
})
try:
    exec(sys.argv[2])
    print("done")
except OSError as error:
    print(errno.errorcode[error.errno])
"""


@pytest.fixture
def outcome(tmp_path: Path) -> object:
    if not landlock.version():
        pytest.skip("the kernel has no Landlock")
    for folder in ("read", "write", "closed"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_text("text")
    (tmp_path / "one").write_text("text")

    def run(attempt: str) -> str:
        command = [sys.executable, "-c", RESTRICTED, str(tmp_path), attempt]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    return run


@pytest.mark.parametrize(
    "allowed",
    [
        "open(f'{root}/read/file').read()",
        "os.listdir(f'{root}/read')",
        "open(f'{root}/one').read()",
        "os.listdir(root)",
        "os.listdir(f'{root}/closed')",  # names only
        "open(f'{root}/write/new', 'w').write('x')",
        "open(f'{root}/write/file', 'w')",
        "os.remove(f'{root}/write/file')",
        "os.mkdir(f'{root}/write/folder')",
        "os.rename(f'{root}/write/file', f'{root}/write/other')",
        "os.stat(f'{root}/closed/file')",  # as said in the docstring
    ],
)
def test_what_is_listed_can_be_used(outcome, allowed: str) -> None:
    assert outcome(allowed) == "done"


@pytest.mark.parametrize(
    "refused",
    [
        "open(f'{root}/closed/file').read()",
        "open('/etc/passwd').read()",
        "os.listdir('/')",
        "open('/proc/self/status').read()",
        "open(f'{root}/read/file', 'w')",
        "open(f'{root}/read/new', 'w')",
        "open(f'{root}/one', 'a')",
        "os.truncate(f'{root}/read/file', 0)",
        "os.remove(f'{root}/read/file')",
        "os.mkdir(f'{root}/read/folder')",
        "os.symlink('/etc', f'{root}/write/link')",
        "os.mkfifo(f'{root}/write/pipe')",
    ],
)
def test_everything_else_is_refused(outcome, refused: str) -> None:
    assert outcome(refused) == errno.errorcode[errno.EACCES]


def test_a_link_out_of_a_writable_folder_leads_nowhere(outcome, tmp_path: Path) -> None:
    (tmp_path / "write" / "link").symlink_to(tmp_path / "closed" / "file")
    assert outcome("open(f'{root}/write/link').read()") == "EACCES"


def test_a_file_cannot_be_moved_out_of_what_is_closed(outcome) -> None:
    moved = outcome("os.rename(f'{root}/closed/file', f'{root}/write/got')")
    assert moved in ("EACCES", "EXDEV")
