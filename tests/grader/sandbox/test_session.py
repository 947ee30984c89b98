"""Cells: outputs in nbformat's form, limits, and what a submission dies of."""

import time
from typing import Any

import nbformat
import pytest

from grader.checks.student import CallFailed, Stopped
from grader.errors import SandboxError
from grader.sandbox import CellResult, Limits, Session, Zygote


def shown(result: CellResult) -> str:
    """All text of the outputs of a cell."""
    return "".join(
        o.get("text", "") + o.get("data", {}).get("text/plain", "") for o in result.outputs
    )


def as_notebook(outputs: list[dict[str, Any]]) -> None:
    """Raise unless nbformat accepts the outputs as those of a code cell."""
    cell = nbformat.v4.new_code_cell("", outputs=outputs, execution_count=1)
    nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))


def test_outputs_of_every_kind_are_valid_nbformat(session: Session) -> None:
    source = """
import sys
print("to stdout")
print("to stderr", file=sys.stderr)
display({"a": 1})
41 + 1
"""
    result = session.run_cell(source)
    as_notebook(result.outputs)
    assert result.ok
    assert result.error is None
    kinds = [(o["output_type"], o.get("name")) for o in result.outputs]
    assert kinds == [("stream", "stdout"), ("stream", "stderr"), ("display_data", None),
                     ("execute_result", None)]  # fmt: skip
    assert result.outputs[-1]["data"] == {"text/plain": "42"}


def test_an_exception_is_an_error_output_and_the_next_cell_still_runs(session: Session) -> None:
    result = session.run_cell("kept = 1\n1 / 0")
    as_notebook(result.outputs)
    assert not result.ok
    assert result.error == "ZeroDivisionError: division by zero"
    (error,) = result.outputs
    assert error["ename"] == "ZeroDivisionError"
    assert any("1 / 0" in line for line in error["traceback"])
    assert "\x1b" not in "".join(error["traceback"])
    assert shown(session.run_cell("kept")) == "1"


def test_of_a_recursion_without_end_both_ends_are_shown(session: Session) -> None:
    result = session.run_cell("def start(): return again()\ndef again(): return again()\nstart()")
    (error,) = result.outputs
    text = "\n".join(error["traceback"])
    assert "start()" in text
    assert "again()" in text
    assert "RecursionError: maximum recursion depth exceeded" in text
    frames = session.run_cell(
        "import sys, traceback\nlen(traceback.extract_tb(sys.last_traceback))"
    )
    assert int(shown(frames)) == 20


def test_a_syntax_error_is_an_error_output(session: Session) -> None:
    result = session.run_cell("def")
    assert not result.ok
    assert result.outputs[0]["ename"] == "SyntaxError"


def test_plain_python_and_what_only_ipython_understands_run_alike(session: Session) -> None:
    assert session.run_cell("%timeit -n1 -r1 pass\nx = %pwd\n").ok
    assert session.run_cell("import asyncio\nasync def f(): return 3\nawait f()").outputs[0][
        "data"
    ] == {"text/plain": "3"}
    assert session.run_cell(
        "In [1]: 4\n"
    ).ok  # a prompt that was copied along, and an annotation too
    assert session.run_cell("  x = 5\n  x").outputs[0]["data"] == {"text/plain": "5"}


def test_text_beyond_the_limit_is_cut_off_with_a_note(zygote: Zygote) -> None:
    with zygote.session(Limits(output=100)) as session:
        text = shown(session.run_cell("for _ in range(1000): print('x' * 50)"))
        assert text.count("x") <= 100
        assert text.endswith("[Output cut off here. / 出力はここで打ち切られました。]\n")
        assert shown(session.run_cell("print('a new cell has new room')")).startswith("a new cell")


def test_figures_are_pictures(session: Session) -> None:
    source = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    (picture,) = session.run_cell(source).outputs
    as_notebook([picture])
    assert picture["data"]["image/png"].startswith("iVBOR")


