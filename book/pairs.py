"""List the sections that have changed in one language only: `python book/pairs.py`.

The history of each pair of pages is read from its newest commit to the last one that changed a section in both
languages. A section that has changed since in one of them only is listed, with the commits that did it. What
is not yet committed counts as the newest commit.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("en", "ja")
SECTION = re.compile(r"^\((sec-[\w-]+)\)=$", re.MULTILINE)
NOW = "not committed"


@dataclass
class Section:
    """Which commits, newest first, changed a section in which language; whether both have changed in one."""

    commits: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in LANGUAGES})
    settled: bool = False


def one_sided(root: Path, page: str) -> Iterator[str]:
    """One line for each section of a page that has changed in one language only."""
    paths = {language: f"book/{language}/{page}.md" for language in LANGUAGES}
    history = _git(root, "log", "--format=%h %s", "--", *paths.values()).splitlines()
    newer = {name: _sections(_on_disk(root / path)) for name, path in paths.items()}
    sections = {label: Section() for texts in newer.values() for label in texts}
    subject = NOW
    for line in [*history, ""]:
        commit = line.partition(" ")[0]
        texts = {name: _sections(_at(root, commit, path)) for name, path in paths.items()}
        for label, section in sections.items():
            changed = [n for n in LANGUAGES if texts[n].get(label) != newer[n].get(label)]
            section.settled |= len(changed) == len(LANGUAGES)
            if len(changed) == 1 and not section.settled:
                section.commits[changed[0]].append(subject)
        newer, subject = texts, line
    for label, section in sections.items():
        changed = [name for name in LANGUAGES if section.commits[name]]
        if len(changed) == 1:
            yield f"{page} {label}: only {changed[0]} changed: {'; '.join(section.commits[changed[0]])}"


def _sections(text: str) -> dict[str, str]:
    """The text of each labelled section, by label, without its line breaks."""
    _, *parts = SECTION.split(text)
    return {
        label: "".join(part.split()) for label, part in zip(parts[::2], parts[1::2], strict=True)
    }


def _on_disk(path: Path) -> str:
    return path.read_text("utf8") if path.exists() else ""


def _at(root: Path, commit: str, path: str) -> str:
    return _git(root, "show", f"{commit}:{path}") if commit else ""


def _git(root: Path, *arguments: str) -> str:
    """What git prints; nothing where it knows no such file."""
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


if __name__ == "__main__":
    for page in sorted(path.stem for path in (ROOT / "book" / "en").glob("*.md")):
        for line in one_sided(ROOT, page):
            print(line)
