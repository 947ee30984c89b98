"""Values that are not what they seem: they become plain arrays or an error, and run nothing in the judge."""

import contextlib
import multiprocessing

import numpy as np
import pytest

from grader.checks import Failed, LocalStudent, Passed, SolvedCase, judge
from grader.checks.diagnosis.example import literal
from grader.checks.layer import FORWARD, gradient
from grader.checks.student import Stopped, StudentError
from grader.sandbox import Limits

CASE = SolvedCase({}, {"x": np.array([1.0, 2.0])}, np.ones(2), {"out": np.array([2.0, 4.0])})


def layer(expression: str, before: str = "") -> str:
    """A layer whose forward returns that; twice its input would be right."""
    return f"import numpy as np\n{before}\nclass Layer:\n    def forward(self, x): return {expression}\n"


def test_the_right_values_pass(confined):
    with confined.session() as session:
        session.run_cell(layer("2 * x"))
        assert judge(FORWARD, session.student, "Layer", [CASE]) == Passed()


AGREES = """
class Agrees(np.ndarray):
    def __eq__(self, other): return np.True_
    def __sub__(self, other): return np.zeros(2)
    def __rsub__(self, other): return np.zeros(2)
    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs): return np.zeros(2)
    def __array_function__(self, *args, **kwargs): return True
    def __array_wrap__(self, *args, **kwargs): return np.zeros(2)
    def __array_finalize__(self, other): pass
    __array_priority__ = 1e9
"""
LYING = {
    "a subclass that agrees with everything": ("np.ones(2).view(Agrees)", AGREES),
    "an object that poses as an array": (
        "Poses()",
        "class Poses:\n    __class__ = np.ndarray\n    shape, dtype = (2,), np.dtype(float)\n"
        "    def __array__(self, *args, **kwargs): return np.ones(2)",
    ),
    "an object with an answer for everything": (
        "Anything()",
        "class Anything:\n    def __getattr__(self, name): return self\n"
        "    def __call__(self, *args, **kwargs): return self\n    def __eq__(self, other): return True\n"
        "    def __array__(self, *args, **kwargs): raise SystemExit",
    ),
    "a number that agrees": (
        "Agrees(1)",
        "class Agrees(float):\n    def __eq__(self, other): return True\n    def __sub__(self, o): return 0.0",
    ),
    "objects": (
        "np.array([Agrees(), Agrees()], dtype=object)",
        "class Agrees:\n    def __eq__(self, o): return True",
    ),
    "text": ("np.array(['2', '4'])", ""),
    "a structure": ("np.zeros(2, [('x', float)])", ""),
    "dates": ("np.zeros(2, 'datetime64[s]')", ""),
    "not a number": ("np.full(2, np.nan)", ""),
    "infinity": ("np.full(2, np.inf)", ""),
    "one that is not a number": ("np.array([2, np.nan])", ""),
    "complex ones that are not": ("np.array([2 + 1j * np.nan, 4])", ""),
    "a mask over what is wrong": ("np.ma.array([2.0, 9.0], mask=[0, 1])", ""),
    "a matrix": ("np.matrix([[2.0, 9.0]])", ""),
    "one that is broadcast": ("np.broadcast_to(2.0, (2,))", ""),
    "an empty one": ("np.zeros(0)", ""),
    "another shape": ("np.array([[2.0], [4.0]])", ""),
    "nothing": ("None", ""),
    "truth": ("True", ""),
    "the name of the class": ("type('Passed', (), {})()", ""),
}


@pytest.mark.parametrize("kind", LYING)
def test_wrong_values_fail_whatever_they_say_of_themselves(kind, confined):
    expression, before = LYING[kind]
    with confined.session() as session:
        assert session.run_cell(layer(expression, before)).ok
        assert isinstance(judge(FORWARD, session.student, "Layer", [CASE]), Failed)


