"""Records what a cell shows, as outputs of nbformat version 4, up to a limit."""

import base64
import io
from collections.abc import Mapping
from typing import Any

from grader.sandbox.outputs import MAX_LINES, MAX_OUTPUTS, MIME

CUT_OFF = "\n[Output cut off here. / 出力はここで打ち切られました。]\n"
TOO_MUCH = "\n[A figure or display was left out: too large. / 大きすぎる図や表示は省かれました。]\n"
MAX_TRACEBACK = 20_000


class Recorder:
    """Collects the outputs of one cell at a time; between cells everything shown is dropped."""

    def __init__(self, max_text: int, max_figures: int) -> None:
        self._max_text = max_text
        self._max_figures = max_figures
        self._recording = False
        self.clear()

    def clear(self) -> None:
        """Forget what was shown so far."""
        self.outputs: list[dict[str, Any]] = []
        self._text_room = self._max_text
        self._figure_room = self._max_figures
        self._full = False

    def start(self) -> None:
        """A cell begins."""
        self.clear()
        self._recording = True

    def stop(self) -> list[dict[str, Any]]:
        """The cell has ended; its outputs."""
        self._recording = False
        for output in self.outputs:
            if "text" in output:
                output["text"] = "".join(output["text"])
        return self.outputs

    def stream(self, name: str, text: str) -> None:
        """Text that was printed; a run of text on one stream becomes one output."""
        if not self._recording or self._full:
            return
        if len(text) > self._text_room:
            text = text[: self._text_room] + CUT_OFF
            self._full = True
        self._text_room -= len(text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == name:
            last["text"].append(text)  # pieces, until the cell ends
        elif self._has_place():
            self.outputs.append({"output_type": "stream", "name": name, "text": [text]})

    def display(self, data: Mapping[str, Any], execution_count: int | None = None) -> None:
        """A rich display, or the value of the cell's last expression if it comes with a count."""
        bundle = {mime: _as_text(content) for mime, content in data.items() if MIME.fullmatch(mime)}
        figures = sum(len(text) for mime, text in bundle.items() if mime.startswith("image/"))
        texts = sum(map(len, bundle.values())) - figures
        if not self._recording or not self._has_place():
            return
        if figures > self._figure_room or texts > self._text_room:
            self.stream("stderr", TOO_MUCH)
            return
        self._figure_room -= figures
        self._text_room -= texts
        output: dict[str, Any] = {"output_type": "display_data", "data": bundle, "metadata": {}}
        if execution_count is not None:
            output |= {"output_type": "execute_result", "execution_count": execution_count}
        self.outputs.append(output)

    def error(self, name: str, value: str, traceback: list[str]) -> None:
        """An exception that ended the cell."""
        lines = "\n".join(traceback)[-MAX_TRACEBACK:].split("\n")[-MAX_LINES:]
        if self._recording and len(self.outputs) < MAX_OUTPUTS:
            self.outputs.append({"output_type": "error", "ename": name[:200], "evalue": value[:2000],
                                 "traceback": lines})  # fmt: skip

    def _has_place(self) -> bool:
        return len(self.outputs) < MAX_OUTPUTS - 1  # the last place is for an error


def _as_text(content: Any) -> str:
    if isinstance(content, bytes):
        return base64.b64encode(content).decode("ascii")
    return content if isinstance(content, str) else repr(content)[:1000]


class Stream(io.TextIOBase):
    """sys.stdout or sys.stderr of the submission."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: str) -> None:
        self._recorder = recorder
        self.name = name

    def writable(self) -> bool:
        """Text can be written."""
        return True

    def write(self, text: str) -> int:
        """Record the text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.stream(self.name, text)
        return len(text)
