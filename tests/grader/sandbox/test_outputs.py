"""Outputs of a cell are read field by field: what nbformat does not know stops the submission."""

from typing import Any

import pytest

from grader.sandbox.outputs import MAX_OUTPUTS, read_outputs
from grader.sandbox.wire import FrameError

STREAM = {"output_type": "stream", "name": "stdout", "text": "x"}
SHOWN = {"output_type": "display_data", "data": {"text/plain": "x"}}
RESULT = {"output_type": "execute_result", "data": {}, "execution_count": 1}
ERROR = {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["line"]}


def test_every_kind_is_read() -> None:
    kinds = [STREAM, SHOWN, RESULT, ERROR]
    assert [o["output_type"] for o in read_outputs(kinds, 100)] == [k["output_type"] for k in kinds]


def test_fields_that_are_not_ours_are_left_out() -> None:
    """Metadata of an output can ask a browser for things; nothing of it comes through."""
    forged = SHOWN | {"metadata": {"isolated": True}, "transient": {}, "id": "x"}
    assert read_outputs([forged], 100) == [SHOWN | {"metadata": {}}]


FORGED: dict[str, Any] = {
    "no list": {"0": STREAM},
    "too many": [STREAM] * (MAX_OUTPUTS + 1),
    "a kind of its own": [{"output_type": "update_display_data", "data": {}}],
    "a stream of another name": [STREAM | {"name": "stdin"}],
    "text that is a number": [STREAM | {"text": 1}],
    "text that is a list": [STREAM | {"text": ["x"]}],
    "more text than is allowed": [STREAM | {"text": "x" * 101}],
    "more text in all": [STREAM | {"text": "x" * 60}] * 2,
    "a traceback that is text": [ERROR | {"traceback": "line"}],
    "a traceback of numbers": [ERROR | {"traceback": [1]}],
    "a bundle that is a list": [SHOWN | {"data": ["text/plain"]}],
    "a bundle of too many kinds": [SHOWN | {"data": {f"text/k{i}": "" for i in range(21)}}],
    "a MIME type with a quote": [SHOWN | {"data": {'text/"><script>': "x"}}],
    "a MIME type with a line end": [SHOWN | {"data": {"text/plain\n": "x"}}],
    "content that is JSON": [SHOWN | {"data": {"application/json": {"x": 1}}}],
    "a count that is true": [RESULT | {"execution_count": True}],
    "a count that is huge": [RESULT | {"execution_count": 1 << 31}],
    "a count below zero": [RESULT | {"execution_count": -1}],
    "null": [None],
}


@pytest.mark.parametrize("kind", FORGED)
def test_forged_outputs_are_refused(kind: str) -> None:
    with pytest.raises(FrameError):
        read_outputs(FORGED[kind], 100)
