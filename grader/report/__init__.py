"""The report of a class: numbers as data, one page of HTML, JSON.

unit_report(course, unit) or course_report(course) → write(report, path), write_json(report, path)
"""

from grader.report.course import CourseReport, course_report
from grader.report.unit import UnitReport, unit_report
from grader.report.writing import report_path, write, write_json

__all__ = [
    "CourseReport",
    "UnitReport",
    "course_report",
    "report_path",
    "unit_report",
    "write",
    "write_json",
]
