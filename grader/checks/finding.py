"""What a check found out about a submission: a diagnosis with a name.

The name (`id`) stands for one way of being wrong, in every language and every exercise, so that a class report
can count it; the text says it of this array and this exercise.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from grader.checks.known import KNOWN
from grader.checks.text import Message, message

if TYPE_CHECKING:
    from grader.checks.evidence import Evidence

UNSURE = 0.6


@dataclass(frozen=True)
class Finding:
    """One diagnosis.

    id: its name, stable, in kebab case, such as "times-batch"; "key:affine/dW-transposed" is the misconception
    of that name in the key. section: label of a section of the book, by default that of the id.
    confidence: from 0 to 1. example: the smallest case that shows it, on public numbers.
    evidence: what it was made from, for the judge; it is never stored.
    """

    id: str
    text: Message
    section: str = ""
    confidence: float = 1.0
    example: Message | None = None
    evidence: "Evidence | None" = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.section:
            object.__setattr__(self, "section", KNOWN[self.id].section if self.id in KNOWN else "")

    def __getstate__(self) -> dict[str, object]:
        # Between processes it goes without: arrays that nobody needs there, or a hold on a live object.
        return {**vars(self), "evidence": None}

    def render(self, language: str = "en") -> str:
        """The text, and the example if there is one, in that language."""
        text = self.text.render(language)
        return text if self.example is None else f"{text} {self.example.render(language)}"


def finding(id: str, /, **values: object) -> Finding:
    """Make a finding of a known kind, its gaps filled.

    >>> finding("wrong-sign", label="dW").render()
    '`dW` has the wrong sign.'
    """
    return Finding(id, message(KNOWN[id].text, **values))


def unsure(found: Finding) -> Finding:
    """The finding with less confidence: it fits, and something else might fit as well."""
    return replace(found, confidence=UNSURE)
