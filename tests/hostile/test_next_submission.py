"""Leaving something behind: for the next submission, or for the machine."""

import pytest

from tests.hostile.attack import said

PLACE = "os.environ['HOME'] + '/left'"
LEAVING = {
    "a file": (f"open({PLACE}, 'w').write('left')", f"open({PLACE}).read()"),
    "a temporary file": (
        "open('/tmp/grader-left', 'w').write('left')",
        "open('/tmp/grader-left').read()",
    ),
    "a patched module": ("import numpy; numpy.left = 'left'", "__import__('numpy').left"),
    "a patched builtin": ("import builtins; builtins.left = 'left'", "left"),
    "the environment": ("os.environ['LEFT'] = 'left'", "os.environ['LEFT']"),
    "the path": ("sys.path.append('left')", "'left' if 'left' in sys.path else 1 / 0"),
    "the shell": ("get_ipython().left = 'left'", "get_ipython().left"),
    "a hook": (
        "get_ipython().events.register('pre_run_cell', lambda info: None)",
        "'left' if get_ipython().events.callbacks['pre_run_cell'] else 1 / 0",
    ),
    "a folder": ("os.chdir('/usr')", "'left' if os.getcwd() == '/usr' else 1 / 0"),
    "random numbers": (
        "import numpy; numpy.random.seed(7)",
        "'left' if __import__('numpy').random.rand() < 0.08 else 1 / 0",
    ),
}


@pytest.mark.parametrize("what", LEAVING)
def test_the_next_submission_does_not_find(what, confined):
    leave, find = LEAVING[what]
    said(confined, f"{leave}\nprint('done')")
    assert said(confined, f"print({find})").partition(":")[0].endswith("Error")


@pytest.mark.parametrize("what", [what for what in LEAVING if "file" not in what])
def test_the_same_submission_does_find(what, confined):
    """So the search works."""
    leave, find = LEAVING[what]
    assert said(confined, f"{leave}\nprint({find})") == "left"


def test_undefended_the_next_submission_finds_a_file(unconfined):
    leave, find = LEAVING["a file"]
    said(unconfined, leave)
    assert said(unconfined, f"print({find})") == "left"