def test_an_empty_array_with_a_long_side_is_not_written_out(confined):
    """As an example it would be a list of a million empty ones; the wire lets 2**40 through."""
    with confined.session() as session:
        session.run_cell("import numpy as np\nvalue = np.zeros((1 << 20, 0))")
        assert literal(session.student.get("value")) == "array([...], shape=(1048576, 0))"


NO_REAL_NUMBERS = {
    "truth values": ("x > 0", "dout > 0"),
    "imaginary numbers": ("x * 1j", "dout * 1j"),
    "truth and numbers": ("x > 0", "3 * dout"),
}


@pytest.mark.parametrize("kind", NO_REAL_NUMBERS)
def test_what_is_no_real_number_follows_from_nothing(kind, confined):
    """Part of the points is for the derivative of a wrong forward pass; and nothing of ours breaks over it."""
    forward, backward = NO_REAL_NUMBERS[kind]
    case = SolvedCase(
        {},
        {"x": CASE.inputs["x"]},
        np.array([0.5, -1.0]),
        {**CASE.expected, "dx": np.array([1.0, -2.0])},
    )
    with confined.session() as session:
        session.run_cell(f"{layer(forward)}    def backward(self, dout): return {backward}\n")
        verdict = judge(gradient("x"), session.student, "Layer", [case, case])
    assert isinstance(verdict, Failed)
    assert not verdict.share


OBJECTS = [
    "self",
    "(y for y in x)",
    "[self] * 3",
    "[[self] * 64] * 64",
    "[[[self] * 64] * 64] * 64",
]


@pytest.mark.parametrize("expression", OBJECTS)
def test_a_verdict_on_objects_is_one_and_goes_from_a_worker_to_the_parent(expression, confined):
    with confined.session() as session:
        session.run_cell(layer(expression))
        verdict = judge(FORWARD, session.student, "Layer", [CASE, CASE])
        assert isinstance(verdict, Failed)
        ours, theirs = multiprocessing.Pipe()
        ours.send(verdict)  # without a hold on what lives in the submission
        assert theirs.recv() == verdict
        assert session.run_cell("1").ok


def test_text_in_the_place_of_a_value_moves_no_cursor_in_the_teachers_terminal(confined):
    """`grader why` prints what came."""
    lines = []
    with confined.session() as session:
        session.run_cell(layer("'\\x1b[2J\\x1b]0;title\\x07' + 'seen'"))
        judge(FORWARD, session.student, "Layer", [CASE], trace=lines.append)
    assert "seen" in "".join(lines)
    assert "".join(lines).replace("\n", "").isprintable()


def test_what_a_submission_does_to_its_arrays_is_not_done_to_those_of_the_next(confined):
    """The arrays of a check are packed once for a class."""
    with confined.session() as session:
        session.run_cell(layer("x.fill(9) or x"))
        assert isinstance(judge(FORWARD, session.student, "Layer", [CASE, CASE]), Failed)
    with confined.session() as session:
        session.run_cell(layer("2 * x"))
        assert judge(FORWARD, session.student, "Layer", [CASE, CASE]) == Passed()


def test_more_arrays_than_a_reply_holds_are_an_error_of_the_submission_and_no_attack(confined):
    with confined.session() as session:
        session.run_cell(layer("[[1.0] * 64] * 40"))
        assert isinstance(judge(FORWARD, session.student, "Layer", [CASE, CASE]), Failed)
        assert session.run_cell("1").ok


def test_undefended_a_subclass_would_agree_with_everything():
    """Compared as it is, without being made plain."""
    names = {}
    exec(layer(*LYING["a subclass that agrees with everything"]), names)
    returned = names["Layer"]().forward(CASE.inputs["x"])
    assert np.abs(returned - CASE.expected["out"]).max() == 0


def test_what_comes_back_is_of_exactly_one_type(confined):
    with confined.session() as session:
        session.run_cell(f"import numpy as np\n{AGREES}\nvalue = np.ones(2).view(Agrees)")
        value = session.student.get("value")
    assert type(value) is np.ndarray
    assert type(value.base) in (bytearray, np.ndarray)  # the frame that it came in


