"""A report as a page, and as JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from grader.checks import Message
from grader.course import Course
from grader.pages import environment, words, write_page
from grader.report.charts import boxes, histogram, scatter
from grader.report.course import CourseReport
from grader.report.unit import UnitReport

Report = UnitReport | CourseReport


def report_path(
    course: Course, name: str, language: str = "en", *, anonymous: bool = False
) -> Path:
    """Where a report stands unless somebody wants it elsewhere. name: of the unit, or "course"."""
    words = [name, *(["anonymous"] if anonymous else []), *([language] if language != "en" else [])]
    return course.root / "_build" / "report" / f"{'.'.join(words)}.html"


def write(report: Report, path: Path, language: str = "en") -> None:
    """Write the page, whole or not at all."""
    write_page(path, render(report, language))


def render(report: Report, language: str = "en") -> str:
    """The page in that language."""
    _ = words(language).gettext
    templates = environment("grader.report", language)
    if isinstance(report, UnitReport):
        return templates.get_template("unit.html.j2").render(
            report=report, charts=_unit_charts(report, _)
        )
    return templates.get_template("course.html.j2").render(
        report=report, charts=_course_charts(report, _)
    )


def write_json(report: Report, path: Path) -> None:
    """Write the numbers; sentences in English."""
    write_page(path, json.dumps(as_json(report), indent=1, ensure_ascii=False) + "\n")


def as_json(value: Any) -> Any:
    """A report, or a part of it, as what JSON can hold."""
    if isinstance(value, Message):
        return value.render("en")
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return value


def _unit_charts(report: UnitReport, _: Callable[[str], str]) -> dict[str, Markup]:
    if not report.totals:
        return {}
    students = _("students")
    marks = histogram("marks", report.totals, _("points"), students, most=report.points)
    quality = scatter(
        "quality",
        [
            (row.quality.difficulty, row.quality.discrimination, str(row.number))
            for row in report.checks
            if row.quality.difficulty is not None and row.quality.discrimination is not None
        ],
        _("difficulty p (1: everybody is right)"),
        _("discrimination r"),
    )
    seconds = histogram("seconds", report.seconds, _("seconds"), students)
    found = {
        "marks": marks.svg(_("Histogram of the marks")),
        "quality": quality.svg(
            _("Difficulty and discrimination of each check; the numbers are in the table")
        ),
        "seconds": seconds.svg(_("Histogram of the time that a submission took")),
    }
    if report.memory:
        memory = histogram("memory", [m / 2**20 for m in report.memory], _("MiB"), students)
        found["memory"] = memory.svg(_("Histogram of the memory that a submission needed"))
    return found


def _course_charts(report: CourseReport, _: Callable[[str], str]) -> dict[str, Markup]:
    groups = [(unit.unit[:2], unit.shares) for unit in report.units]
    chart = boxes("progress", groups, _("share of the points"))
    return {"progress": chart.svg(_("Quartiles of the shares of the points, by unit"))}
