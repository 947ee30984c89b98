"""A verdict comes back from JSON as it was, and reads the same in every language."""

import json

import pytest

from grader.checks import (
    LANGUAGES,
    Awaiting,
    Blocked,
    Crashed,
    Failed,
    Passed,
    finding,
    from_json,
    message,
    reason,
    to_json,
)
from grader.checks.finding import Finding

NESTED = message("`forward` comes first: {why}", why=message("`{label}` is None.", label="forward"))
VERDICTS = [
    Passed(),
    Passed(finding("numerical-derivative", label="dW", error="1e-10")),
    Failed(finding("times-batch", label="dW", batch=5)),
    Failed(finding("wrong-sign", label="dx"), share=0.5),
    Failed(Finding("key:affine/x", NESTED, "sec-06-affine", 0.75, message("Take {x}.", x=[1, 2]))),
    Blocked(NESTED),
    Awaiting(message("A person will mark this answer.")),
    Crashed("Traceback of ours {with braces}"),
]


@pytest.mark.parametrize("verdict", VERDICTS, ids=lambda v: type(v).__name__)
def test_there_and_back(verdict):
    again = from_json(json.loads(json.dumps(to_json(verdict))))
    assert again == verdict
    for language in LANGUAGES:
        assert reason(again, language) == reason(verdict, language)


@pytest.mark.parametrize(
    "stored",
    [
        None,
        {},
        [],
        {"kind": "right"},
        {"kind": "failed"},
        {"kind": "failed", "share": 0, "finding": {"id": "x", "text": "y"}},
        {"kind": "blocked", "message": {"text": "y", "values": 3}},
    ],
)
def test_what_is_no_verdict_is_refused(stored):
    with pytest.raises(ValueError, match="verdict"):
        from_json(stored)