BOMBS = {
    "__getattr__": "def __getattr__(self, name): return self.nothing",
    "__getattribute__": "def __getattribute__(self, name): raise SystemExit",
    "__del__": "def __del__(self): raise SystemExit",
    "__class__": "__class__ = property(lambda self: 1 / 0)",
    "__dir__": "def __dir__(self): raise KeyboardInterrupt",
    "__array__": "def __array__(self, *a, **k): raise SystemExit",
    "__len__": "def __len__(self): return 1 << 62",
    "__iter__": "def __iter__(self):\n        while True: yield self",
    "__index__": "def __index__(self): return 1 << 100",
    "__float__": "def __float__(self): raise GeneratorExit",
    "__repr__": "def __repr__(self): raise SystemExit",
    "__hash__": "def __hash__(self): raise SystemExit",
    "__eq__": "def __eq__(self, other): raise SystemExit",
    "__reduce__": "def __reduce__(self): return (exec, ('import os; os._exit(1)',))",
}


@pytest.mark.parametrize("method", BOMBS)
def test_an_object_that_goes_off_when_touched(method, confined):
    """Whatever happens, the verdict is one of a submission, and the judge goes on."""
    source = f"class Bomb:\n    {BOMBS[method]}\nclass Tuple(tuple):\n    {BOMBS[method]}\n"
    with confined.session() as session:
        session.run_cell(layer("Bomb()", source))
        assert isinstance(judge(FORWARD, session.student, "Layer", [CASE]), Failed)
        session.run_cell(layer("Tuple((1.0, 2.0))"))
        assert isinstance(judge(FORWARD, session.student, "Layer", [CASE]), Failed)
        with contextlib.suppress(StudentError):
            thing = session.student.get("Bomb")()
            thing.get("W")
            thing.value()
        assert session.run_cell("1").ok


@pytest.mark.parametrize(
    "raised",
    ["SystemExit(0)", "KeyboardInterrupt()", "GeneratorExit()", "MemoryError()", "RecursionError()",
     "StopIteration()", "type('Passed', (Exception,), {})()", "BaseExceptionGroup('x', [SystemExit()])",
     "type('E', (Exception,), {'__str__': lambda self: exit_()})()"],
)  # fmt: skip
def test_no_exception_ends_more_than_its_call(raised, confined):
    before = f"def exit_(): raise SystemExit\ndef fail(): raise {raised}"
    with confined.session() as session:
        session.run_cell(layer("fail()", before))
        assert isinstance(judge(FORWARD, session.student, "Layer", [CASE]), Failed)
        assert session.run_cell("1").ok


ENDING = {
    "at once": "import os; os._exit(0)",
    "by a signal": "import os, signal; os.kill(os.getpid(), signal.SIGKILL) or os._exit(0)",
    "by abort": "import os; os.abort()",
    "by a null pointer": "import ctypes; ctypes.string_at(0)",
    "by the connection": "import os; os.close(3)",
    "by all connections": "import os; os.closerange(0, 100)",
    "by another connection": "import os; r, w = os.pipe(); os.dup2(r, 3)",
}


@pytest.mark.parametrize("way", ENDING)
def test_a_submission_that_ends_itself_in_a_call_is_stopped_and_gains_nothing(way, confined):
    source = f"def end(x):\n    {ENDING[way]}\n    return 2 * x"
    with confined.session() as session:
        session.run_cell(layer("end(x)", source))
        with pytest.raises(Stopped) as stopped:
            judge(FORWARD, session.student, "Layer", [CASE])
        assert stopped.value.reason in ("exit", "memory", "protocol")
    with confined.session() as session:
        assert session.run_cell("1").ok


PATCHES = """
import sys
np.abs = np.absolute = lambda *a, **k: np.zeros(1)
np.allclose = np.array_equal = np.isfinite = lambda *a, **k: True
np.testing.assert_allclose = lambda *a, **k: None
for name, module in list(sys.modules.items()):
    if 'checks' in name or 'judge' in name:
        for attribute in list(vars(module)):
            if 'error' in attribute or 'compare' in attribute:
                setattr(module, attribute, lambda *a, **k: 0.0)
"""


