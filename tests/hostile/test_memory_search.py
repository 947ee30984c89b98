"""Searching the process: objects, frames, modules, environment, raw memory."""

import contextlib
import io

import pytest

from grader.checks import LocalStudent, SolvedCase, judge
from grader.checks.layer import FORWARD
from tests.hostile.attack import MARK, PRELUDE, REFUSED, said

#: The sources do not hold what they look for.
PATTERN = "secret = re.compile(rb'hid' + rb'den-[0-9a-f]{32}')\n"
SEARCHES = {
    "objects": """
gc.unfreeze()
things = gc.get_referents(*gc.get_objects())
things += gc.get_referents(*[thing for thing in things if not gc.is_tracked(thing)])
texts = [thing.encode('utf-8', 'replace') for thing in things if type(thing) is str]
found = [hit for text in texts + [t for t in things if type(t) is bytes] for hit in secret.findall(text)]
print(found)
""",
    "the environment": "print(secret.findall(repr(dict(os.environ)).encode()))",
    "the C library's environment": """
environ, at, found = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), 'environ'), 0, []
while environ[at]:
    found += secret.findall(environ[at])
    at += 1
print(found)
""",
    "memory": """
found = []
with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
    for line in maps:
        start, end = (int(n, 16) for n in line.split()[0].split('-'))
        if line.split()[1].startswith('rw') and end - start < 1 << 28:
            memory.seek(start)
            try:
                found += secret.findall(memory.read(end - start))
            except OSError:
                pass
print(found)
""",
}


@pytest.mark.parametrize("way", SEARCHES)
def test_the_judges_secret_is_not_among(way, confined):
    told = said(confined, PATTERN + SEARCHES[way])
    assert told.startswith(REFUSED) if way == "memory" else told == "[]"


def test_memory_does_not_hold_it_even_where_it_can_be_read(unconfined):
    """The warm process never had it: it is started with an environment of its own."""
    assert said(unconfined, PATTERN + SEARCHES["memory"]) == "[]"


@pytest.mark.parametrize("way", SEARCHES)
def test_in_the_judges_own_process_it_is_found_among(way):
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(PRELUDE + PATTERN + SEARCHES[way], {})
    assert MARK in printed.getvalue()


SPY = """
import sys
class Layer:
    def forward(self, x):
        frame, seen = sys._getframe(), []
        while frame:
            seen += [repr(value) for value in frame.f_locals.values()]
            frame = frame.f_back
        Layer.seen = ' '.join(seen)[:1_000_000]
        return x
"""


def test_frames_below_a_method_show_what_is_expected_only_in_the_judges_process(confined):
    import numpy as np

    case = SolvedCase({}, {"x": np.ones(2)}, np.ones(2), {"out": np.array([42.125, 1.0])})
    names = {}
    exec(SPY, names)
    judge(FORWARD, LocalStudent(names), "Layer", [case])
    assert "42.125" in names["Layer"].seen
    with confined.session() as session:
        session.run_cell(SPY)
        judge(FORWARD, session.student, "Layer", [case])
        told = session.run_cell("print('42.125' in Layer.seen, 'forward' in Layer.seen)")
        assert told.outputs[0]["text"] == "False True\n"
