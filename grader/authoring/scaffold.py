"""Files for a new unit or exercise, which work at once and are then edited: key, pages, notebooks."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from grader.authoring.templates import (
    KEY,
    MISCONCEPTION,
    PAGE,
    STATEMENT,
    TEMPLATES,
    Template,
)
from grader.course import LANGUAGES, Course
from grader.errors import ExerciseError
from grader.exercises import Unit, load_unit

UNIT = re.compile(r"\d\d_[a-z][a-z0-9_]*")
EXERCISE_ID = re.compile(r"[a-z][a-z0-9-]*")


def new_unit(course: Course, name: str) -> Iterator[Path]:
    """Write a unit with one exercise: its key, its page in each language, its notebooks.

    Raises ExerciseError where the name breaks the rule, or a file of the unit is there already.
    """
    if not UNIT.fullmatch(name):
        raise ExerciseError(
            "A unit is named by two digits, an underscore and lower-case words, as in 16_my_unit; "
            f"got {name!r}."
        )
    if name in course.unit_names():
        raise ExerciseError(f"There is a unit {name} already. Choose another name.")
    title = name[3:].replace("_", " ").capitalize()
    first = TEMPLATES[0]
    key = KEY.format(number=name[:2], unit=name) + _key_part(first, first.name.lower())
    texts = {course.root / "solutions" / name / "key.py": key}
    for language in LANGUAGES:
        path = course.root / "book" / language / f"{name}.md"
        if path.exists():
            raise ExerciseError(f"{path} is there already. Move it, or choose another name.")
        texts[path] = PAGE[language].format(title=title) + _statement(
            first, name, first.name.lower(), language
        )
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        yield path
    yield from _notebooks(course, name)


def new_exercise(course: Course, unit_name: str, id: str) -> Iterator[Path]:
    """Add an exercise to a unit of the course: to its key and pages, and make its notebooks anew.

    Raises ExerciseError where the id breaks the rule or is taken, or where the unit is not the course's own.
    """
    unit = load_unit(course.key(unit_name))
    if not EXERCISE_ID.fullmatch(id) or id in unit.exercises:
        raise ExerciseError(
            "An exercise is named by lower-case words with hyphens, as in my-layer, once in its unit; "
            f"got {id!r}. There are: {', '.join(unit.exercises)}."
        )
    pages = {language: course.page(unit_name, language) for language in LANGUAGES}
    for path in (course.key(unit_name), *pages.values()):
        if not path.is_relative_to(course.root):
            raise ExerciseError(
                f"{path} is the project's, not of the course {course.root}. Copy the unit's key and its "
                "pages there first."
            )
    template = _unused(unit)
    parts = {course.key(unit_name): _key_part(template, id)}
    for path in pages.values():  # one page may serve both
        parts[path] = _statement(template, unit_name, id, path.parent.name)
    for path, text in parts.items():
        path.write_text(
            path.read_text(encoding="utf-8").rstrip("\n") + "\n" + text, encoding="utf-8"
        )
        yield path
    yield from _notebooks(course, unit_name)


def _unused(unit: Unit) -> Template:
    """A template whose object the unit does not ask for yet."""
    names = {exercise.name for exercise in unit.exercises.values()}
    for template in TEMPLATES:
        if template.name not in names:
            return template
    raise ExerciseError(
        f"{unit.name} asks for everything that a new exercise can start from "
        f"({', '.join(t.name for t in TEMPLATES)}). Edit one of them, then add the next."
    )


def _key_part(template: Template, id: str) -> str:
    function = id.replace("-", "_")
    wrong = [
        MISCONCEPTION.format(
            function=function,
            id=name,
            old=json.dumps(old),
            new=json.dumps(new),
            fails=json.dumps(template.fails),
        )
        for name, old, new in template.wrong
    ]
    return template.asks.format(name=template.name, function=function) + "".join(wrong)


def _statement(template: Template, unit: str, id: str, language: str) -> str:
    return STATEMENT.format(
        title=template.title[language],
        label=f"ex-{unit[:2]}-{id}",
        difficulty=template.difficulty,
        minutes=template.minutes,
        text=template.text[language],
        hint=template.hint[language],
    )


def _notebooks(course: Course, unit_name: str) -> Iterator[Path]:
    from grader.exercises.generate import products

    for product in products(course, unit_name):
        product.write()
        yield product.path
