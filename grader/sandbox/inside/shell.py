"""An IPython shell without terminal, history and shell commands, whose outputs are recorded."""

import ast
import builtins
import importlib
import sys
import warnings
from types import TracebackType
from typing import Any, NoReturn

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from grader.sandbox.inside.record import Recorder, Stream

NO_COMMANDS = "Shell commands do not run while grading. / 採点中はシェルコマンドを実行できません。"
NO_INPUT = (
    "input() has nobody to ask while grading: write the value into the code. / "
    "採点中は input() に答える人がいません。値をコードに書いてください。"
)
SCRIPT_MAGICS = ("bash", "sh", "script", "perl", "ruby", "python", "python3", "python2", "pypy",
                 "system", "sx", "!")  # fmt: skip
WARM_MODULES = ("numpy.random", "numpy.linalg", "numpy.fft", "numpy.testing", "matplotlib.pyplot")
MAX_ERROR = 2000
MAX_END = 10  # frames at each end of a traceback


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    """display(...) goes to the recorder."""

    def publish(self, data: Any, metadata: Any = None, **others: Any) -> None:
        """Record one display."""
        self.shell.recorder.display(data)

    def clear_output(self, wait: bool = False) -> None:
        """Forget what the cell has shown so far."""
        self.shell.recorder.clear()


class _Hook(DisplayHook):  # type: ignore[misc]
    """The value of a cell's last expression goes to the recorder."""

    def write_output_prompt(self) -> None:
        """There is no terminal to prompt on."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        """Record the value."""
        self.shell.recorder.display(format_dict, self.prompt_count)

    def finish_displayhook(self) -> None:
        """Nothing to flush."""


class Shell(InteractiveShell):  # type: ignore[misc]
    """Runs cells. Make it with `make_shell`."""

    displayhook_class = Type(_Hook)
    display_pub_class = Type(_Publisher)
    recorder: Recorder

    def _get_exc_info(self, exc_tuple: Any = None) -> Any:
        found = super()._get_exc_info(exc_tuple)
        leave_out_the_middle(found[2])
        return found

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        self.recorder.error(etype.__name__, _text_of(evalue), list(stb))

    def _format_exception_for_storage(self, *exception: Any, **options: Any) -> dict[str, Any]:
        return {}  # nobody asks for the history, and a traceback takes long to format once

    def system(self, cmd: str) -> NoReturn:
        """Refuse `!command`."""
        raise OSError(NO_COMMANDS)

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> NoReturn:
        """Refuse ``x = !command``."""
        raise OSError(NO_COMMANDS)

    def ask_exit(self) -> None:
        """`exit` in a cell: a notebook goes on with the next one."""

    def enable_gui(self, gui: Any = None) -> None:
        """No window is ever opened; figures are drawn inline."""

    def init_user_ns(self) -> None:
        """Python's own `open`: IPython's keeps it from descriptors that are /dev/null here, and its text in
        a traceback takes long to read.
        """
        super().init_user_ns()
        del self.user_ns["open"]
        self.user_ns_hidden.pop("open")

    def init_virtualenv(self) -> None:
        """The environment is the one that was started."""

    def transform_cell(self, raw_cell: str) -> str:
        """Plain Python stays as it is: IPython would take it into tokens several times to find that out."""
        try:
            with warnings.catch_warnings(action="ignore"):  # they are for when the cell runs
                ast.parse(raw_cell)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return str(super().transform_cell(raw_cell))
        return raw_cell if raw_cell.endswith("\n") else raw_cell + "\n"

    def should_run_async(self, raw_cell: str, **options: Any) -> bool:
        """Whether the cell waits for something; only a cell that says so is looked at closely."""
        said = "await" in raw_cell or "async" in raw_cell
        return said and bool(super().should_run_async(raw_cell, **options))

    def run(self, source: str) -> dict[str, Any]:
        """Run a cell; what happened, as JSON."""
        self.recorder.start()
        try:
            result = self.run_cell(source, store_history=True)
        finally:
            outputs = self.recorder.stop()
        error = result.error_before_exec or result.error_in_exec
        said = None if error is None else f"{type(error).__name__}: {_text_of(error)}"
        return {"ok": bool(result.success), "error": said and said[:MAX_ERROR], "outputs": outputs}


def make_shell() -> Shell:
    """The shell of this process, warmed up; also takes over stdout, stderr and input."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    config.InteractiveShell.colors = "NoColor"
    shell: Shell = Shell.instance(config=config)
    shell.recorder = Recorder(10_000, 1_000_000)
    for magic in SCRIPT_MAGICS:
        shell.register_magic_function(_refuse, "cell", magic)
        shell.register_magic_function(_refuse, "line", magic)
    builtins.input = _no_input
    use_recorder(shell, shell.recorder)
    warm_up(shell)
    return shell


def use_recorder(shell: Shell, recorder: Recorder) -> None:
    """Record everything that is shown from here on with that recorder."""
    shell.recorder = recorder
    sys.stdout = Stream(recorder, "stdout")
    sys.stderr = Stream(recorder, "stderr")


def warm_up(shell: Shell) -> None:
    """Load and run what a typical cell needs, so that every fork finds it there, then forget it."""
    for module in WARM_MODULES:
        importlib.import_module(module)
    shell.run("import numpy as np\ndisplay(1)\nnp.zeros(2)")
    shell.run(
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.title('x')"
    )
    # Last, since a traceback looks up the files of all modules, and remembers them.
    shell.run("def f():\n    1 / 0\nf()")
    shell.reset(new_session=True)
    np.random.seed(0)  # the same submission gives the same values in every run


def leave_out_the_middle(traceback: TracebackType | None) -> None:
    """Of a long traceback keep both ends: IPython takes seconds for the thousand frames of a recursion."""
    frames = []
    while traceback is not None:
        frames.append(traceback)
        traceback = traceback.tb_next
    if len(frames) > 2 * MAX_END:
        frames[MAX_END - 1].tb_next = frames[-MAX_END]


def _refuse(line: str, cell: str | None = None) -> NoReturn:
    raise OSError(NO_COMMANDS)


def _no_input(prompt: object = "") -> NoReturn:
    raise EOFError(NO_INPUT)


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:
        return "(no message: its text could not be read)"