def test_figures_beyond_the_limit_are_left_out_with_a_note(zygote: Zygote) -> None:
    with zygote.session(Limits(figures=100)) as session:
        result = session.run_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
        assert result.ok
        assert not any("image/png" in output.get("data", {}) for output in result.outputs)
        assert "[A figure or display was left out: too large." in shown(result)


@pytest.mark.parametrize(
    "source", ["!ls", "files = !ls", "%%bash\nls", "%system ls", "%pip install x"]
)
def test_shell_commands_are_refused_with_a_reason(session: Session, source: str) -> None:
    result = session.run_cell(source)
    assert not result.ok
    assert "Shell commands do not run while grading." in str(result.error)


def test_input_raises_at_once(session: Session) -> None:
    result = session.run_cell("name = input('Your name? ')")
    assert "input() has nobody to ask while grading" in str(result.error)


@pytest.mark.parametrize("source", ["exit()", "quit()"])
def test_exit_ends_neither_the_cell_nor_the_notebook(session: Session, source: str) -> None:
    assert session.run_cell(source).ok
    assert session.run_cell("1").ok


def test_random_numbers_without_a_seed_are_the_same_in_every_run(zygote: Zygote) -> None:
    source = "import random, numpy as np\nprint(random.random(), np.random.rand(), hash('text'))"
    seen = set()
    for _ in range(2):
        with zygote.session(Limits()) as session:
            seen.add(shown(session.run_cell(source)))
    assert len(seen) == 1


def test_garbage_is_collected_and_open_is_pythons_own(session: Session) -> None:
    """The warm process loads without collecting; and IPython's `open` would stand in every traceback."""
    result = session.run_cell("import gc\nprint(gc.isenabled())\nopen('no such file')")
    assert shown(result).startswith("True")
    assert "FileNotFoundError" in str(result.error)
    assert "IPython" not in "".join(result.outputs[-1]["traceback"])


def test_sessions_see_nothing_of_each_other(zygote: Zygote) -> None:
    with zygote.session(Limits()) as one, zygote.session(Limits()) as other:
        one.run_cell("secret = 1")
        assert not other.run_cell("secret").ok


ENDLESS = "while True: pass"


def test_an_endless_cell_is_stopped_and_stays_stopped(zygote: Zygote) -> None:
    with zygote.session(Limits(cell=0.2)) as session:
        with pytest.raises(Stopped) as first:
            session.run_cell(ENDLESS)
        assert (first.value.reason, first.value.detail) == ("time", "0.2 s")
        with pytest.raises(Stopped) as later:
            session.student.get("anything")
        assert (later.value.reason, later.value.detail) == ("time", "0.2 s")


def test_cells_are_sent_ahead_and_one_that_stops_the_process_keeps_what_came_before(
    zygote: Zygote,
) -> None:
    with zygote.session(Limits(cell=0.3)) as session:
        results = session.run_cells(["x = 1", "x + 1", ENDLESS, "x"])
        assert next(results).ok
        assert next(results).outputs[0]["data"] == {"text/plain": "2"}
        with pytest.raises(Stopped, match="time"):
            next(results)


def test_each_cell_has_its_own_time(zygote: Zygote) -> None:
    with zygote.session(Limits(cell=0.6)) as session:
        session.run_cell("import time")
        assert all(result.ok for result in session.run_cells(["time.sleep(0.25)"] * 4))


def test_a_lot_is_sent_and_read_without_anybody_waiting_for_the_other(session: Session) -> None:
    """More in both directions than a socket holds."""
    source = "x = 1  # " + 100_000 * "-" + "\nprint(100_000 * 'x')"
    results = list(session.run_cells([source] * 8))
    assert all(len(shown(result)) == 100_001 for result in results)


def test_one_check_is_limited_by_the_limit_around_it(session: Session) -> None:
    session.run_cell("def slow():\n    while True: pass\ndef fast(): return 1")
    with session.limit(1):
        assert session.student.get("fast")() == 1
        with pytest.raises(Stopped) as stopped:
            session.student.get("slow")()
    assert stopped.value.detail == "1 s"


