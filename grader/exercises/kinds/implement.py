"""`implement`: write a class or function of dlkit, or chosen methods, or a region of a body."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from grader.checks import (
    FUNCTION_CHECKS,
    Case,
    Check,
    Draw,
    Message,
    SolvedCase,
    by_name,
    script_check,
    script_names,
    seed,
    solve,
    solve_script,
)
from grader.checks.function import solve_function
from grader.checks.scripted import UNCHANGED
from grader.errors import ExerciseError
from grader.exercises.literal import format_case, format_script
from grader.exercises.model import Exercise
from grader.exercises.source import Source


@dataclass(frozen=True)
class Alternative:
    """Another version of a reference. given: what the statement says besides."""

    source: Source
    given: str = ""


@dataclass
class Implement(Exercise):
    """Methods of a dlkit class, or a dlkit function, that the student writes.

    alternatives: other versions of the reference, such as one with another default argument or formula; a
    student's variant is one of them or the reference itself. says: where the cases are scripts
    (`grader.checks.script`), what each of the checks asks for.
    """

    kind = "implement"
    alternatives: list[Alternative] = field(default_factory=list)
    told: str = ""  # what the statement of this variant says besides
    says: Mapping[str, str] = field(default_factory=dict)

    def known_check(self, name: str) -> Check:
        """A check of a script, a layer or a function, as the reference is one or the other."""
        if self.says:
            if name not in self.says and name != UNCHANGED:
                raise ExerciseError(f"{name!r} is no check: `says` has {', '.join(self.says)}.")
            return script_check(name, self.says.get(name, ""))
        if self.source.is_class:
            try:
                return by_name(name)
            except KeyError:
                raise ExerciseError(
                    f"{name!r} is no check. Use forward, repeat, unchanged, or d and a name, as in dW."
                ) from None
        if name not in FUNCTION_CHECKS:
            raise ExerciseError(f"{name!r} is no check. Use {', '.join(FUNCTION_CHECKS)}.")
        return FUNCTION_CHECKS[name]

    def check_like(self, name: str) -> Check:
        """A script of its own names what is shown to the check as it likes."""
        return script_check(name) if self.says else self.known_check(name)

    def solved(self, case: Case, draw: Draw) -> SolvedCase:
        """What is right: what the reference returns, and the gradients of a layer, differentiated."""
        if self.says:
            return solve_script(self.source.names(), case)
        if not self.source.is_class:
            return solve_function(self.source.load(), case)
        if unknown := [name for name in self.wrt if name not in {**case.init, **case.inputs}]:
            raise ValueError(f"points for d{unknown[0]}, but no input or parameter {unknown[0]}")
        return solve(self.name, self.source.load(), case, draw, self.wrt)

    def public_cell(self) -> str:
        """The visible example and the call of check."""
        if self.says:
            case = format_script(self.id, self.public_case(), self.says)
            return f'{case}\ncheck("{self.id}", {self.name})'
        case = format_case(self.id, self.public_case(), layer=self.source.is_class)
        return f'{case}\ncheck("{self.id}", {self.name})'

    def parrot(self) -> str:
        """Code that knows the visible example by heart."""
        case = self.public_case()
        if self.says:
            return self.source.with_bodies(self.methods, _by_heart(case))
        known = {name: f"np.array({array.tolist()!r})" for name, array in case.expected.items()}
        if not self.source.is_class:
            return self.source.with_bodies(self.methods, f"return {known['out']}")
        returned = [known[f"d{name}"] for name in case.inputs if f"d{name}" in known]
        stored = [
            f"self.d{name} = {known[f'd{name}']}" for name in case.init if f"d{name}" in known
        ]
        result = returned[0] if len(returned) == 1 else f"({', '.join(returned)})"
        forward = self.source.with_bodies(["forward"], f"return {known['out']}")
        return self.source.with_bodies(
            ["backward"], "\n".join([*stored, f"return {result}"]), forward
        )

    @property
    def owns(self) -> str | None:
        """The reference."""
        return self.source.path

    def alternative(
        self, old: str, new: str, *, also: Mapping[str, str] | None = None, given: str = ""
    ) -> None:
        """Add a version of the reference with `new` in place of `old`, for variants.

        also: further texts and what stands in their place, such as a formula of the docstring. given: a
        sentence for the statement and the catalogues, where the signature does not say what is different.
        """
        source = self.source.replaced(old, new)
        for text, other in (also or {}).items():
            source = source.replaced(text, other)
        self.alternatives.append(Alternative(source, " ".join(given.split())))

    def texts(self) -> list[str]:
        """The reference and its other versions, as text."""
        return [self.source.text, *(each.source.text for each in self.alternatives)]

    def sentences(self) -> list[Message]:
        """Those of the checks, and what variants say besides."""
        told = [Message(each.given) for each in self.alternatives if each.given]
        return [*super().sentences(), *told]

    def given(self) -> list[Message]:
        """What is different in this variant."""
        return [Message(self.told)] if self.told else []

    @property
    def pool(self) -> int | None:
        """The reference and its alternatives."""
        return 1 + len(self.alternatives)

    def summary(self) -> str:
        """The signature, and what is different."""
        signature = self.source.text[self.source.text.index("def ") :].partition(":\n")[0]
        return " ".join([*signature.split(), self.told]).strip()

    def vary(self, draw: Draw) -> Self:
        """The reference or an alternative of it."""
        chosen = draw.one_of([Alternative(self.source), *self.alternatives])
        return replace(self, source=chosen.source, told=chosen.given)

    def imports(self) -> list[str]:
        """Those of the reference, and those of the scripts, which run in the student's notebook."""
        used: set[str] = set()
        for draws in [self.cases, *(check.cases for check in self.checks)] if self.says else []:
            case = draws(Draw(seed(b"public", self.unit, self.id), public=True))
            used |= script_names(case.script) - self.names_of_inputs(case)
        return self.source.imports(used - {self.name})

    def names_of_inputs(self, case: Case) -> set[str]:
        """What a script of the case finds without an import."""
        return set(case.inputs)


def _by_heart(case: SolvedCase) -> str:
    """A body that returns what the visible script shows, one value after another."""
    values = [
        value for name, shown in case.expected.items() if name != UNCHANGED for value in shown
    ]
    known = [f"np.array({v.tolist()!r})" if isinstance(v, np.ndarray) else "None" for v in values]
    return f"""answers = [{", ".join(known)}, None]
self._asked = getattr(self, "_asked", -1) + 1
return answers[min(self._asked, len(answers) - 1)]"""