def test_patching_numpy_and_python_changes_nothing_in_the_judge(confined):
    with confined.session() as session:
        session.run_cell(layer("9 * x", PATCHES))
        assert isinstance(judge(FORWARD, session.student, "Layer", [CASE]), Failed)


def test_undefended_patching_numpy_passes(monkeypatch):
    """The same judge in the submission's own process, as in a notebook."""
    monkeypatch.setattr(np, "abs", lambda *a, **k: np.zeros(1))
    names = {}
    exec(layer("9 * x"), names)
    assert isinstance(judge(FORWARD, LocalStudent(names), "Layer", [CASE]), Passed)


HOOKS = """
import atexit, ctypes, faulthandler, gc, json, os, signal, sys, threading, time
import numpy as np
"""
#: What it does beforehand, and how its layer computes what is wrong.
HOOKED = {
    "a copy that ends it": (
        "class A(np.ndarray):\n    def __array_finalize__(self, other):\n"
        "        if other is not None and type(other) is A: os._exit(0)",
        "(9 * x).view(A)",
    ),
    "floating point errors": (
        "np.seterrcall(lambda *a: os._exit(0))\nnp.seterr(all='call')",
        "x * np.inf - x * np.inf",
    ),
    "how arrays are printed": (
        "np.set_printoptions(formatter={'all': lambda x: os._exit(0)})",
        "9 * x",
    ),
    "a look at every line": ("sys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: 1 / 0)", "9 * x"),
    "an audit of every event": (
        "sys.addaudithook(lambda event, args: event == 'open' and os._exit(0))",
        "9 * x",
    ),
    "a signal every millisecond": (
        "signal.signal(signal.SIGALRM, lambda *a: 1 / 0)\nsignal.setitimer(signal.ITIMER_REAL, 1e-3, 1e-3)",
        "9 * x",
    ),
    "the collection of garbage": ("gc.set_threshold(1)\ngc.callbacks.append(lambda *a: 1 / 0)", "9 * x"),
    "a watchdog": (
        "faulthandler.dump_traceback_later(0.01, exit=True, file=open('/dev/null', 'w'))",
        "time.sleep(1)",
    ),
    "hooks for errors": (
        "sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *a: os._exit(0)",
        "1 / 0",
    ),
    "its end": ("atexit.register(lambda: time.sleep(1e6))", "sys.exit()"),
    "a thread that goes on": (
        "def later(value):\n    def write():\n        while True: value[:] = -1.0\n"
        "    threading.Thread(target=write, daemon=True).start()\n    return value",
        "later(9 * x)",
    ),
    "what encodes its replies": (
        "json.JSONEncoder.encode = lambda self, value: '{}'\nos.environ.clear()",
        "9 * x",
    ),
    "what Python is made of": (
        "import builtins\nbuiltins.isinstance = builtins.issubclass = lambda *a: True",
        "object()",
    ),
    "limits of its own": ("sys.setrecursionlimit(60)\nsys.set_int_max_str_digits(0)", "int('9' * 100_000)"),
    "another class for arrays": (
        "np.ndarray, np.generic, np.array = list, object, lambda *a, **k: []",
        "[9.0]",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", HOOKED)
def test_a_hook_gains_nothing_and_costs_the_next_submission_nothing(what, confined):
    before, expression = HOOKED[what]
    with confined.session(Limits(cell=2, check=2)) as session, contextlib.suppress(Stopped):
        session.run_cell(HOOKS + layer(expression, before))
        assert isinstance(judge(FORWARD, session.student, "Layer", [CASE, CASE]), Failed)
    with confined.session() as session:
        session.run_cell(layer("2 * x"))
        assert judge(FORWARD, session.student, "Layer", [CASE, CASE]) == Passed()
