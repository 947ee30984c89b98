"""How fast a class is graded: `grader grade` against stock nbgrader and against the limit.

Run it on a quiet machine:

    python benchmarks/grading.py               # 100 submissions of unit 06; stock nbgrader takes minutes
    python benchmarks/grading.py --students 20 --large 0 --json FILE

All graders grade the same submissions on the same machine in one run, interleaved: the submissions are cut
into rounds, and each grader does a round in turn. Stock means nbgrader's own execution step. Each command
is timed whole, from its start to its end, gradebook and graded notebooks included. The limit is what no
grader can beat: the same cells and checks by exec in one warm process, without isolation, without records.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import contextlib
import io
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from grader.bundles import stripped
from grader.checks import LocalStudent, judge
from grader.course import CONFIG, Course
from grader.demo import demo_course, make_class, pupils
from grader.engine import grade_unit
from grader.engine.answers import cells_to_run
from grader.engine.judge import fixed_cells
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.exercises.release import register
from grader.gradebook import auto_scores
from grader.grading import hidden_cases, isolation
from grader.sandbox import Limits
from grader.submission import load

UNIT = "06_backpropagation"
BIN = Path(sys.executable).parent
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
STOCK = 'c.Autograde.pop("autograde_preprocessors", None)\nc.Execute.timeout = 60\n'
FASTEST = "--Execute.shutdown_kernel=immediate"
ENDLESS = "endless-loop"  # costs every grader its time limit, which measures the limit


def make_course(root: Path, students: int, stock: bool) -> Course:
    """A course with so many submissions: the synthetic class again and again."""
    course = demo_course(root)
    for product in products(course, UNIT):
        product.write()
    unit = load_unit(course.key(UNIT))
    make_class(course, unit, [pupil for pupil in pupils(unit) if pupil.id != ENDLESS])
    (root / "students.csv").unlink()
    kinds = sorted((root / "submitted").iterdir())
    for number in range(students):
        shutil.copytree(kinds[number % len(kinds)], root / "submitted" / f"s{number:04}")
    for kind in kinds:
        shutil.rmtree(kind)
    if stock:
        with (root / CONFIG).open("a") as config:
            config.write(STOCK)
    register(course, UNIT)
    return course


def timed(*commands: list[str], course: Course) -> float:
    """Seconds that the commands take, run at the same time."""
    started = time.perf_counter()
    running = [
        subprocess.Popen(command, cwd=course.root, env=ENVIRONMENT, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL) for command in commands
    ]  # fmt: skip
    for process in running:
        process.wait()
    return time.perf_counter() - started


def nbgrader(course: Course, names: list[str], *options: str) -> list[str]:
    """The command that grades these students in nbgrader's own way."""
    others = {path.name for path in (course.root / "submitted").iterdir()} - {*names}
    skip = f"--CourseDirectory.student_id_exclude={','.join(sorted(others))}"
    return [str(BIN / "nbgrader"), "autograde", UNIT, "--force", skip, *options]


def grader(names: list[str], *options: str) -> list[str]:
    """The command that grades these students our way."""
    who = [part for name in names for part in ("--student", name)]
    return [str(BIN / "grader"), "grade", UNIT, "--quiet", "--force", *who, *options]


