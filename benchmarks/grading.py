"""How fast a class is graded: `grader grade` against nbgrader, otter-grader and the limit.

Run it on a quiet machine; it prints a table in Markdown:

    python benchmarks/grading.py               # 100 submissions of unit 06; nbgrader's own way takes minutes
    python benchmarks/grading.py --stock 20 --otter 5 --large 0

All graders grade the same submissions on the same machine in one run, interleaved: the submissions are cut
into rounds, and each grader does a round in turn. Each command is timed whole, from its start to its end,
gradebook and graded notebooks included. nbgrader means its own execution step. otter-grader, which is installed
into _build/otter, runs the same cells with one trivial test for each check: what it costs beyond the cells.
The limit is what no grader can beat: the same cells and checks by exec in one warm process, without isolation
and without records.
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
import venv
import zipfile
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)

import click
from rich.console import Console
from rich.progress import track

from grader.bundles import stripped
from grader.checks import LocalStudent, judge
from grader.course import CONFIG, Course
from grader.demo import demo_course, make_class, pupils
from grader.engine import grade_unit
from grader.engine.answers import cells_to_run
from grader.engine.judge import fixed_cells
from grader.exercises import load_unit
from grader.exercises.generate import products
from grader.exercises.insight import Insight
from grader.exercises.release import register
from grader.gradebook import auto_scores
from grader.grading import hidden_cases, isolation
from grader.sandbox import Limits
from grader.submission import load

UNIT = "06_backpropagation"
BIN = Path(sys.executable).parent
OTTER = Path(__file__).resolve().parent.parent / "_build" / "otter"
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
                    exec(
                        compile(cell.source, "<ipykernel>", "exec"), names
                    )  # our own synthetic class
            student_ = LocalStudent(names)
            for exercise in self.unit.exercises.values():
                for check in exercise.checks:
                    cases = self.cases[exercise.grade_id(check)]
                    judge(check.check, student_, exercise.name, cases, Insight(exercise, check))
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
    for _ in track(
        grade_unit(course, UNIT, names, limits=Limits()),
        "large class",
        students,
        console=Console(stderr=True),
    ):
        stamps.append(time.perf_counter())
        memory.append(int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize())
    tenth = max(1, students // 10)
    rate = {k: tenth / (stamps[k + tenth] - stamps[k]) for k in (tenth, students - tenth)}
    one, two = (timed(grader(names, "--workers", str(count)), course=course) for count in (1, 2))
    return {
        "first_per_second": rate[tenth], "last_per_second": rate[students - tenth],
        "memory_growth_MB": (memory[-1] - memory[tenth]) / 2**20,
        "two_workers_over_one": one / two,
    }  # fmt: skip


class Otter:
    """otter-grader on the same cells, in an environment of its own."""

    def __init__(self, course: Course, folder: Path) -> None:
        self.course, self.folder = course, folder
        if not (OTTER / "bin" / "otter").exists():
            venv.create(OTTER, with_pip=True)
            pip = [
                str(OTTER / "bin" / "pip"),
                "install",
                "-q",
                "otter-grader",
                "ipykernel",
                "numpy",
                "matplotlib",
            ]
            subprocess.run(pip, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        folder.mkdir()
        unit = load_unit(course.key(UNIT))
        with zipfile.ZipFile(folder / "autograder.zip", "w") as archive:
            archive.writestr("otter_config.json", "{}")
            for exercise in unit.exercises.values():
                for check in exercise.checks:
                    name = exercise.grade_id(check).replace("-", "_")
                    case = {
                        "code": f">>> callable({exercise.name})\nTrue",
                        "hidden": False,
                        "locked": False,
                    }
                    suites = [
                        {
                            "cases": [case],
                            "scored": True,
                            "setup": "",
                            "teardown": "",
                            "type": "doctest",
                        }
                    ]
                    test = {"name": name, "points": check.points, "suites": suites}
                    archive.writestr(f"tests/{name}.py", f"OK_FORMAT = True\ntest = {test!r}\n")

    def __call__(self, student: str) -> float:
        """Seconds for one submission. CalledProcessError, with what it said, if there is no result."""
        notebook = self.course.submitted(student, UNIT) / f"{UNIT}.ipynb"
        command = [
            str(OTTER / "bin" / "otter"),
            "run",
            "-a",
            "autograder.zip",
            "-o",
            ".",
            str(notebook),
        ]
        packages = {**os.environ, "PYTHONPATH": str(stripped(self.course, UNIT))}
        path = f"{OTTER / 'bin'}{os.pathsep}{os.environ['PATH']}"
        started = time.perf_counter()
        subprocess.run(command, check=True, cwd=self.folder, env={**packages, "PATH": path},
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        return time.perf_counter() - started


def rounds(names: list[str], size: int) -> list[list[str]]:
    """The submissions in rounds of that size."""
    return [names[start : start + size] for start in range(0, len(names), size)]


STOCK_ONE, STOCK_TWO = "nbgrader, one process", "nbgrader, two processes, immediate shutdown"
OTTER_RUN = "otter run"
ONE, OURS, LIMIT = "grader, one worker", "grader", "limit: warm exec in one process"
ALONE = "the sandbox alone"


def compare(
    root: Path, students: int, stock: int, otter: int, size: int
) -> tuple[dict[str, float], bool]:
    """Seconds a submission for each grader, and whether the marks are those of nbgrader."""
    ours = make_course(root / "ours", students, stock=False)
    one = make_course(root / "stock", students, stock=True)
    two = make_course(root / "fast", students, stock=True)
    names = sorted(path.name for path in (ours.root / "submitted").iterdir())
    limit = Limit(ours)
    otter_run = Otter(ours, root / "otter") if otter else None
    limit(names[0])
    spent: dict[str, list[float]] = {}
    counts: dict[str, int] = {}

    def note(name: str, seconds: float, count: int) -> None:
        spent.setdefault(name, []).append(seconds)
        counts[name] = counts.get(name, 0) + count

    for some in track(rounds(names, size), "rounds", console=Console(stderr=True)):
        note(LIMIT, sum(limit(name) for name in some), len(some))
        note(ONE, timed(grader(some, "--workers", "1"), course=ours), len(some))
        note(OURS, timed(grader(some), course=ours), len(some))
        if theirs := [name for name in some if names.index(name) < stock]:
            half = len(theirs) // 2
            note(STOCK_ONE, timed(nbgrader(one, theirs), course=one), len(theirs))
            note(STOCK_TWO, timed(
                nbgrader(two, theirs[:half], FASTEST), nbgrader(two, theirs[half:], FASTEST),
                course=two), len(theirs))  # fmt: skip
        for name in some:
            if otter_run and names.index(name) < otter:
                note(OTTER_RUN, otter_run(name), 1)
    result = {name: sum(seconds) / counts[name] for name, seconds in spent.items()}
    theirs_marks = auto_scores(one, UNIT)
    marks = auto_scores(ours, UNIT)
    return result, all(marks[student] == theirs_marks[student] for student in theirs_marks)


@click.command()
@click.option("--students", default=100, show_default=True, help="Submissions to compare on.")
@click.option("--stock", type=int, help="Of these, how many nbgrader grades too.  [default: all]")
@click.option(
    "--otter", default=10, show_default=True, help="How many otter-grader runs; 0 for none."
)
@click.option("--round", "size", default=50, show_default=True, help="Submissions in a round.")
@click.option(
    "--large", default=1000, show_default=True, help="Size of the large class; 0 for none."
)
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures as JSON.")
def main(
    students: int, stock: int | None, otter: int, size: int, large: int, file: Path | None
) -> None:
    """Compare graders on the same submissions."""
    load_before = os.getloadavg()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        stock = students if stock is None else stock
        figures, same = compare(root, students, stock, otter, size)
        figures[ALONE] = sandbox_alone(Course(root / "ours"))
        more = large_class(root / "large", large) if large else {}
    click.echo("| | ms a submission | times `grader` | times the limit |\n|---|---|---|---|")
    for name, seconds in figures.items():
        click.echo(f"| {name} | {1000 * seconds:.1f} | {seconds / figures[OURS]:.2f} | "
                   f"{seconds / figures[LIMIT]:.2f} |")  # fmt: skip
    click.echo(
        f"\n{students} submissions, {stock} of them by nbgrader, with the same marks: {same}"
    )
    for name, value in more.items():
        click.echo(f"{name.replace('_', ' ')}: {value:.2f}")
    loads = {"load_before": load_before, "load_after": os.getloadavg()}
    click.echo(f"load of the machine: {load_before} before, {loads['load_after']} after")
    if file:
        file.write_text(json.dumps({"seconds": figures, "same": same, **more, **loads}, indent=1))


if __name__ == "__main__":
    main()
