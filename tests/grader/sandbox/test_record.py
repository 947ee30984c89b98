"""The recorder keeps what a cell shows, up to its limits."""

import pytest

from grader.sandbox.inside.record import CUT_OFF, MAX_TRACEBACK, TOO_MUCH, Recorder, Stream
from grader.sandbox.outputs import MAX_OUTPUTS


@pytest.fixture
def recorder() -> Recorder:
    recorder = Recorder(max_text=100, max_figures=50)
    recorder.start()
    return recorder


def test_a_run_of_text_on_one_stream_is_one_output(recorder: Recorder) -> None:
    for name, text in [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]:
        recorder.stream(name, text)
    assert [(o["name"], o["text"]) for o in recorder.stop()] == [
        ("stdout", "ab"),
        ("stderr", "c"),
        ("stdout", "d"),
    ]


def test_the_note_stands_once_however_much_follows(recorder: Recorder) -> None:
    for _ in range(50):
        recorder.stream("stdout", "0123456789")
    (output,) = recorder.stop()
    assert output["text"] == "0123456789" * 10 + CUT_OFF


def test_between_cells_nothing_is_kept(recorder: Recorder) -> None:
    """What a check makes a submission print could give hidden inputs away."""
    assert recorder.stop() == []
    recorder.stream("stdout", "x")
    recorder.display({"text/plain": "x"})
    recorder.error("E", "", [])
    assert recorder.outputs == []


def test_pictures_and_texts_have_room_of_their_own() -> None:
    recorder = Recorder(max_text=300, max_figures=50)
    recorder.start()
    recorder.display({"image/png": b"\x89PNG", "text/plain": "<Figure>"})
    recorder.display({"image/png": "x" * 60})
    recorder.display({"text/html": "x" * 301})
    recorder.display({"text/plain": "still room"}, 3)
    shown = recorder.stop()
    assert shown[0]["data"] == {"image/png": "iVBORw==", "text/plain": "<Figure>"}
    assert shown[1]["text"] == TOO_MUCH * 2
    assert (shown[2]["output_type"], shown[2]["execution_count"]) == ("execute_result", 3)


def test_a_kind_that_is_no_mime_type_is_dropped(recorder: Recorder) -> None:
    recorder.display({'text/"onload=': "x", "text/plain": "x"})
    assert recorder.stop()[0]["data"] == {"text/plain": "x"}


def test_there_are_so_many_outputs_and_the_last_place_is_for_an_error(recorder: Recorder) -> None:
    for _ in range(MAX_OUTPUTS + 10):
        recorder.display({})
    recorder.error("E" * 1000, "", ["x" * 2 * MAX_TRACEBACK, "last line"])
    outputs = recorder.stop()
    assert len(outputs) == MAX_OUTPUTS
    assert len(outputs[-1]["ename"]) == 200
    assert sum(map(len, outputs[-1]["traceback"])) <= MAX_TRACEBACK
    assert outputs[-1]["traceback"][-1] == "last line"


def test_a_stream_takes_text_only(recorder: Recorder) -> None:
    assert Stream(recorder, "stdout").write("x") == 1
    with pytest.raises(TypeError, match="argument must be str, not bytes"):
        Stream(recorder, "stdout").write(b"x")  # type: ignore[arg-type]
