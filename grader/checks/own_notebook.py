"""In a notebook that carries a pool of variants: the student number picks one, which becomes a notebook.

The rule is public: nothing secret travels with the notebook, and grading knows the variant by the same rule.
"""

import base64
import hashlib
import json
import unicodedata
import zlib
from collections.abc import Sequence
from pathlib import Path

from grader.checks.text import Message, message, student_language

ASK = 'student_id = ""'  # as the last cell of each notebook begins


def member(unit: str, size: int, student: str) -> int:
    """The number of the variant, from 0, that a student number picks; width, case and spaces do not count.

    SHA-256 of unit and number, as a whole number, modulo the size of the pool.

    >>> member("02_perceptron", 8, "s001") == member("02_perceptron", 8, " Ｓ００１")
    True
    """
    number = "".join(unicodedata.normalize("NFKC", student).split()).casefold()
    digest = hashlib.sha256(f"{unit}\x1f{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % size


def packed(first: str, notebooks: Sequence[str]) -> str:
    """Notebooks as text for a cell. first: the cell that all of them begin with, left out of each."""
    text = json.dumps({"first": first, "notebooks": notebooks})
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def own_notebook(unit: str, student_id: str, pool: str) -> None:
    """Write the notebook that a student number picks into this folder, and say what to do with it."""
    print(_write(unit, student_id, pool).render(student_language()))


def _write(unit: str, student_id: str, pool: str) -> Message:
    number, path = student_id.strip(), Path(f"{unit}.ipynb")
    if not number:
        return message(
            "Write your student id between the quotes in this cell's first line, and run it again."
        )
    if path.exists():
        return message("{file} is there already and stays as it is. Move it away first if you want a new one.",
                       file=path.name)  # fmt: skip
    found = json.loads(zlib.decompress(base64.b64decode(pool)))
    document = json.loads(found["notebooks"][member(unit, len(found["notebooks"]), number)])
    document["cells"].insert(0, json.loads(found["first"]))
    last = document["cells"][-1]
    source = "".join(last["source"])
    last["source"] = source.replace(
        ASK, f"student_id = {json.dumps(number, ensure_ascii=False)}", 1
    )
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return message("{file} is written for {student}. Open it, and hand it in when it is done.",
                   file=path.name, student=number)  # fmt: skip
