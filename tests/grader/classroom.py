"""A small class, graded for real, with hostile ids, names and code: what feedback and report are tried on."""

import sqlite3

from grader.course import COLUMNS
from grader.engine import grade_unit
from grader.sandbox import Limits
from tests.grader.small import UNIT, Small, make_small

LIMITS = Limits(cell=2, check=2, total=20)
HOSTILE = "<img src=x onerror=alert(1)>"
RTL = "שלום עולם"
SAID = '<script>alert(1)</script> `x` {0} %(a)s \\u202e " & עברית'
LOOP = "class ReLU:\n    def forward(self, x):\n        while True: pass\n    backward = forward"
ROSTER = [
    ("ada", "<b>Ada</b>", "=HYPERLINK(1)", "ada@example.org", "", "en"),
    ("hana", "花子", "{{ 7*7 }}", "hana@example.org", "", "ja"),
    (HOSTILE, "'; DROP TABLE student;--", "x", "", "", "en"),
    (RTL, "x", "x", "", "", "ja"),
    ("idle", "Ida", "Idle", "", "", "en"),
]
COMMENT = "Come and see me. </div><script>alert(2)</script>"


def classroom(root):
    """The course, graded."""
    small = Small(make_small(root))
    lines = [",".join(f'"{value}"' for value in row) for row in [COLUMNS, *ROSTER]]
    (small.course.root / "students.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    right = small.right("relu")
    raises = f"class Add:\n    def forward(self, x, y):\n        raise ValueError('''{SAID}''')\n"
    small.hand_in("ada")
    small.hand_in("hana", relu=right.replace("np.where(self.mask, 0.0, dout)", "2.0 * dout"))
    small.hand_in(HOSTILE, add=raises)
    small.hand_in(RTL, relu="import subprocess\n" + right.replace("x.real <= 0", "x.real > 0"))
    small.hand_in("lou", relu=LOOP)
    small.hand_in("broken", "{")
    who = ["ada", "hana", HOSTILE, RTL, "lou", "broken"]
    for _ in grade_unit(small.course, UNIT, who, limits=LIMITS, workers=2):
        pass
    with sqlite3.connect(small.course.root / "gradebook.db") as database:  # a person looked at it
        of_hana = (
            "notebook_id IN (SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a "
            "ON n.assignment_id = a.id WHERE a.student_id = 'hana')"
        )
        database.execute(f"UPDATE grade SET manual_score = 1.5 WHERE auto_score = 0 AND {of_hana}")
        database.execute(f"UPDATE comment SET manual_comment = ? WHERE {of_hana}", [COMMENT])
    database.close()
    return small
