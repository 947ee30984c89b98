"""The proof as a report: JSON for programs, one HTML page for people."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from grader.proof.run import ExerciseProof


def by_exercise(proofs: Sequence[ExerciseProof]) -> list[tuple[str, list[ExerciseProof]]]:
    """The proofs of each exercise together, under unit/exercise, variants in order."""
    groups: dict[str, list[ExerciseProof]] = {}
    for proof in sorted(proofs, key=lambda proof: (proof.unit, proof.variant)):
        groups.setdefault(f"{proof.unit}/{proof.exercise}", []).append(proof)
    return list(groups.items())


def write_json(proofs: Sequence[ExerciseProof], path: Path) -> None:
    """All results."""
    entries = [asdict(p) for p in sorted(proofs, key=lambda p: (p.unit, p.exercise, p.variant))]
    path.write_text(json.dumps(entries, indent=1), encoding="utf-8")


def write_html(proofs: Sequence[ExerciseProof], path: Path) -> None:
    """A table of the exercises, and every survivor as a diff beside the checks that it passed."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # grading has no use for it

    environment = Environment(
        loader=PackageLoader("grader.proof", "."), autoescape=True, undefined=StrictUndefined
    )
    page = environment.get_template("report.html.j2").render(groups=by_exercise(proofs))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
