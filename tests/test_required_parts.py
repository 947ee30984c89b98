"""With DLCOURSE_REQUIRE_PARTS=1, what could not be tested counts as failed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SKIPPING = """
import pytest

@pytest.mark.skipif(True, reason="no browser")
def test_marked(): ...

def test_inside():
    pytest.skip("no sandbox")

def test_passes(): ...

@pytest.mark.xfail(strict=True)
def test_expected_failure():
    raise ValueError
"""


@pytest.mark.parametrize(
    ("required", "outcome"),
    [
        ("0", "1 passed, 3 skipped, 1 xfailed"),
        ("1", "1 failed, 1 passed, 1 xfailed, 2 errors"),
    ],
)
def test_a_skip_fails_where_all_parts_are_required(tmp_path: Path, required, outcome):
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    (tmp_path / "test_import.py").write_text("import pytest\npytest.importorskip('not_there')")

    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--continue-on-collection-errors",
        ],
        cwd=tmp_path,
        env=os.environ | {"DLCOURSE_REQUIRE_PARTS": required},
        capture_output=True,
        text=True,
    )

    assert outcome in result.stdout
    for reason in ("no browser", "no sandbox", "not_there"):
        assert (f"(DLCOURSE_REQUIRE_PARTS=1): Skipped: {reason}" in result.stdout) == (
            required == "1" and reason != "not_there"
        )