class Limit:
    """The same cells and checks in one warm process."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.unit = load_unit(course.key(UNIT))
        self.cases = hidden_cases(self.unit, course.secret())
        self.fixed = fixed_cells(course, self.unit)

    def __call__(self, student: str) -> float:
        """Seconds for one submission."""
        started = time.perf_counter()
        notebook = load(self.course.submitted(student, UNIT) / f"{UNIT}.ipynb")
        names = {"__name__": "__main__"}
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            for cell in cells_to_run(self.unit, notebook, self.fixed)[0]:
                with contextlib.suppress(Exception):
                    exec(compile(cell.source, "<ipykernel>", "exec"), names)
            student_ = LocalStudent(names)
            for exercise in self.unit.exercises.values():
                for check in exercise.checks:
                    judge(
                        check.check, student_, exercise.name, self.cases[exercise.grade_id(check)]
                    )
        return time.perf_counter() - started


def sandbox_alone(course: Course, repeats: int = 30) -> float:
    """Seconds to start, lock down, use once and end the process of a submission; the median."""
    times = []
    with isolation(False, stripped(course, UNIT)) as zygote:
        for _ in range(repeats):
            started = time.perf_counter()
            with zygote.session(Limits()) as session:
                session.run_cell("1")
            times.append(time.perf_counter() - started)
    return statistics.median(times)


def large_class(root: Path, students: int) -> dict[str, float]:
    """Memory of this process and throughput along a large class; one worker against two."""
    course = make_course(root, students, stock=False)
    names = sorted(path.name for path in (root / "submitted").iterdir())
    stamps, memory = [time.perf_counter()], []
    for _ in track(grade_unit(course, UNIT, names, limits=Limits()), "large class", students):
        stamps.append(time.perf_counter())
        memory.append(int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize())
    tenth = max(1, students // 10)
    rate = {k: tenth / (stamps[k + tenth] - stamps[k]) for k in (tenth, students - tenth)}
    some = names[: min(200, students)]
    one, two = (timed(grader(some, "--workers", str(count)), course=course) for count in (1, 2))
    return {
        "first_per_second": rate[tenth], "last_per_second": rate[students - tenth],
        "memory_growth_MB": (memory[-1] - memory[tenth]) / 2**20,
        "two_workers_over_one": one / two,
    }  # fmt: skip


def rounds(names: list[str], size: int) -> list[list[str]]:
    """The submissions in rounds of that size."""
    return [names[start : start + size] for start in range(0, len(names), size)]


def compare(root: Path, students: int, size: int) -> dict[str, float]:
    """Seconds a submission for each grader, and whether the marks are the same."""
    ours = make_course(root / "ours", students, stock=False)
    stock = make_course(root / "stock", students, stock=True)
    fast = make_course(root / "fast", students, stock=True)
    names = sorted(path.name for path in (ours.root / "submitted").iterdir())
    limit = Limit(ours)
    limit(names[0])
    spent: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        spent.setdefault(name, []).append(seconds)

    for some in track(rounds(names, size), "rounds"):
        half = len(some) // 2
        note("nbgrader, 1 process", timed(nbgrader(stock, some), course=stock))
        note("nbgrader, 2 processes, immediate", timed(
            nbgrader(fast, some[:half], FASTEST), nbgrader(fast, some[half:], FASTEST),
            course=fast))  # fmt: skip
        note("grader, 1 worker", timed(grader(some, "--workers", "1"), course=ours))
        note("grader", timed(grader(some), course=ours))
        note("limit", sum(limit(name) for name in some))
    started = time.perf_counter()
    for _ in grade_unit(ours, UNIT, names, limits=Limits(), force=True):
        pass
    whole = time.perf_counter() - started
    result = {name: sum(seconds) / students for name, seconds in spent.items()}
    result["grader, whole class at once"] = whole / students
    result["same marks"] = float(auto_scores(ours, UNIT) == auto_scores(stock, UNIT))
    return result


@click.command()
@click.option("--students", default=100, show_default=True, help="Submissions to compare on.")
@click.option("--round", "size", default=20, show_default=True, help="Submissions in a round.")
@click.option(
    "--large", default=1000, show_default=True, help="Size of the large class; 0 for none."
)
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures as JSON.")
def main(students: int, size: int, large: int, file: Path | None) -> None:
    """Compare graders on the same submissions."""
    load_before = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        figures = compare(root, students, size)
        figures["sandbox alone"] = sandbox_alone(Course(root / "ours"))
        more = large_class(root / "large", large) if large else {}
    table = Table("", "ms a submission", "of `grader`, whole class", "of the limit")
    same = figures.pop("same marks")
    ours = figures["grader, whole class at once"]
    for name, seconds in figures.items():
        table.add_row(
            name,
            f"{1000 * seconds:.1f}",
            f"{seconds / ours:.1f}",
            f"{seconds / figures['limit']:.1f}",
        )
    console = Console()
    console.print(table)
    console.print(f"same marks in every cell: {bool(same)}")
    for name, value in more.items():
        console.print(f"{name}: {value:.2f}")
    loads = {"load_before": load_before, "load_after": os.getloadavg()}
    console.print(f"load of the machine: {load_before} before, {loads['load_after']} after")
    if file:
        file.write_text(
            json.dumps({"seconds": figures, "same": bool(same), **more, **loads}, indent=1)
        )


if __name__ == "__main__":
    main()
