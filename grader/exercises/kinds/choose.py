"""`choose`: one letter out of several; the wrong options are named misconceptions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import comb, factorial
from typing import Self

import numpy as np

from grader.checks import OPTION, Case, Check, Draw, SolvedCase
from grader.errors import ExerciseError
from grader.exercises.model import Exercise, Misconception
from grader.exercises.source import Source

SHOWN = 4  # options in a variant, where the page has more
ITEM = re.compile(r"^- \*\*(?P<letter>[A-Z])\*\* (?P<text>.*(?:\n  .*)*)", re.MULTILINE)


@dataclass
class Choose(Exercise):
    """Options stand in the statement, as a list whose items begin with a bold letter.

    right: letter of the right option on the page; wrong: letter → misconception. shown: the page's letters in
    the order in which this variant has them; there they are lettered anew, from A.
    """

    kind = "choose"
    mutable = False
    right: str = ""
    wrong: dict[str, str] = field(default_factory=dict)
    shown: tuple[str, ...] = ()

    def with_options(self, shown: Sequence[str]) -> Self:
        """The exercise with these options in this order."""
        letters = {option: chr(ord("A") + place) for place, option in enumerate(shown)}
        answer = f'return "{letters[self.right]}"'
        wrong = [
            Misconception(id, answer, f'return "{letters[option]}"', (OPTION.name,))
            for option, id in self.wrong.items()
            if option in letters
        ]
        text = f'def {self.name}():\n    """Letter of the right option."""\n    {answer}'
        source = Source(self.name, text, "dlkit.functions", edited=True)
        return replace(self, shown=tuple(shown), source=source, misconceptions=wrong)

    def known_check(self, name: str) -> Check:
        """The only check."""
        if name != OPTION.name:
            raise ExerciseError(f"{name!r} is no check. Use {OPTION.name}.")
        return OPTION

    def solved(self, case: Case, draw: Draw) -> SolvedCase:
        """The right letter, and which there are."""
        letters = "".join(chr(ord("A") + place) for place in range(len(self.shown)))
        right = letters[self.shown.index(self.right)]
        return SolvedCase({}, {}, np.zeros(()), {"right": right, "options": letters})

    def public_cell(self) -> str:
        """Whether it is a letter at all."""
        letters = self.public_case().expected["options"]
        return f'public_options("{self.id}", "{letters}")\ncheck("{self.id}", {self.name})'

    def arranged(self, statement: str) -> str:
        """The options of this variant, in its order. ExerciseError where the page has other ones."""
        items = {match["letter"]: match["text"] for match in ITEM.finditer(statement)}
        if set(items) != {self.right, *self.wrong}:
            raise ExerciseError(
                f"{self.place}: the options of `{self.id}` are those of its statement; the key has "
                f"{', '.join(sorted({self.right, *self.wrong}))}, the page {', '.join(items) or 'none'}. An "
                "option is a line `- **A** text`."
            )
        lines = [f"- **{chr(ord('A') + n)}** {items[o]}" for n, o in enumerate(self.shown)]
        before = statement[: next(ITEM.finditer(statement)).start()]
        return before + "\n".join(lines)

    @property
    def pool(self) -> int | None:
        """Choices of wrong options, and orders."""
        wrong = min(len(self.wrong), SHOWN - 1)
        return comb(len(self.wrong), wrong) * factorial(wrong + 1)

    def summary(self) -> str:
        """The page's letters in this order, and the answer."""
        place = self.shown.index(self.right)
        return f"{''.join(self.shown)}, right is {chr(ord('A') + place)}"

    def vary(self, draw: Draw) -> Self:
        """The right option among some of the wrong ones, shuffled."""
        letters = [self.right, *draw.rng.permutation(list(self.wrong))[: SHOWN - 1].tolist()]
        return self.with_options(draw.rng.permutation(letters).tolist())
