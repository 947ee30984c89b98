"""Using up memory, disk and output."""

import pytest

from grader.checks.student import CallFailed, Stopped
from grader.exercises import Unit
from grader.grading import SourceCell, grade
from grader.sandbox import Limits
from tests.hostile.attack import said

NOT_ENOUGH = ("MemoryError", "numpy.core._exceptions", "_ArrayMemoryError", "OSError: [Errno 12]")

MEMORY = {
    "an array": "import numpy as np\nkept = np.ones(3 << 27)",
    "many arrays": "import numpy as np\nkept = [np.ones(1 << 20) for _ in range(1000)]",
    "text": "kept = 'x' * (3 << 30)",
    "lists": "kept = []\nwhile True: kept.append([0] * 100_000)",
    "a number": "kept = 1 << (8 << 32)",
    "a map of memory": "kept = mmap.mmap(-1, 3 << 30)",
    "shared memory": "kept = mmap.mmap(-1, 3 << 30, mmap.MAP_SHARED)",
    "the C library": "1 / (ctypes.CDLL(None).malloc(ctypes.c_size_t(3 << 30)) != 0)",
    "an evil hash": "kept = {n: [0] * 1000 for n in range(10 ** 9)}",
}


@pytest.mark.parametrize("way", MEMORY)
def test_memory_is_limited_against(way, confined):
    told = said(confined, MEMORY[way], memory=384 << 20)
    assert told.startswith((*NOT_ENOUGH, "ZeroDivisionError", "stopped: memory"))
    assert said(confined, "print('the next one')") == "the next one"


def test_with_more_memory_the_same_cell_runs(confined):
    """Address space that nobody touches costs nothing, so that this is safe to try."""
    source = "import numpy as np; print(np.empty(3 << 30, np.uint8).size)"
    assert said(confined, source).startswith(NOT_ENOUGH)
    assert said(confined, source, memory=8 << 30) == str(3 << 30)


def test_the_limit_cannot_be_raised(confined):
    source = """
import resource
soft, hard = resource.getrlimit(resource.RLIMIT_AS)
print(soft == hard == 1 << 30)
resource.setrlimit(resource.RLIMIT_AS, (hard << 1, hard << 1))
"""
    assert said(confined, source).startswith(
        ("PermissionError", "ValueError: not allowed to raise")
    )


def test_recursion_without_end_is_an_error_of_the_cell(confined):
    assert said(confined, "def f(): return f()\nf()").startswith("RecursionError")


def test_recursion_that_breaks_the_stack_ends_the_submission_alone(confined):
    deep = "x = ()\nfor _ in range(10**6): x = (x,)\nhash(x)"
    assert said(confined, deep) == "stopped: exit: SIGSEGV"
    assert said(confined, "print('the next one')") == "the next one"


DISK = """
place = os.environ['HOME'] + '/file'
with open(place, 'wb') as file:
    for _ in range(64):
        file.write(bytes(1 << 20))
print('written', os.path.getsize(place) >> 20)
"""
FILES = """
for number in range(5000):
    open(os.environ['HOME'] + f'/{number}', 'x').close()
print('made')
"""


def test_disk_is_limited(confined):
    told = said(confined, DISK)
    if confined.level == "full":
        assert told.startswith(
            ("OSError: [Errno 27]", "OSError: [Errno 28]")
        )  # too large, no space
    else:
        assert told.startswith("PermissionError")


def test_the_number_of_files_is_limited(confined):
    told = said(confined, FILES)
    assert told.startswith("OSError: [Errno 28]" if confined.level == "full" else "PermissionError")


def test_with_a_higher_limit_the_same_file_is_written(confined):
    """At level landlock there is no place to write, whatever the limit."""
    told = said(confined, DISK, files=128 << 20)
    assert told == "written 64" if confined.level == "full" else told.startswith("PermissionError")


def test_undefended_any_number_of_files_is_made(unconfined):
    assert said(unconfined, FILES) == "made"


