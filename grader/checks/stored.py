"""Verdicts as plain data and back, so that one that was stored can be read later in any language."""

from typing import Any

from grader.checks.finding import Finding
from grader.checks.text import Message
from grader.checks.verdict import Awaiting, Blocked, Crashed, Failed, Passed, Verdict

KINDS = {
    "passed": Passed,
    "failed": Failed,
    "blocked": Blocked,
    "awaiting": Awaiting,
    "crashed": Crashed,
}
WORDS = {kind: word for word, kind in KINDS.items()}


def to_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as what JSON can hold: its kind, and what it says, not yet in any language."""
    stored: dict[str, Any] = {"kind": WORDS[type(verdict)]}
    match verdict:
        case Passed(note=found):
            return stored if found is None else stored | {"finding": _finding(found)}
        case Failed(diagnosis=found, share=share):
            return stored | {"finding": _finding(found), "share": share}
        case Blocked(by=text) | Awaiting(note=text):
            return stored | {"message": message_to_json(text)}
        case Crashed(error=error):
            return stored | {"error": error}


def from_json(stored: Any) -> Verdict:
    """The verdict of `to_json`. ValueError where it is none."""
    try:
        match stored["kind"]:
            case "passed":
                return Passed(_read_finding(stored["finding"]) if "finding" in stored else None)
            case "failed":
                return Failed(_read_finding(stored["finding"]), float(stored["share"]))
            case "blocked" | "awaiting" as kind:
                made: Blocked | Awaiting = KINDS[kind](message_from_json(stored["message"]))
                return made
            case "crashed":
                return Crashed(str(stored["error"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"A stored verdict has a kind and what that kind says; got {stored!r:.200}."
        ) from error
    raise ValueError(f"A verdict is {', '.join(KINDS)}; got {stored['kind']!r:.100}.")


def _finding(found: Finding) -> dict[str, Any]:
    return {
        "id": found.id,
        "text": message_to_json(found.text),
        "section": found.section,
        "confidence": found.confidence,
        "example": None if found.example is None else message_to_json(found.example),
    }


def _read_finding(stored: Any) -> Finding:
    example = stored["example"]
    return Finding(
        str(stored["id"]),
        message_from_json(stored["text"]),
        str(stored["section"]),
        float(stored["confidence"]),
        None if example is None else message_from_json(example),
    )


def message_to_json(text: Message) -> dict[str, Any]:
    """A message as what JSON can hold, not yet in any language."""
    values = {
        n: message_to_json(v) if isinstance(v, Message) else v for n, v in text.values.items()
    }
    return {"text": text.text, "values": values}


def message_from_json(stored: Any) -> Message:
    """The message of `message_to_json`. An exception of any kind where it is none."""
    values = {
        n: message_from_json(v) if isinstance(v, dict) else str(v)
        for n, v in stored["values"].items()
    }
    return Message(str(stored["text"]), values)
