"""`fix_the_bug`: a wrong version of the reference to read, its symptom, and a stub to write it right."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from grader.checks import Draw, Message, message
from grader.errors import ExerciseError
from grader.exercises.kinds.implement import Implement
from grader.exercises.model import Misconception


@dataclass(frozen=True)
class Bug(Misconception):
    """A mistake that is planted, with what one notices of it."""

    symptom: Message


@dataclass
class FixTheBug(Implement):
    """A function or class of dlkit to mend. The first bug is that of the base variant."""

    kind = "fix_the_bug"
    bugs: list[Bug] = field(default_factory=list)
    planted: int = 0

    @property
    def owns(self) -> str | None:
        """Nothing: what is mended here, students have from dlkit."""
        return None

    def bug(self, id: str, old: str, new: str, *, symptom: str, fails: Sequence[str]) -> None:
        """Add a bug: `old` in the reference becomes `new`. symptom: a sentence for the catalogues."""
        self.misconception(id, old, new, fails=fails)
        self.bugs.append(Bug(id, old, new, tuple(fails), Message(" ".join(symptom.split()))))

    @property
    def shown(self) -> Bug:
        """The bug of this variant."""
        if not self.bugs:
            raise ExerciseError(f"{self.unit}: `{self.id}` needs a bug; add one with .bug(…).")
        return self.bugs[self.planted]

    def sentences(self) -> list[Message]:
        """Those of the checks, and the symptoms."""
        return [*super().sentences(), *(bug.symptom for bug in self.bugs)]

    def given(self) -> list[Message]:
        """The symptom."""
        return [message("Symptom: {symptom}", symptom=self.shown.symptom)]

    def read_only_cell(self) -> str:
        """The wrong version, under a name of its own."""
        text = self.source.text.replace(self.shown.old, self.shown.new)
        wrong = f"Wrong{self.name}" if self.source.is_class else f"wrong_{self.name}"
        return re.sub(rf"^(class|def) {self.name}\b", rf"\1 {wrong}", text, flags=re.MULTILINE)

    @property
    def pool(self) -> int | None:
        """As many as bugs."""
        return len(self.bugs)

    def summary(self) -> str:
        """The bug."""
        return self.shown.id

    def vary(self, draw: Draw) -> Self:
        """One of the bugs."""
        return replace(self, planted=draw.one_of(range(len(self.bugs))))
