"""Every kind of small mistake is made, and none that changes nothing."""

from textwrap import dedent, indent

import pytest

from grader.proof.mutants import mutants

MADE = [
    ("return x + y", "operator", "return (x - y)"),
    ("return x - y", "exchanged", "return (y - x)"),
    ("return x < 0", "boundary", "return (x <= 0)"),
    ("return x.sum(axis=0)", "constant", "return x.sum(axis=(1))"),
    ("return x.sum(axis=0)", "keyword", "return (x.sum())"),
    ("return x.sum(axis=0)", "function", "return (x.mean(axis=0))"),
    ("return x.T @ y", "transpose", "return (x) @ y"),
    ("return f(x, y)", "arguments", "return (f(y, x))"),
    ("return x * y", "argument", "return x * (x)"),
    ("return x.reshape(2, 3)[1:, :2]", "slice", "return x.reshape(2, 3)[:, :2]"),
    ("return x.reshape(2, 3)[1:, :2]", "neighbours", "return x.reshape(2, 3)[:2, 1:]"),
    ("return x[y]", "index", "return (x)"),
    ("return x, y", "neighbours", "return (y, x)"),
    ("return x if y else 0.0", "branch", "return (0.0)"),
    ("return x and not y", "logic", "return (x or not y)"),
    ("return x and not y", "logic", "return x and (y)"),
    ("x = x - y\nreturn x", "augmented", "x -= y\nreturn x"),
    ("for i in x:\n    y += i\nreturn y", "overwritten", "for i in x:\n    y = i\nreturn y"),
    ("for i in x:\n    y += i\nreturn y", "dropped", "for i in x:\n    pass\nreturn y"),
    (
        "for i in x:\n    y += i\nreturn y",
        "rounds",
        "for i in (list(x)[:-1]):\n    y += i\nreturn y",
    ),
    ("if y is None:\n    return x\nreturn y", "branch", "if (True):\n    return x\nreturn y"),
    ("self.dW = x\nreturn y", "single", "self.dW = np.asarray(x, dtype=np.float32)\nreturn y"),
    ("self.x = x\nreturn y", "kept", 'self.x = getattr(self, "x", x)\nreturn y'),
]


def method(body):
    return f"class C:\n    def forward(self, x, y):\n{indent(dedent(body), ' ' * 8)}"


@pytest.mark.parametrize(("body", "kind", "wrong"), MADE)
def test_a_mistake_is_made(body, kind, wrong):
    made = {mutant.text: mutant.id for mutant in mutants(method(body), ["forward"])}
    assert made[method(wrong)].startswith(f"{kind}-forward-")


@pytest.mark.parametrize(
    "same",
    [
        method("return x / len(y)"),  # arguments of one shape
        method("return x.sum(axis=(1, 0))"),  # the order of axes
        method("if y is None:\n    raise ValueError(x)\nreturn x"),  # what is refused
        method("fits = x or y\nexpect(fits)\nreturn x"),
    ],
)
def test_what_changes_nothing_is_no_mistake(same):
    later = ("argument-", "neighbours-", "branch-", "logic-")
    plain = same.replace("len(y)", "len(x)").replace("(1, 0)", "(0, 1)")
    assert not [m for m in mutants(plain, ["forward"]) if m.id.startswith(later) and m.text == same]
    assert not [m for m in mutants(same, ["forward"]) if m.id.startswith(("branch-", "logic-"))]


def test_a_mutant_keeps_its_number_when_rules_are_added():
    ids = [
        mutant.id
        for mutant in mutants(method("for i in x:\n    y += i\nreturn x - y"), ["forward"])
    ]
    first = ids.index("overwritten-forward-0")
    assert all(id.split("-")[0] != "overwritten" for id in ids[:first])
    assert "term-forward-0" in ids[:first]
