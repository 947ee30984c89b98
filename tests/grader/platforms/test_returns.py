"""Files for students, in a zip that Moodle gives out again."""

import io
import zipfile
from zoneinfo import ZoneInfo

from grader.platforms.claims import read_claim
from grader.platforms.moodle import Worksheet
from grader.platforms.returns import moodle_zip

WORKSHEET = """\
ID,氏名,メールアドレス,評点
参加者101,"Ada_Lovelace / King",ada@example.org,
参加者102,山田 花子,hanako@example.jp,
参加者199,Guest,guest@example.org,
"""


def test_each_file_is_in_its_students_folder(course, tmp_path):
    sheet = tmp_path / "worksheet.csv"
    sheet.write_text(WORKSHEET, encoding="utf-8")
    files = {}
    for student in ("s01", "s02", "s03"):
        files[student] = tmp_path / student / "feedback.html"
        files[student].parent.mkdir()
        files[student].write_text(f"of {student}")
    content, notes = moodle_zip(course, Worksheet(sheet, ZoneInfo("UTC")), files)
    assert notes == [
        "guest@example.org: nobody on the roster, or more than one",
        "s03: not in the worksheet, or not surely",
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {}
        for name in archive.namelist():
            claim = read_claim("moodle", tuple(name.split("/")))
            assert name.split("_")[1] == claim.participant  # how Moodle itself reads it
            found[claim.participant] = (claim.file, archive.read(name).decode())
    assert found == {"101": ("feedback.html", "of s01"), "102": ("feedback.html", "of s02")}
    assert moodle_zip(course, Worksheet(sheet, ZoneInfo("UTC")), files)[0] == content
