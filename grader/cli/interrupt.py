"""Ctrl-C before a verb runs: one line and a shell's exit code, no traceback of an import.

`grader.cli` loads this before all else, since what else it loads takes longer than all that comes before.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any


def _end(number: int, frame: Any) -> None:
    """End at once: nothing was begun, so there is nothing to close."""
    os.write(2, b"Stopped by SIGINT; nothing was begun.\n")
    os._exit(128 + number)


def leave_to_the_verb() -> None:
    """From here on Ctrl-C raises KeyboardInterrupt: there may be something to close and to record."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


# As the command alone: whoever imports the command line for its verbs has a handler of their own. And not
# where the shell has said that it is to be ignored, as of a command in the background.
if (
    Path(sys.argv[0]).stem == "grader"
    and signal.getsignal(signal.SIGINT) is signal.default_int_handler
):
    signal.signal(signal.SIGINT, _end)
