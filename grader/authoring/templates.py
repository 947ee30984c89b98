"""First exercises for authors to start from: complete, proved, and to be replaced by their own."""

from dataclasses import dataclass

KEY = '''\
"""Answer key of unit {number}."""

from grader.checks import Case
from grader.exercises import Unit

unit = Unit("{unit}")
'''

LAYER = """

@unit.implement(
    "dlkit.layers.{name}",
    points={{"forward": 1, "dx": 2, "repeat": 0.5, "unchanged": 0.5}},
)
def {function}(draw):
    n, d = draw.sizes(2)
    return Case(inputs={{"x": draw(n, d)}})


"""

SCRIPT = '''

@unit.implement(
    "dlkit.optim.{name}",
    methods=["step"],
    points={{"first-step": 1, "second-step": 2, "unchanged": 0.5}},
    says={{
        "first-step": "The first update changes the parameter by the right amount.",
        "second-step": "The second update remembers the first gradient.",
    }},
)
def {function}(draw):
    W, g1, g2 = (draw(2, 3) for _ in range(3))
    script = """
optimizer = {name}(lr, momentum)
optimizer.update({{"W": W}}, {{"W": g1}})
see("first-step", W)
optimizer.update({{"W": W}}, {{"W": g2}})
see("second-step", W)
"""
    numbers = {{"lr": 0.25, "momentum": 0.5}}
    return Case(inputs={{"W": W, "g1": g1, "g2": g2, **numbers}}, script=script)


'''

MISCONCEPTION = """\
{function}.misconception(
    "{id}",
    {old},
    {new},
    fails={fails},
)
"""

PAGE = {
    "en": "# {title}\n\nWhat a reader learns here is still to be written.\n",
    "ja": "# {title}\n\n本文はこれから書く。\n",
}

STATEMENT = """
````{{exercise}} {title}
:label: {label}
:difficulty: {difficulty}
:minutes: {minutes}

{text}

:::{{hint}}
{hint}
:::
````
"""


@dataclass(frozen=True)
class Template:
    """An exercise on an object of dlkit. asks: how a key asks for it.

    wrong: id, old and new text of mistakes that learners make. fails: the checks that fail on each of them.
    difficulty: from 1 to 3. minutes: the time that it is expected to take. title, text, hint: by language.
    """

    name: str
    asks: str
    fails: tuple[str, ...]
    wrong: tuple[tuple[str, str, str], ...]
    title: dict[str, str]
    text: dict[str, str]
    hint: dict[str, str]
    difficulty: int = 1
    minutes: int = 15


_BACKWARD = {
    "en": "`backward(dout)` receives the gradient of the loss with respect to that output and returns the one "
    "with respect\nto `x`. Do not change the arrays that are given.",
    "ja": "`backward(dout)` は出力に関する損失の勾配を受け取り、`x` に関する勾配を返す。\n"
    "渡された配列は書き換えないこと。",
}

BACKWARD_FAILS = ("dx", "repeat", "unchanged")
TEMPLATES = (
    Template(
        "Tanh",
        LAYER,
        BACKWARD_FAILS,
        (
            ("square-forgotten", "(1.0 - self.y**2)", "(1.0 - self.y)"),
            ("dout-forgotten", "dout * (1.0 - self.y**2)", "1.0 - self.y**2"),
        ),
        {"en": "Hyperbolic tangent", "ja": "双曲線正接"},
        {
            "en": "Implement the class `Tanh`. `forward(x)` returns $\\tanh x$, entry by entry.\n"
            + _BACKWARD["en"],
            "ja": "クラス `Tanh` を実装せよ。`forward(x)` は要素ごとに $\\tanh x$ を返す。\n"
            + _BACKWARD["ja"],
        },
        {
            "en": "How can the derivative be written with the output alone?",
            "ja": "導関数を出力だけで書くにはどうすればよいか。",
        },
    ),
    Template(
        "Sigmoid",
        LAYER,
        BACKWARD_FAILS,
        (
            ("factor-forgotten", "dout * self.y * (1.0 - self.y)", "dout * self.y"),
            ("dout-forgotten", "dout * self.y * (1.0 - self.y)", "self.y * (1.0 - self.y)"),
        ),
        {"en": "Sigmoid as a layer", "ja": "シグモイド層"},
        {
            "en": "Implement the class `Sigmoid`. `forward(x)` returns $1 / (1 + e^{-x})$, entry by entry.\n"
            + _BACKWARD["en"],
            "ja": "クラス `Sigmoid` を実装せよ。`forward(x)` は要素ごとに $1 / (1 + e^{-x})$ を返す。\n"
            + _BACKWARD["ja"],
        },
        {
            "en": "The derivative needs nothing but the output. What has `forward` to keep?",
            "ja": "導関数に必要なのは出力だけである。`forward` は何を残しておけばよいか。",
        },
    ),
    Template(
        "Momentum",
        SCRIPT,
        ("second-step", "unchanged"),
        (("forgets", "v *= self.momentum", "v *= 0.0"),),
        {"en": "Momentum", "ja": "モメンタム"},
        {
            "en": "Complete the class `Momentum`: `step(W, g, v)` changes the parameter `W` and the velocity "
            "`v` in place,\nand leaves the gradient `g` as it is.",
            "ja": "クラス `Momentum` を完成させよ。`step(W, g, v)` はパラメータ `W` と速度 `v` を"
            "その場で書き換え、\n勾配 `g` は変えない。",
        },
        {
            "en": "The new velocity moves the parameter.",
            "ja": "パラメータを動かすのは新しい速度である。",
        },
    ),
)
