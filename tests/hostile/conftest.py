"""Attacks run at each level that isolates (`confined`), and without isolation to show that they bite.

As root, `test_as_an_ordinary_user.py` runs all of them a second time as somebody else.
"""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox import Level, SandboxUnavailable, Zygote
from tests.hostile.attack import MARK, is_root

collect_ignore = [] if is_root() else ["test_as_an_ordinary_user.py"]


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge holds something that a submission must not see."""
    monkeypatch.setenv("GRADER_SECRET", MARK)


def warm_with_secret(level: Level) -> Zygote:
    """A warm process whose judge held the secret when it started."""
    with pytest.MonkeyPatch.context() as patch:  # other folders' tests have no such secret
        patch.setenv("GRADER_SECRET", MARK)
        return Zygote(level)


@pytest.fixture(scope="package", params=["full", "landlock"])
def confined(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    """At each level that isolates."""
    try:
        warm = warm_with_secret(request.param)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with warm:
        yield warm


@pytest.fixture(scope="package")
def unconfined() -> Iterator[Zygote]:
    """Without isolation, for attacks that do no harm."""
    with warm_with_secret("none") as warm:
        yield warm


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in which permissions alone would let anybody read and write."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        place.chmod(0o777)
        yield place


@pytest.fixture
def hidden(folder: Path) -> Path:
    """A file that a submission must not see."""
    path = folder / "key.py"
    path.write_text(MARK)
    path.chmod(0o666)
    return path


@pytest.fixture
def judge() -> int:
    """The number of this process."""
    return os.getpid()
