"""Settings of all tests.

Hypothesis draws the same examples every time, and is never timed. Where every real part must be there
(``DLCOURSE_REQUIRE_PARTS=1``, as in `.ci/run`), a test that would be skipped fails. The oracle's tests need
PyTorch and are collected only where it is installed; ``pytest -m oracle`` then fails for want of tests.
"""

import os
import sys
from collections.abc import Generator
from importlib.util import find_spec

import pytest
from hypothesis import settings

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")

collect_ignore = [] if find_spec("torch") else ["dlkit/oracle"]


MAIN = sys.modules["__main__"]


@pytest.fixture(autouse=True)
def main_module() -> None:
    """The main module is pytest's own, whatever an earlier test ran: processes are spawned by it."""
    sys.modules["__main__"] = MAIN


def fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if (
        os.environ.get("DLCOURSE_REQUIRE_PARTS") == "1"
        and report.skipped
        and not hasattr(report, "wasxfail")
    ):
        *_, reason = report.longrepr
        report.outcome = "failed"
        report.longrepr = f"a real part could not be tested (DLCOURSE_REQUIRE_PARTS=1): {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_if_skipped(report)
    return report
