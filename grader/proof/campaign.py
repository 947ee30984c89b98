"""The whole proof: many variants of many exercises, in two processes, continued where it was broken off."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import active_children, get_context
from pathlib import Path

import grader.checks
from grader.course import PUBLIC_SECRET, Course
from grader.exercises import load_unit
from grader.proof.run import ExerciseProof, Finding, prove

VARIANTS = 20  # besides the base variant
PROCESSES = 2
GRADER = Path(grader.checks.__file__).parent.parent


@dataclass(frozen=True)
class Item:
    """One variant of one exercise, to be proved. variant: 0 is the base variant."""

    key: Path
    exercise: str
    variant: int
    with_mutants: bool = True

    def prove(self) -> ExerciseProof:
        """Try it, in this process. Another number means another secret, so that hidden cases differ too."""
        unit = load_unit(self.key)
        secret = PUBLIC_SECRET + (f", {self.variant}".encode() if self.variant else b"")
        exercise = unit.exercises[self.exercise]
        if self.variant:
            exercise = exercise.variant(secret, "proof")
        return prove(unit, exercise, secret, self.variant, self.with_mutants)

    def mark(self) -> str:
        """What the result depends on: the key, its references, the judge and the proof."""
        unit = load_unit(self.key)
        return f"{unit.version} {_code()} {self.exercise} {self.variant} {self.with_mutants:d}"


def items(course: Course, units: Iterable[str], variants: int = VARIANTS) -> list[Item]:
    """What is to be proved: the base variant and so many more of every exercise that is judged by checks."""
    return [
        Item(course.key(name), exercise.id, number)
        for name in units
        for exercise in load_unit(course.key(name)).exercises.values()
        if not exercise.manual
        for number in range(1 + variants)
    ]


def run(work: Sequence[Item], store: Path) -> Iterator[ExerciseProof]:
    """Prove items as they come, two at a time. What the store has already is not tried again."""
    known = _read(store)
    left = []
    for item in work:
        if item.mark() in known:
            yield known[item.mark()]
        else:
            left.append(item)
    store.parent.mkdir(parents=True, exist_ok=True)
    others = set(active_children())
    # No fork of this process: it may have threads.
    with (
        store.open("a", encoding="utf-8") as file,
        ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool,
    ):
        if file.tell() and not store.read_text(encoding="utf-8").endswith("\n"):
            file.write("\n")  # the line that a killed run did not finish
        running = {pool.submit(item.prove): item for item in left}
        try:
            for done in as_completed(running):
                proof = done.result()
                line = {"mark": running[done].mark(), "proof": asdict(proof)}
                file.write(json.dumps(line) + "\n")
                file.flush()
                yield proof
        except BaseException:  # nobody waits for items that are begun: one can take minutes
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in set(active_children()) - others:
                worker.kill()
            raise


def _read(store: Path) -> dict[str, ExerciseProof]:
    """Results by mark; a line that was half-written when a run was killed is dropped."""
    found = {}
    for line in store.read_text(encoding="utf-8").splitlines() if store.is_file() else []:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        findings = [Finding(**finding) for finding in entry["proof"].pop("findings")]
        found[entry["mark"]] = ExerciseProof(**entry["proof"], findings=findings)
    return found


@cache
def _code() -> str:
    """Fingerprint of the code that decides: the judge, the exercises, the proof."""
    digest = hashlib.sha256()
    for folder in ("checks", "exercises", "proof"):
        for path in sorted((GRADER / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
