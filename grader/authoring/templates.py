"""First exercises for authors to start from: complete, proved, and to be replaced by their own."""

from dataclasses import dataclass

KEY = '''\
"""Answer key of unit {number}."""

from grader.checks import Case
from grader.exercises import Unit

unit = Unit("{unit}")
'''

EXERCISE = """

@unit.implement(
    "dlkit.layers.{name}",
    points={{"forward": 1, "dx": 2, "repeat": 0.5, "unchanged": 0.5}},
)
def {function}(draw):
    n, d = draw.sizes(2)
    return Case(inputs={{"x": draw(n, d)}})


"""

MISCONCEPTION = """\
{function}.misconception(
    "{id}",
    {old},
    {new},
    fails=["dx", "repeat", "unchanged"],
)
"""

PAGE = {
    "en": "# {title}\n\nWhat a reader learns here is still to be written.\n",
    "ja": "# {title}\n\n本文はこれから書く。\n",
}

STATEMENT = """
````{{exercise}} {title}
:label: {label}

{text}

:::{{hint}}
{hint}
:::
````
"""


@dataclass(frozen=True)
class Template:
    """An exercise on a layer of dlkit. wrong: id, old and new text of mistakes that learners make.

    title, text, hint: by language.
    """

    name: str
    wrong: tuple[tuple[str, str, str], ...]
    title: dict[str, str]
    text: dict[str, str]
    hint: dict[str, str]


_BACKWARD = {
    "en": "`backward(dout)` receives the gradient of the loss with respect to that output and returns the one "
    "with respect\nto `x`. Do not change the arrays that are given.",
    "ja": "`backward(dout)` は出力に関する損失の勾配を受け取り、`x` に関する勾配を返す。\n"
    "渡された配列は書き換えないこと。",
}

TEMPLATES = (
    Template(
        "Tanh",
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
)
