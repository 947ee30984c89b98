"""Variants: each student's own version of a unit, found again in what comes back.

`Unit.variant(secret, student)` makes them. A variant's visible check carries a tag, which names the student to
whoever has the secret and to nobody else. By the tags a submission is graded as what it is, whoever hands it
in; a tag of somebody else is a hint for the instructor, and changes no mark.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass

from grader.checks.own_notebook import member
from grader.errors import ExerciseError
from grader.exercises.model import Exercise
from grader.exercises.unit import Unit

SEEDS = 200  # draws that are tried before a unit is given out
SMALL_POOL = 20  # of so few variants, each must turn up in so many draws
TAG = re.compile(r"^# variant (?P<tag>[0-9a-f]{12})$", re.MULTILINE)
UNKNOWN = ""  # a tag that belongs to nobody


@dataclass(frozen=True)
class Recognized:
    """A unit as a notebook has it. foreign: by exercise, whose variant it is, if not the submitter's."""

    unit: Unit
    foreign: Mapping[str, str]

    @property
    def own(self) -> list[Exercise]:
        """The exercises that are not those of the base variant."""
        return [exercise for exercise in self.unit.exercises.values() if exercise.tag]


def drawn_for(unit: str, student: str, pool: int) -> str:
    """The name for which a student's variants are drawn: the student's id, or a member of the unit's pool."""
    return drawn_for_member(member(unit, pool, student)) if pool else student


def drawn_for_member(number: int) -> str:
    """The name for which a member of a pool is drawn; no id has a `/`."""
    return f"pool/{number + 1}"


def recognize(
    unit: Unit,
    cells: Mapping[str, str],
    secret: bytes,
    student: str,
    others: Iterable[str],
    pool: int = 0,
) -> Recognized:
    """The unit as a submitted notebook has it. cells: its code cells by grade id; others: the roster's ids.

    pool: the size of the unit's pool of variants, if it has one; then the others are its members.
    Without any tag it is the base variant. Where some tags are there, an exercise that lost its tag counts as
    the student's own, and so does one with a tag of nobody.
    """
    tags = {
        id: match["tag"]
        for id in unit.exercises
        if (match := TAG.search(cells.get(f"{id}-public", "")))
    }
    if not tags:
        return Recognized(unit, {})
    if pool:
        student, others = (
            drawn_for(unit.name, student, pool),
            [drawn_for_member(n) for n in range(pool)],
        )
    found, foreign = copy(unit), {}
    found.exercises = {}
    for id, exercise in unit.exercises.items():
        mine = exercise.variant(secret, student)
        if mine.tag and tags.get(id, mine.tag) != mine.tag:
            owner = _owner(exercise, tags[id], secret, others)
            foreign[id] = owner
            mine = mine if owner == UNKNOWN else exercise.variant(secret, owner)
        found.exercises[id] = mine
    return Recognized(found, foreign)


def _owner(exercise: Exercise, tag: str, secret: bytes, others: Iterable[str]) -> str:
    return next((o for o in others if exercise.tag_of(secret, o) == tag), UNKNOWN)


def preview(unit: Unit, secret: bytes, count: int) -> Iterator[tuple[Exercise, list[Exercise]]]:
    """The exercises that have variants, each with those of so many made-up students."""
    for exercise in unit.exercises.values():
        if exercise.pool != 1:
            yield (
                exercise,
                [exercise.variant(secret, f"student-{n:03}") for n in range(1, count + 1)],
            )


def refuse_poor_variants(unit: Unit, secret: bytes, seeds: int = SEEDS) -> None:
    """Raise ExerciseError where drawn variants repeat before their pool is used up, or some never turn up.

    A variant that asks too little, such as one with an answer of 0, is refused where it is drawn.
    """
    for exercise, variants in preview(unit, secret, seeds):
        different = {variant.contents() for variant in variants}
        pool = exercise.pool
        where = f"{exercise.place}: `{exercise.id}`"
        if pool is None and len(different) < seeds:
            raise ExerciseError(
                f"{where} must give every student other numbers; {seeds} students got {len(different)} "
                "different variants. Draw more numbers, or from a larger range."
            )
        if pool is not None and (len(different) > pool or len(different) < min(pool, SMALL_POOL)):
            raise ExerciseError(
                f"{where} has {pool} variants; {seeds} students got {len(different)} different ones. Are two "
                "of them the same?"
            )
