"""What a cell showed, checked field by field: outputs in the form of nbformat version 4.

Text is as the submission wrote it: whoever shows it to a person sanitizes it.
"""

import re
from typing import Any, TypeAlias

from grader.sandbox.values import text
from grader.sandbox.wire import FrameError

Output: TypeAlias = dict[str, Any]

MAX_OUTPUTS = 1000
MAX_LINES = 1000  # of a traceback
MIME = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,80}")


def read_outputs(outputs: Any, limit: int) -> list[Output]:
    """The outputs of one cell, all text together at most `limit` long. FrameError if anything is odd."""
    if type(outputs) is not list or len(outputs) > MAX_OUTPUTS:
        raise FrameError("outputs that are no list, or too many")
    reader = _Reader(limit)
    return [reader.output(output) for output in outputs]


def size(shown: Any) -> int:
    """How much there is in outputs: characters, and one more for each text, since there may be empty ones."""
    match shown:
        case str():
            return len(shown) + 1
        case dict():
            return sum(map(size, shown.values()))
        case list():
            return sum(map(size, shown))
    return 0


class _Reader:
    def __init__(self, room: int) -> None:
        self._room = room

    def output(self, output: Any) -> Output:
        match output:
            case {"output_type": "stream", "name": "stdout" | "stderr" as name, "text": written}:
                return {"output_type": "stream", "name": name, "text": self._text(written)}
            case {"output_type": "display_data", "data": data}:
                return {"output_type": "display_data", "data": self._bundle(data), "metadata": {}}
            case {"output_type": "execute_result", "data": data, "execution_count": count} if (
                type(count) is int and 0 <= count < 1 << 31
            ):
                return {
                    "output_type": "execute_result",
                    "data": self._bundle(data),
                    "metadata": {},
                    "execution_count": count,
                }
            case {
                "output_type": "error",
                "ename": name,
                "evalue": value,
                "traceback": [*lines],
            } if len(lines) <= MAX_LINES:
                return {
                    "output_type": "error",
                    "ename": self._text(name),
                    "evalue": self._text(value),
                    "traceback": [self._text(line) for line in lines],
                }
        raise FrameError("an output that nbformat does not know")

    def _bundle(self, data: Any) -> dict[str, str]:
        if type(data) is not dict or len(data) > 20 or not all(map(MIME.fullmatch, data)):
            raise FrameError("an output whose data is no bundle of MIME types")
        return {mime: self._text(content) for mime, content in data.items()}

    def _text(self, value: Any) -> str:
        kept = text(value, self._room)
        self._room -= len(kept)
        return kept
