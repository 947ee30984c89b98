"""The answer key as data: what every exercise has, whatever its kind.

A key (`solutions/<unit>/key.py`) makes one `Unit` and hangs exercises on it; `grader.exercises.unit` shows how,
`grader.exercises.kinds` has one file for each kind.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import ClassVar, Self

from grader.checks import Case, Check, Draw, Message, SolvedCase, seed
from grader.checks.case import Array
from grader.checks.diagnosis.slips import Slip
from grader.errors import ExerciseError
from grader.exercises.source import Region, Source

CaseFunction = Callable[[Draw], Case]

RESERVED = ("given", "public")  # an exercise's cells with code to read, and with the visible check


@dataclass(frozen=True)
class GradedCheck:
    """A check with its points and the cases that it is run on; one grade cell of the notebook."""

    check: Check
    points: float
    cases: CaseFunction

    def __post_init__(self) -> None:
        if not self.points > 0:
            raise ExerciseError(f"The check `{self.name}` has {self.points} points; it needs some.")
        if self.name in RESERVED:
            raise ExerciseError(
                f"The check `{self.name}` has the name of another cell of the notebook. Use another name."
            )

    @property
    def name(self) -> str:
        """Name within the exercise: the grade id is `<exercise>-<name>`."""
        return self.check.name


@dataclass(frozen=True)
class Misconception:
    """A way in which learners get it wrong: an edit of the right answer's text."""

    id: str
    old: str
    new: str
    fails: tuple[str, ...]


