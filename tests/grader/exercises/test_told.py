"""Misconceptions teach: each has a sentence of its own, or a finding by relation that says what is wrong."""

import json

import pytest

from grader.course import PROJECT, Course
from grader.exercises import load_unit

COURSE = Course(PROJECT)
TRUE = json.loads((PROJECT / "benchmarks/diagnosis_expected.json").read_text(encoding="utf-8"))


def exercises(unit):
    return load_unit(COURSE.key(unit)).exercises.values()


@pytest.mark.parametrize("unit", COURSE.unit_names())
def test_every_misconception_is_told(unit):
    """Of an experiment its result is what is told."""
    silent = [
        f"{unit[:2]}/{exercise.id}/{wrong.id}"
        for exercise in exercises(unit)
        if exercise.deterministic
        for wrong in exercise.misconceptions
        if wrong.id not in exercise.explanations
        and not TRUE.get(f"{unit[:2]}/{exercise.id}/{wrong.id}")
    ]
    assert silent == []


def test_the_benchmark_expects_findings_of_misconceptions_that_exist():
    there = {
        f"{unit[:2]}/{exercise.id}/{wrong.id}"
        for unit in COURSE.unit_names()
        for exercise in exercises(unit)
        for wrong in exercise.misconceptions
    }
    assert TRUE.keys() <= there
