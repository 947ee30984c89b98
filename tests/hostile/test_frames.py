"""Talking to the judge over the submission's own connection: forged, huge, deep, early, endless frames."""

import resource

import numpy as np
import pytest

from grader.checks import SolvedCase, judge
from grader.checks.layer import FORWARD
from grader.checks.student import BadValue, CallFailed, Program, Stopped
from grader.sandbox import Limits

SEND = """
import json, os, struct, time
os.set_blocking(3, True)
def send(data, body=b'', header=None, length=None):
    header = json.dumps(data).encode() if header is None else header
    os.write(3, struct.pack('<IQ', len(header), len(body) if length is None else length) + header + body)
"""
FORGED = {
    "no frame": "os.write(3, b'x' * 100_000)",
    "a huge header": "os.write(3, struct.pack('<IQ', 2**32 - 1, 0))",
    "a huge body": "os.write(3, struct.pack('<IQ', 2, 2**63))",
    "no JSON": "send(None, header=b'{')",
    "no text": "send(None, header=b'\\xff\\xfe')",
    "a deep header": "send(None, header=b'[' * 100_000)",
    "a deep object": "send(None, header=b'{\"data\":' * 20_000)",
    "a long number": "send(None, header=b'{\"data\": ' + b'9' * 100_000 + b', \"arrays\": []}')",
    "not a number": "send({'data': float('nan'), 'arrays': []})",
    "no data": "send({'arrays': []})",
    "many arrays": "send({'data': {}, 'arrays': [['<f8', [0]]] * 100_000})",
    "an array of objects": "send({'data': {}, 'arrays': [['|O', [1]]]}, bytes(8))",
    "an array of text": "send({'data': {}, 'arrays': [['<U1', [1]]]}, bytes(4))",
    "a structure": "send({'data': {}, 'arrays': [[[['x', '<f8']], [1]]]}, bytes(8))",
    "a giant shape": "send({'data': {}, 'arrays': [['<f8', [2**40]]]}, bytes(8))",
    "an endless shape": "send({'data': {}, 'arrays': [['<f8', [2**62, 2**62]]]}, bytes(8))",
    "an empty giant": "send({'data': {}, 'arrays': [['<f8', [0, 2**62]]]})",
    "a negative shape": "send({'data': {}, 'arrays': [['<f8', [-1, -1]]]}, bytes(8))",
    "a shape of fractions": "send({'data': {}, 'arrays': [['<f8', [1.0]]]}, bytes(8))",
    "many axes": "send({'data': {}, 'arrays': [['<f8', [1] * 64]]}, bytes(8))",
    "more than said": "send({'data': {}, 'arrays': [['<f8', [1]]]}, bytes(16))",
    "another reply": "send({'data': {'id': 10**6, 'values': [], 'error': None}, 'arrays': []})",
    "no reply": "send({'data': [], 'arrays': []})",
    "an early reply": "send({'data': {'id': 3, 'values': ['early'], 'error': None}, 'arrays': []})",
}
VALUES = {
    "a handle": "{'handle': -1}",
    "a boolean handle": "{'handle': True}",
    "a giant handle": "{'handle': 10**30}",
    "an array that is not there": "{'array': 0}",
    "a deep tuple": "{'tuple': [{'tuple': [{'tuple': [{'tuple': [{'tuple': []}]}]}]}]}",
    "a long tuple": "{'tuple': [None] * 100}",
    "an unknown kind": "{'generator': {}}",
    "a number": "1",
    "two at once": "{'handle': 1, 'tuple': []}",
    "long text": "'x' * 20_000",
    "many objects": "{'tuple': [{'tuple': [{'handle': 1}] * 64}] * 20}",
}
RESULTS = {
    **{kind: f"{{'values': [{value}], 'error': None}}" for kind, value in VALUES.items()},
    "no values": "{'values': None, 'error': None}",
    "too few values": "{'values': [], 'error': None}",
    "too many values": "{'values': [None, None], 'error': None}",
    "many values": "{'values': [None] * 1_000_000, 'error': None}",
    "values alone": "{'values': [None]}",
    "no result": "None",
}
RIGHT = "{'values': [None], 'error': None}"  # of a program that reads one value
REPLIES = {
    **{kind: f"{{'results': [{result}]}}" for kind, result in RESULTS.items()},
    "no results": "{'results': None}",
    "too few results": "{'results': []}",
    "too many results": f"{{'results': [{RIGHT}] * 2}}",
    "many results": f"{{'results': [{RIGHT}] * 100_000}}",
    "a result alone": RIGHT,
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_frame_stops_the_submission(kind, confined):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with confined.session() as session, pytest.raises(Stopped) as stopped:  # noqa: PT012
        session.run_cell(SEND + FORGED[kind])
        session.run_cell("1")  # where the forged frame is the answer to this
    assert stopped.value.reason == "protocol"
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 << 10  # KiB: nothing was allocated for what the frame says of itself


def test_a_traceback_of_empty_lines_stops_the_submission(confined):
    """They count as no characters, and the judge would keep millions of them for each cell."""
    error = "{'output_type': 'error', 'ename': '', 'evalue': '', 'traceback': [''] * 100_000}"
    reply = f"{{'id': 1, 'cell': {{'ok': True, 'error': None, 'outputs': [{error}]}}}}"
    with confined.session() as session, pytest.raises(Stopped, match="protocol"):
        session.run_cell(f"{SEND}\nsend({{'data': {reply}, 'arrays': []}})")


@pytest.mark.parametrize("kind", REPLIES)
def test_a_forged_value_stops_the_submission(kind, confined):
    """The answer to this cell, and to the request after it, sent ahead of both."""
    done = "send({'data': {'id': 1, 'cell': {'ok': True, 'error': None, 'outputs': []}}, 'arrays': []})"
    forged = f"send({{'data': {{'id': 2, **{REPLIES[kind]}}}, 'arrays': []}})"
    with confined.session() as session:
        session.run_cell(f"{SEND}\n{done}\n{forged}")
        with pytest.raises(Stopped, match="protocol"):
            session.student.get("anything")


PATCHED = (
    SEND
    + """
import gc
(server,) = [o for o in gc.get_objects() if type(o).__name__ == 'Server']
def answer(message, arrays):
    return reply(message), []
type(server)._answer = lambda self, message, arrays: answer(message, arrays)
"""
)


@pytest.mark.parametrize("kind", REPLIES)
def test_a_patched_server_can_send_no_more_than_ours(kind, confined):
    with confined.session() as session:
        session.run_cell(PATCHED + f"reply = lambda message: {REPLIES[kind]}")
        with pytest.raises(Stopped, match="protocol"):
            session.student.get("anything")


@pytest.mark.parametrize(
    "error",
    [
        "{'kind': 'stopped'}",
        "{'kind': 'call', 'type': 'x' * 10_000, 'message': '', 'line': None, 'inside': ''}",
        "{'kind': 'call', 'type': 'x', 'message': ['x'], 'line': None, 'inside': ''}",
        "{'kind': 'call', 'type': 'x', 'message': '', 'line': 10**20, 'inside': ''}",
        "{'kind': 'missing', 'name': 'x', 'existing': ['x'] * 10_000}",
        "{'kind': 'call', 'type': 'x', 'message': '', 'line': None, 'inside': None}",
        "{'kind': 'value', 'type': {}}",
        "'error'",
    ],
)
def test_forged_errors_stop_the_submission(error, confined):
    with confined.session() as session:
        result = f"{{'values': [], 'error': {error}}}"
        session.run_cell(PATCHED + f"reply = lambda message: {{'results': [{result}]}}")
        with pytest.raises(Stopped, match="protocol"):
            session.student.get("anything")


MARKUP = "``<img src=x onerror=bite()>\x1b]0;title\x07\x1b[2J\r\n=1+1\u202e"
TOLD = {
    "a name": {"kind": "missing", "name": MARKUP, "existing": []},
    "a name for another": {"kind": "missing", "name": "forward", "existing": [f"forward{MARKUP}"]},
    "a gradient": {"kind": "missing", "name": f"d{MARKUP}", "existing": []},
    "a type": {"kind": "value", "type": MARKUP},
    "an error": {"kind": "call", "type": MARKUP, "message": MARKUP, "line": 3, "inside": MARKUP},
}


@pytest.mark.parametrize("what", TOLD)
def test_a_forged_error_brings_no_markup_into_a_sentence_of_ours(what, confined):
    """A backtick would end what stands as code; the rest would reach a browser, a table, a terminal."""
    case = SolvedCase({}, {"x": np.ones(2)}, np.ones(2), {"out": np.ones(2)})
    result = {"values": [], "error": TOLD[what]}
    with confined.session() as session:
        session.run_cell(f"{PATCHED}\nreply = lambda message: {{'results': [{result!r}]}}")
        told = judge(FORWARD, session.student, "Layer", [case]).diagnosis.render()
    assert all(character.isprintable() for character in told)
    assert "``" not in told
    assert told.count("`") % 2 == 0


def test_a_reply_in_the_form_that_ours_has_is_read(confined):
    """So the forged ones above are refused for what they forge."""
    with confined.session() as session:
        session.run_cell(PATCHED + f"reply = lambda message: {{'results': [{RIGHT}]}}")
        assert session.student.get("anything") is None


def test_a_patched_server_that_is_honest_in_form_says_only_what_any_method_could(confined):
    """It may lie about values and errors; it gains nothing that `return` would not give it."""
    with confined.session() as session:
        lie = "{'results': [{'values': [{'handle': 1}], 'error': None}]}"
        session.run_cell(PATCHED + f"reply = lambda message: {lie}")
        handle = session.student.get("anything")
        assert callable(handle("x"))
        with pytest.raises(Stopped, match="protocol"):
            handle.value()  # no object is a value


@pytest.mark.parametrize(
    ("reply", "stops"),
    [("{'array': 0}", False), ("None", True), ("'text'", True), ("{'handle': 1}", True)],
)
def test_a_sweep_gives_a_table_with_a_row_for_each_entry_and_nothing_else(reply, stops, confined):
    program = Program()
    held = program.hold(np.ones(3))
    program.call("f", held).read()
    with confined.session() as session:
        rows = "np.ones((3, 1))" if reply == "{'array': 0}" else "np.ones((2, 1))"
        arrays = f"[{rows}]" if "array" in reply else "[]"
        session.run_cell(
            f"{PATCHED}\nimport numpy as np\n"
            f"def answer(message, arrays): return {{'values': [{reply}], 'error': None}}, {arrays}"
        )
        if stops:
            with pytest.raises(Stopped, match="protocol"):
                session.student.sweep(program, held, np.arange(3), 1.0)
        else:
            assert session.student.sweep(program, held, np.arange(3), 1.0).shape == (3, 1)
            with pytest.raises(Stopped, match="protocol"):
                session.student.sweep(program, held, np.arange(2), 1.0)


ENDLESS = {
    "byte by byte": "os.write(3, struct.pack('<IQ', 1000, 0))\nwhile os.write(3, b' '): time.sleep(0.01)",
    "a body that never comes": "send({'data': {}, 'arrays': [['|u1', [9999]]]}, length=9999)\ntime.sleep(60)",
    "not reading": "time.sleep(60)",
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_an_endless_reply_is_given_up_in_time(kind, confined):
    with confined.session(Limits(cell=0.4)) as session, pytest.raises(Stopped) as stopped:
        session.run_cell(SEND + ENDLESS[kind])
    assert stopped.value.reason == "time"


def test_a_submission_that_does_not_read_what_is_sent_to_it_is_given_up_in_time(confined):
    with confined.session(Limits(check=0.4)) as session:
        session.run_cell(
            "import threading, time\ndef take(x): pass\n"
            "import gc\nchannel = [o for o in gc.get_objects() if type(o).__name__ == 'Channel'][0]\n"
            "def slow(view): time.sleep(60)\ntype(channel).fill = lambda self, view: slow(view)"
        )
        with pytest.raises(Stopped, match="time"):
            session.student.hold(np.ones(4 << 20))


def test_of_a_flood_of_replies_the_first_that_fits_nothing_stops_the_submission(confined):
    flood = "while True: send({'data': {'id': 1, 'cell': {}}, 'arrays': []})"
    with confined.session(Limits(cell=5)) as session, pytest.raises(Stopped, match="protocol"):
        session.run_cell(SEND + flood)


def test_errors_of_ordinary_kinds_are_still_told_apart(confined):
    """The other side of all this: an honest submission is not stopped."""
    with confined.session() as session:
        session.run_cell("def fails(): 1 / 0\ndef odd(): return {1: 2}.keys")
        with pytest.raises(CallFailed):
            session.student.get("fails")()
        with pytest.raises(BadValue):
            session.student.get("odd")().value()
        assert session.run_cell("1").ok