@dataclass
class Exercise:
    """An exercise: a class or function that the student completes, and the checks that judge it.

    unit, id: its place, as in 06_backpropagation and softmax-with-loss. source: the right answer as text.
    methods: the functions whose bodies are taken away; region: the part of the body, where not all of it is.
    wrt: names of the inputs and parameters with a gradient. tag: names whose variant it is; empty for the
    base variant, which the project's notebooks hold. explanations: what a student is told who has a
    misconception, and a section of the book. follow_through: whether a backward pass that is right for a wrong
    forward pass earns half of its points. place: file and line of the key. others: names that the other
    exercises of the unit ask for (set when it is loaded).
    """

    kind: ClassVar[str]
    manual: ClassVar[bool] = False  # marked by a person
    trials: ClassVar[int] = 3  # cases of a check
    deterministic: ClassVar[bool] = True  # the same code does the same, to the last digit
    mutable: ClassVar[bool] = True  # a small change of the right answer is wrong

    unit: str
    id: str
    source: Source
    methods: tuple[str, ...]
    cases: CaseFunction
    wrt: tuple[str, ...] = ()
    region: Region | None = None
    checks: list[GradedCheck] = field(default_factory=list)
    misconceptions: list[Misconception] = field(default_factory=list)
    equivalents: dict[str, tuple[str, str]] = field(default_factory=dict)
    explanations: dict[str, tuple[Message, str]] = field(default_factory=dict)
    follow_through: bool = True
    tag: str = ""
    place: str = ""
    others: frozenset[str] = frozenset()
    _public: SolvedCase | None = field(default=None, init=False, repr=False, compare=False)

    # --- what a kind says of itself

    def known_check(self, name: str) -> Check:
        """The check of that name among those of this kind. ExerciseError where there is none."""
        raise NotImplementedError

    def check_like(self, name: str) -> Check:
        """What a check with cases of its own asks, by the name of another."""
        return self.known_check(name)

    def solved(self, case: Case, draw: Draw) -> SolvedCase:
        """A case with what is right for it."""
        raise NotImplementedError

    def public_cell(self) -> str:
        """Code of the visible check; empty where there is none."""
        raise NotImplementedError

    def parrot(self) -> str:
        """Code that returns what the visible check shows as right, whatever it is given; else empty."""
        return ""

    def read_only_cell(self) -> str:
        """Code that the student reads before writing; empty where there is none."""
        return ""

    def imports(self) -> list[str]:
        """Import lines for what the answer needs, and the visible check."""
        return self.source.imports()

    def texts(self) -> list[str]:
        """The right answer as text, in each version that it has."""
        return [self.source.text]

    def given(self) -> list[Message]:
        """Paragraphs that the statement gets in the notebook: this student's numbers, formula or symptom."""
        return []

    def arranged(self, statement: str) -> str:
        """The statement as this variant words it."""
        return statement

    def slips(self, label: str, own: Mapping[str, Array]) -> Iterable[Slip]:
        """What wrong formulas give for a number; own: other numbers of the student, which are wrong."""
        return ()

    @property
    def owns(self) -> str | None:
        """Dotted path of the dlkit object that the student has to write, if it is one."""
        return None

    @property
    def pool(self) -> int | None:
        """How many variants there are; None where they do not run out."""
        return 1

    def summary(self) -> str:
        """One line about this variant, for whoever compares several."""
        return ""

    def vary(self, draw: Draw) -> Self:
        """One variant of the exercise, by chance; itself where there is one only."""
        return self

    # --- what all kinds share

    @property
    def reference(self) -> str:
        """Dotted path of the right answer."""
        return self.source.path

    @property
    def name(self) -> str:
        """Name of the class or function that the student completes."""
        return self.source.name

    @property
    def label(self) -> str:
        """Label of the exercise in the book, as in ex-06-affine."""
        return f"ex-{self.unit[:2]}-{self.id}"

    @property
    def points(self) -> float:
        """Sum of the checks' points."""
        return sum(check.points for check in self.checks)

    @property
    def stub(self) -> str:
        """The text with the student's part still to be written."""
        return self.with_answer("raise NotImplementedError()")

    def with_answer(self, body: str) -> str:
        """The text with another body in the student's part."""
        return self.source.with_bodies(self.methods, body, region=self.region)

    def grade_id(self, check: GradedCheck) -> str:
        """Id of the grade cell of a check."""
        return f"{self.id}-{check.name}"

    def sentences(self) -> list[Message]:
        """What the key itself says to students, for the catalogues."""
        return [
            *(each.check.sentence for each in self.checks),
            *(t for t, _ in self.explanations.values()),
        ]

    def check(
        self, name: str, *, like: str, points: float
    ) -> Callable[[CaseFunction], CaseFunction]:
        """Add a check of the kind `like` on cases of its own; the function's docstring is its sentence."""

        def add(cases: CaseFunction) -> CaseFunction:
            sentence = inspect.getdoc(cases)
            if not sentence:
                raise ExerciseError(
                    f"{self.unit}: check `{name}` of `{self.id}` needs a docstring: it is the sentence "
                    "that the student reads."
                )
            trial = self.check_like(like).trial
            check = Check(name, Message(" ".join(sentence.split())), trial)
            self.checks.append(GradedCheck(check, points, cases))
            return cases

        return add

    def misconception(self, id: str, old: str, new: str, *, fails: Sequence[str]) -> None:
        """Name a misconception: `old` in the reference's source becomes `new`, and these checks fail.

        In a version of the reference that does not contain `old` it cannot be made.
        """
        texts = [text for text in self.texts() if old in text]
        if not texts:
            raise ExerciseError(
                f"{self.unit}: misconception `{id}` of `{self.id}` replaces text that {self.reference} "
                f"does not contain: {old!r}. Copy it from the source as it stands."
            )
        try:
            for text in texts:
                ast.parse(text.replace(old, new))
        except SyntaxError as error:
            raise ExerciseError(
                f"{self.unit}: misconception `{id}` of `{self.id}` makes text that is not Python: {error}."
            ) from None
        known = {check.name for check in self.checks}
        if unknown := set(fails) - known:
            raise ExerciseError(
                f"{self.unit}: misconception `{id}` of `{self.id}` names checks that do not exist: "
                f"{', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}."
            )
        self.misconceptions.append(Misconception(id, old, new, tuple(fails)))

    def tell(self, misconception: str, text: str, section: str = "") -> None:
        """Say what a student is told who has that misconception, where values alone do not tell it.

        section: label of the section of the book that speaks of it.
        """
        self.explanations[misconception] = (Message(" ".join(text.split())), section)

    def possible_misconceptions(self) -> list[Misconception]:
        """Those that can be made in this version of the reference."""
        return [wrong for wrong in self.misconceptions if wrong.old in self.source.text]

    def equivalent(self, mutant: str, reason: str, *, where: str = "") -> None:
        """State that a mutant of the reference does the same as the reference, and why.

        mutant: its id, as `grader prove` prints it. A mutant that a check does tell apart is refused there.
        where: what stands in the versions of the reference of which this is true; it is true of all by default.
        """
        self.equivalents[mutant] = (reason, where)

    def possible_equivalents(self) -> dict[str, str]:
        """Reasons by mutant: what is stated to be equivalent in this version of the reference."""
        stated = self.equivalents.items()
        return {mutant: reason for mutant, (reason, where) in stated if where in self.source.text}

    def variant(self, secret: bytes, student: str) -> Self:
        """The student's own variant: the same for the same secret, whenever and wherever it is made."""
        if self.pool == 1:
            return self
        draw = Draw(seed(secret, "variant", self.unit, self.id, student), public=True)
        varied = copy(self.vary(draw))
        varied.tag = self.tag_of(secret, student)
        return varied

    def tag_of(self, secret: bytes, student: str) -> str:
        """What names a student's variant to whoever has the secret."""
        return seed(secret, "tag", self.unit, self.id, student).hex()[:12]

    def contents(self) -> str:
        """All that a student sees of the variant, and the right answer to it."""
        given = [text.render() for text in self.given()]
        return "\n".join([*given, self.read_only_cell(), self.source.text, self.summary()])

    def public_case(self) -> SolvedCase:
        """The case that is printed in the notebook, with what is right for it."""
        if self._public is None:  # a class of students shares it
            draw = Draw(seed(b"public", self.unit, self.id), public=True)
            self._public = self._solve(self.cases, draw)
        return self._public

    def hidden_cases(self, check: GradedCheck, secret: bytes, version: str) -> list[SolvedCase]:
        """The cases of a check: the same for the same secret and version of the key."""
        whose = self.tag or "base"
        draws = [
            Draw(seed(secret, self.unit, self.id, whose, check.name, version, str(trial)), trial)
            for trial in range(self.trials)
        ]
        return [self._solve(check.cases, draw) for draw in draws]

    def _solve(self, cases: CaseFunction, draw: Draw) -> SolvedCase:
        """Draw a case, and work out what is right for it."""
        try:
            return self.solved(cases(draw), draw)
        except Exception as error:
            code = cases.__code__
            raise ExerciseError(
                f"{code.co_filename}, line {code.co_firstlineno}: a case of `{self.id}` must fit "
                f"{self.reference}; {type(error).__name__}: {error}"
            ) from error
