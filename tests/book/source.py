"""What the sources of the book hold, page by page, so that tests can compare it."""

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
LANGUAGES = ("en", "ja")
PAGES = sorted(path.stem for path in (BOOK / "en").glob("*.md"))
TOC = (ROOT / "_toc.yml").read_text("utf8")
# The units whose chapters are written; a page that the contents do not list holds exercises alone.
UNITS = [page for page in PAGES if re.match(r"\d\d_", page) and f"file: {page}\n" in TOC]


def load(name: str) -> ModuleType:
    """A module of the folder book/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, BOOK / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Slide:
    """A slide: its title, its text without the speaker's notes, these, and the labels it shows."""

    title: str
    text: str
    notes: str
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A page of the book, from its Markdown source."""

    source: str

    @property
    def labels(self) -> list[str]:
        """Labels of sections and cells, in order."""
        return re.findall(r"^\(([\w-]+)\)=$", self.source, re.M)

    @property
    def levels(self) -> list[int]:
        """Levels of the headings, in order."""
        text = re.sub(r"^```\{code-cell\}.*?^```$", "", self.source, flags=re.S | re.M)
        return [len(marks) for marks in re.findall(r"^(#+) ", text, re.M)]

    @property
    def equations(self) -> dict[str, str]:
        """Labelled formulas: label to TeX."""
        return {label: tex for tex, label in self._displayed if label}

    @property
    def unlabelled(self) -> list[str]:
        """Displayed formulas without a label, as TeX."""
        return [tex for tex, label in self._displayed if not label]

    @property
    def _displayed(self) -> list[tuple[str, str]]:
        """Displayed formulas without the words in them, which are of the page's language, and their labels."""
        pattern = r"^\$\$\n(.*?)\n\$\$(?: \(([\w-]+)\))?$"
        wordless = re.sub(r"\\text\{[^}]*\}", r"\\text{}", self.source)
        return re.findall(pattern, wordless, re.S | re.M)

    @property
    def cells(self) -> list[str]:
        """The code of all cells, without their options and the language that figures are labelled in."""
        bodies = re.findall(r"^```\{code-cell\}\n(.*?)^```$", self.source, re.S | re.M)
        options = r"\A(---\n.*?\n---\n|(:[^\n]*\n)+\n?)"
        code = [re.sub(options, "", body, flags=re.S) for body in bodies]
        return [re.sub(r'figures\.use\("\w\w"\)', "figures.use()", cell) for cell in code]

    @property
    def figures(self) -> list[str]:
        """Names of the figures that cells draw."""
        return re.findall(r"^    name: (fig-[\w-]+)$", self.source, re.M)

    @property
    def alternatives(self) -> list[str]:
        """Texts for readers who do not see the figures."""
        return re.findall(r"^    alt: (.+)$", self.source, re.M)

    @property
    def exercises(self) -> list[str]:
        """Labels of the exercises, in order."""
        return re.findall(r"^:label: (ex-[\w-]+)$", self.source, re.M)

    @property
    def efforts(self) -> list[str]:
        """Difficulty and minutes of the exercises, in order."""
        return re.findall(r"^:(?:difficulty|minutes): (\d+)$", self.source, re.M)

    @property
    def slides(self) -> list[Slide]:
        """All slides, in order."""
        return [
            _slide(title, body)
            for title, body in re.findall(
                r"^::::\{slide\} (.*?)\n(.*?)^::::$", self.source, re.S | re.M
            )
        ]

    @property
    def citations(self) -> list[str]:
        """Keys of the works cited."""
        keys = re.findall(r"\{cite:\w\}`([\w,]+)`", self.source)
        return [key for group in keys for key in group.split(",")]

    @property
    def prose(self) -> str:
        """What is read: no front matter, code, slides, exercises, formulas or options."""
        text = re.sub(r"\A---.*?^---$", "", self.source, flags=re.S | re.M)
        for block in (
            r"^```\{code-cell\}.*?^```$",
            r"^::::\{slide\}.*?^::::$",
            r"^````\{exercise\}.*?^````$",
            r"^\$\$$.*?^\$\$.*?$",
            r"\$[^$\n]+\$",
        ):
            text = re.sub(block, "", text, flags=re.S | re.M)
        return re.sub(r"^(:+.*|`{3,}.*|\(.*\)=)$", "", text, flags=re.M)


def _slide(title: str, body: str) -> Slide:
    notes = "".join(re.findall(r"^:::\{notes\}\n(.*?)^:::$", body, re.S | re.M))
    shown = re.findall(r"^:::\{show\} (.*)$", body, re.M)
    text = re.sub(r"^:::\{(notes|show)\}.*?^:::$", "", body, flags=re.S | re.M)
    return Slide(title, text.strip(), notes.strip(), tuple(" ".join(shown).split()))


def read_source(language: str, name: str) -> Page:
    """The source of a page, for example ("ja", "06_backpropagation")."""
    return Page((BOOK / language / f"{name}.md").read_text("utf8"))


def count_words(text: str) -> float:
    """Words as an audience reads them: a formula is one, and so are 2.5 Japanese characters."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$]+\$|`[^`]+`|\{\w+\}`[^`]+`", " formula ", text, flags=re.S)
    japanese = re.findall(r"[\u3040-\u30ff\u3400-\u9fff]", text)
    return len(re.findall(r"[A-Za-z0-9][\w,.'’-]*", text, re.A)) + len(japanese) / 2.5