def test_calls_inside_one_limit_share_it(session: Session) -> None:
    session.run_cell("import time")
    nap = session.student.get("time").get("sleep")
    with session.limit(0.5), pytest.raises(Stopped, match="time"):  # noqa: PT012
        for _ in range(20):
            nap(0.1)


def test_the_time_of_the_judge_costs_the_student_nothing(zygote: Zygote) -> None:
    with zygote.session(Limits(total=2)) as session, session.limit(1.5):
        session.run_cell("x = 1")
        time.sleep(2.1)
        assert session.student.get("x") == 1


def test_the_whole_submission_is_limited(zygote: Zygote) -> None:
    with zygote.session(Limits(total=0.5)) as session, pytest.raises(Stopped) as stopped:  # noqa: PT012
        for _ in range(20):
            session.run_cell("import time; time.sleep(0.1)")
    assert (stopped.value.reason, stopped.value.detail) == ("time", "0.5 s")


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        ("import os; os._exit(3)", "exit status 3"),
        ("import os; os.abort()", "SIGABRT"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.close(3); import time; time.sleep(60)", "the connection was closed"),
    ],
)
def test_a_submission_that_ends_itself_is_stopped(
    session: Session, source: str, detail: str
) -> None:
    with pytest.raises(Stopped) as stopped:
        session.run_cell(source)
    assert (stopped.value.reason, stopped.value.detail) == ("exit", detail)


def test_memory_is_limited_and_the_error_is_an_ordinary_one(zygote: Zygote) -> None:
    with zygote.session(Limits(memory=512 << 20)) as session:
        result = session.run_cell("import numpy as np\nnp.ones(1 << 27)")
        assert "MemoryError" in str(result.error)
        session.run_cell("def big(): return np.ones(1 << 27)")
        with pytest.raises(CallFailed, match="MemoryError"):
            session.student.get("big")()
        assert session.run_cell("1").ok


def test_a_child_without_memory_to_answer_is_stopped_for_memory(session: Session) -> None:
    with pytest.raises(Stopped) as stopped:  # noqa: PT012
        session.run_cell("def fail(*args): raise MemoryError\nimport sys\nget_ipython().run = fail")
        session.run_cell("1")
    assert stopped.value.reason == "memory"


def test_a_closed_session_says_so(zygote: Zygote) -> None:
    with zygote.session(Limits()) as session:
        pass
    with pytest.raises(Stopped, match="the session is closed"):
        session.run_cell("1")


@pytest.mark.parametrize("wrong", [{"cell": 0.0}, {"memory": -1}, {"total": float("nan")}])
def test_limits_are_positive(wrong: dict[str, Any]) -> None:
    with pytest.raises(SandboxError, match="A limit is a positive number; got"):
        Limits(**wrong)


def test_memory_has_a_floor() -> None:
    with pytest.raises(SandboxError, match="at least 256 MiB of memory to load NumPy"):
        Limits(memory=1 << 20)


def test_limits_by_name_are_of_their_kinds() -> None:
    limits = Limits.of({"cell": 60, "memory": 2.0**31})
    assert (limits.cell, limits.memory, limits.check) == (60.0, 1 << 31, Limits().check)
    assert type(limits.memory) is int
    with pytest.raises(
        SandboxError, match=r"There is no limit time\. Limits are: cell, check, total"
    ):
        Limits.of({"time": 3})


def test_the_most_memory_that_it_held_is_known_afterwards(zygote: Zygote) -> None:
    held = []
    for source in ("pass", "x = np.ones(8_000_000); del x"):
        with zygote.session(Limits()) as session:
            session.run_cell("import numpy as np")
            assert session.run_cell(source).ok
            assert session.memory == 0  # as long as it runs
        held.append(session.memory)
    small, large = held
    assert 50e6 < large - small < 90e6
