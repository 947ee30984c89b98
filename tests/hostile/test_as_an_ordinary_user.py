"""Root's judge gives its submissions users of their own; an ordinary user's has only the user itself."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.mark.timeout(900)
def test_every_attack_as_an_ordinary_user():
    command = [sys.executable, HERE / "ordinary.py", "pytest", HERE, "-q", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
