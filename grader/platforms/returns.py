"""Files for each student, packed as Moodle takes feedback files back.

"Upload multiple feedback files in a zip" reads the participant from the folder's name, which is that of the
downloaded submissions (`mod/assign/feedback/file/importziplib.php`): name, participant, plugin type, plugin.
So a student sees the own file and nobody else's.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.course import Course
from grader.platforms.claims import Roster
from grader.platforms.moodle import Worksheet


def moodle_zip(
    course: Course, worksheet: Worksheet, files: Mapping[str, Path]
) -> tuple[bytes, list[str]]:
    """A zip of one file a student, and what there is to say: who gets none, and why."""
    roster = Roster(course.students())
    left, notes = dict(files), []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in worksheet.rows():
            student = roster.by_row(row)
            if student is None:
                who = row.email or row.name or row.participant
                notes.append(f"{who}: nobody on the roster, or more than one")
            if student is None or student not in left:
                continue
            # Moodle splits at underscores, and takes the second part for the participant's number.
            name = "".join(
                c for c in row.name.replace("_", " ") if c.isprintable() and c not in '/\\:*?"<>|'
            )
            folder = f"{name.strip() or 'Participant'}_{row.participant}_assignsubmission_file_"
            path = left.pop(student)
            entry = zipfile.ZipInfo(
                f"{folder}/{path.name}"
            )  # of 1980: the same files make the same zip
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    notes += [f"{student}: not in the worksheet, or not surely" for student in left]
    return out.getvalue(), notes
