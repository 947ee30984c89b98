"""Hints for the instructor, on which no mark depends: another student's variant, code that reaches out."""

import re
from collections.abc import Iterable, Iterator

from grader.bundles.carried import is_carrying
from grader.checks import message
from grader.exercises.variants import UNKNOWN, Recognized
from grader.grading import SourceCell
from grader.resume import Flag, Stop

#: What no answer needs: ways to the process, the file system, the grader's own files and modules.
REACHES = re.compile(
    r"/proc/|gradebook\.db|\bkey\.py\b|\bsolutions/|GRADER_SECRET|__subclasses__|\bsys\._getframe\b|"
    r"\bimport ctypes\b|\bimport subprocess\b|\bimport socket\b|\bos\.(?:system|popen|fork|kill|_exit)\b|"
    r"\bgrader\.(?!checks\b)[a-z_]+"
)
#: The same without word boundaries: found many times faster, and in few cells only.
NEAR = re.compile(REACHES.pattern.replace(r"\b", ""))


def flags(whole: Recognized, own: Iterable[SourceCell], stops: Iterable[Stop]) -> Iterator[Flag]:
    """What an instructor may want to look at. own: the cells that the student wrote or could write."""
    for exercise, owner in whole.foreign.items():
        if owner == UNKNOWN:
            text = message(
                "`{exercise}` has a tag that nobody on the roster has.", exercise=exercise
            )
            yield Flag("unknown-variant", text)
        else:
            text = message(
                "`{exercise}` is the variant of {owner}.", exercise=exercise, owner=owner
            )
            yield Flag("foreign-variant", text)
    for cell in own:
        if not NEAR.search(cell.source) or is_carrying(
            cell.source
        ):  # it looks for the grader, so as to leave it alone
            continue
        for reached in sorted(set(REACHES.findall(cell.source))):
            text = message("Cell {number} mentions `{name}`, which no answer needs.",
                           number=cell.index + 1, name=reached)  # fmt: skip
            yield Flag("reaches-out", text)
    if any(stop.reason == "protocol" for stop in stops):
        yield Flag("protocol", message("It disturbed the connection to the grader."))
