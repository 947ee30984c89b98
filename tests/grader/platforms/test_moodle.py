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
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_what_is_filled_changes(sheet, text, encoding, end):
    text = text.replace("\n", end)
    worksheet = sheet(text, encoding)
    ada, hana = worksheet.rows()
    worksheet.fill(ada, "87.50", '12/14, "late"')
    filled = text.replace(",,100.00", ",87.50,100.00", 1)
    filled = filled.replace(f",-,{end}", f',-,"12/14, ""late"""{end}', 1)
    assert worksheet.text() == filled.encode(encoding)
    worksheet.fill(ada, "", "")
    assert worksheet.text() == text.encode(encoding)
    assert worksheet.is_locked(hana)
    assert not worksheet.is_locked(ada)
    assert worksheet.maximum(ada) == 100


def test_moodles_quotes_and_an_unended_last_line_stay(sheet):
    text = '"参加者ID","フルネーム",評点\r\n\r\n"参加者7","a\nb ""c""",\r\n参加者8,"x", '
    worksheet = sheet(text)
    seven, eight = worksheet.rows()
    assert (seven.name, eight.name) == ('a\nb "c"', "x")
    worksheet.fill(eight, "1", "there is no column for it")
    assert worksheet.text() == text.encode("utf-8-sig").removesuffix(b" ") + b"1"


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
        ("Identifier;Grade\nParticipant 7;\n", "separated by commas; got 'Identifier;Grade'"),
        ('"ID";"評点"\n"参加者7";\n', "separated by commas; got"),
        ('Identifier,Grade\n"Participant\n7",\nParticipant "8",\n', "line 4: not a CSV file"),
    ],
)
def test_errors_name_the_line(sheet, text, said):
    with pytest.raises(SubmissionError, match="line") as error:
        sheet(text).rows()
    assert said in str(error.value)


@pytest.mark.parametrize("encoding", ["cp932", "utf-16"])
def test_another_encoding_is_said(sheet, encoding):
    with pytest.raises(
        SubmissionError, match=r"in UTF-8.*spreadsheet saved it.*as Moodle gives it"
    ):
        sheet(JAPANESE, encoding)