OUTPUT = {
    "one print": "print('x' * 200_000_000)",
    "many prints": "for _ in range(200_000): print('x' * 100)",
    "on stderr": "print('x' * 10_000_000, file=sys.stderr)",
    "the descriptor": "os.write(1, b'x' * 10_000_000)",
    "displays": "for n in range(2_000): display(n)",
    "a large display": "display('x' * 10_000_000)",
    "a large page": "from IPython.display import HTML\nHTML('x' * 10_000_000)",
    "a large picture": "from IPython.display import Image\nImage(b'x' * 10_000_000, format='png')",
    "a large error": "raise ValueError('x' * 10_000_000)",
    "a deep error": "def f(n): return f(n - 1) if n else 1 / 0\nf(900)",
}


@pytest.mark.parametrize("way", OUTPUT)
def test_output_is_limited_against(way, confined):
    with confined.session() as session:
        result = session.run_cell("import os, sys\n" + OUTPUT[way])
    assert len(repr(result.outputs)) < 1_500_000
    assert len(result.outputs) <= 1000


def test_what_all_cells_show_together_is_limited(confined):
    """A notebook may have thousands of them, and the judge keeps what they show."""
    source = (
        "print('x' * 9000)\nfrom IPython.display import Image\nImage(b'x' * 7000, format='png')"
    )
    cells = [SourceCell(index, None, source) for index in range(20)]
    graded = grade(Unit("16_unit"), {}, cells, confined, Limits(output=10_000, figures=10_000))
    kept = [index for index in range(20) if graded.outputs[index][0]["text"].startswith("xxx")]
    assert kept == [0, 1, 2, 3]
    assert graded.outputs[19][0]["text"].startswith("[Not kept")


def test_with_a_higher_limit_the_same_output_is_kept(confined):
    with confined.session(Limits(output=3_000_000)) as session:
        result = session.run_cell("for _ in range(20_000): print('x' * 100)")
    assert len(result.outputs[0]["text"]) == 2_020_000


RETURNED = """
import numpy as np
def large(): return np.ones(9 << 20)
def endless_view(): return np.lib.stride_tricks.as_strided(np.ones(1), (1 << 40,), (0,))
def broadcast(): return np.broadcast_to(np.ones(1), (1 << 20, 1 << 20))
def many(): return tuple(np.ones(1) for _ in range(10_000))
def nest():
    kept = ()
    for _ in range(10_000): kept = (kept,)
    return kept
def text(): return 'x' * 100_000_000
def cycle():
    kept = []
    kept.append(kept)
    return kept
def fan():
    kept = [object() for _ in range(64)]
    for _ in range(3): kept = [kept] * 64
    return kept
"""


@pytest.mark.parametrize(
    "name", ["large", "endless_view", "broadcast", "many", "nest", "cycle", "fan"]
)
def test_a_value_that_is_too_large_is_an_error_of_its_call(name, confined):
    from grader.checks.student import BadValue

    with confined.session() as session:
        session.run_cell(RETURNED)
        with pytest.raises((BadValue, CallFailed)):
            session.student.get(name)()
        assert session.run_cell("1").ok


def test_long_text_is_cut(confined):
    with confined.session() as session:
        session.run_cell(RETURNED)
        assert len(session.student.get("text")()) == 10_000


def test_a_larger_limit_lets_a_larger_array_through(confined):
    with confined.session(Limits(reply=80 << 20)) as session:
        session.run_cell(RETURNED)
        assert session.student.get("large")().size == 9 << 20


def test_bombs_in_calls_leave_the_judge_alone(confined):
    with confined.session(Limits(memory=512 << 20)) as session:
        session.run_cell("kept = []\ndef grow():\n    while True: kept.append(bytearray(1 << 20))")
        with pytest.raises((CallFailed, Stopped), match=r"Memory|memory"):
            session.student.get("grow")()
