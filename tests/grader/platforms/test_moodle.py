"""Moodle's grading worksheet, in English and Japanese."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from grader.errors import SubmissionError
from grader.platforms.moodle import Worksheet, read_time

TOKYO = ZoneInfo("Asia/Tokyo")
ENGLISH = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 7","Ada King",ada@example.org,"Submitted for grading - ",,100.00,Yes,\
"Monday, 3 May 2027, 11:59 PM",-,
"Participant 8","Hanako Yamada",hanako@example.jp,"No submission",50.00,100.00,No,-,-,"<p>kept</p>"
"""
JAPANESE = """\
ID,氏名,メールアドレス,ステータス,評点,最大評点,評点変更可,\
"最終更新日時 (提出)","最終更新日時 (評定)",フィードバックコメント
参加者7,"King Ada",ada@example.org,評定のために提出済み,,100.00,Yes,"2027年 05月 3日(月) 23:59",-,
参加者8,"山田 花子",hanako@example.jp,提出なし,50.00,100.00,いいえ,-,-,<p>kept</p>
"""
SHEETS = pytest.mark.parametrize("text", [ENGLISH, JAPANESE], ids=["English", "Japanese"])


@pytest.fixture
def sheet(tmp_path):
    def write(text, encoding="utf-8-sig"):
        path = tmp_path / "worksheet.csv"
        path.write_bytes(text.encode(encoding))
        return Worksheet(path, TOKYO)

    return write


@SHEETS
def test_rows_say_who_and_when(sheet, text):
    ada, hana = sheet(text).rows()
    assert (ada.participant, ada.email) == ("7", "ada@example.org")
    assert ada.submitted == datetime(2027, 5, 3, 23, 59, tzinfo=TOKYO)
    assert hana.submitted is None


@SHEETS
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_only_what_is_filled_changes(sheet, text, encoding):
    worksheet = sheet(text, encoding)
    ada, hana = worksheet.rows()
    worksheet.fill(ada, "87.50", "12/14")
    raw = worksheet.text()
    assert raw.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    again = sheet(raw.decode("utf-8-sig"), encoding)
    after, original = again._table, sheet(text, encoding)._table
    assert after[0] == original[0]
    assert after[2] == original[2]
    changed = [n for n, (a, b) in enumerate(zip(original[1], after[1], strict=True)) if a != b]
    assert [after[1][n] for n in changed] == ["87.50", "12/14"]
    assert again.is_locked(hana)
    assert not again.is_locked(ada)
    assert again.maximum(ada) == 100


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Monday, 3 May 2027, 11:59 PM", (2027, 5, 3, 23, 59)),
        ("Monday, May 3, 2027, 12:05 AM", (2027, 5, 3, 0, 5)),
        ("3 May 2027, 23:59", (2027, 5, 3, 23, 59)),
        ("2027年 05月 3日(月曜日) 23:59", (2027, 5, 3, 23, 59)),
        ("2027年5月3日(月) 午後 0:30", (2027, 5, 3, 12, 30)),
        ("2027-05-03 23:59", (2027, 5, 3, 23, 59)),
    ],
)
def test_times(text, when):
    assert read_time(text) == datetime(*when)


@pytest.mark.parametrize("text", ["", "yesterday", "31 February 2027, 11:00", "3 Mars 2027, 11:00"])
def test_no_times(text):
    assert read_time(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nom,Note\n", "line 1: a worksheet has a column Identifier or ID"),
        ("Identifier,Grade\nAda,1\n", "line 2: the identifier ends in a number"),
        (
            "Identifier,Grade\nParticipant 7,\nParticipant 7,\n",
            "line 3: participant 7 stands in line 2",
        ),
        (
            'Identifier,Grade,"Last modified (submission)"\nParticipant 7,,gestern\n',
            "line 2: a time reads",
        ),
    ],
)
def test_errors_name_the_line(sheet, text, said):
    with pytest.raises(SubmissionError, match="line") as error:
        sheet(text).rows()
    assert said in str(error.value)


def test_another_encoding_is_said(sheet):
    with pytest.raises(SubmissionError, match="in UTF-8"):
        sheet(JAPANESE, "cp932")
