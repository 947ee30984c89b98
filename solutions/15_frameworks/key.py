"""Answer key of unit 15: automatic differentiation from nothing."""

import numpy as np

from grader.checks import Case
from grader.exercises import Formula, Step, Unit, Worked

unit = Unit("15_frameworks")


@unit.compute(points={"v": 1, "gradients": 2, "second": 1.5})
def by_hand(draw):
    x, y = draw.nonzero(2) / 2
    c, d = (float(number) for number in draw.nonzero(2))
    v1 = x * y
    v2 = np.exp(v1)
    v3 = c * v1 + d * v2
    return Worked(
        given={
            "x": x, "y": y, "c": c, "d": d,
            "v_1": "x y", "v_2": "e^{v_1}", "v_3": "c\\, v_1 + d\\, v_2", "z": "v_3\\, x",
        },
        steps=[
            Step(
                "v",
                "v1 = x * y; v2 = exp(v1); v3 = c * v1 + d * v2; [v1, v2, v3]",
                np.array([v1, v2, v3]),
            ),
            Step(
                "gradients",
                "dz_dv1 = x * (c + d * v[1]); [x, dz_dv1, v[2] + y * dz_dv1]",
                np.array([x, x * (c + d * v2), v3 + y * x * (c + d * v2)]),
            ),
            Step(
                "second",
                "2 * y * (c + d * v[1]) + x * y**2 * d * v[1]",
                np.asarray(2 * y * (c + d * v2) + x * y**2 * d * v2),
            ),
        ],
        names={"x": x, "y": y, "c": c, "d": d},
        wrong={
            "one-path-to-v1": {"gradients": np.array([x, x * d * v2, v3 + y * x * d * v2])},
            "one-path-to-x": {"gradients": np.array([x, x * (c + d * v2), y * x * (c + d * v2)])},
            "outer-path-only": {"gradients": np.array([x, x * (c + d * v2), v3])},
            "product-rule-once": {"second": np.asarray(y * (c + d * v2) + x * y**2 * d * v2)},
            "square-of-the-first": {"second": np.asarray((v3 + y * x * (c + d * v2)) ** 2)},
        },
    )  # fmt: skip


def graph(draw):
    """Local derivatives of a graph with paths of unequal length; its nodes stand in any order."""
    n = 4 if draw.public else int(draw.rng.integers(6, 9))
    slopes = np.triu(draw.nonzero(n, n) * (draw.rng.random((n, n)) < 0.5), k=1)
    slopes[np.arange(n - 1), np.arange(1, n)] = draw.nonzero(n - 1)  # the long way
    slopes[0, n - 1] = 0.5  # and the short one
    order = draw.rng.permutation(n)
    return slopes[np.ix_(order, order)], order


@unit.implement("dlkit.autograd.graph.generations", points={"value": 2, "unchanged": 0.5})
def generations(draw):
    slopes, _ = graph(draw)
    return Case(inputs={"uses": slopes != 0})


@generations.check("side-branches", like="value", points=0.5)
def nodes_of_equal_generation(draw):
    """Several nodes may be given, and several may belong to one generation."""
    uses = np.zeros((6, 6), dtype=bool)
    for i, j in [(0, 2), (1, 2), (0, 3), (2, 4), (3, 4), (1, 5)]:
        uses[i, j] = True
    order = draw.rng.permutation(6)
    return Case(inputs={"uses": uses[np.ix_(order, order)]})


FOUND = ["value", "unchanged", "side-branches"]
LATER = "later = candidates.max(axis=0)"
generations.misconception(
    "shortest-path",
    LATER,
    "later = np.where(uses.any(axis=0), np.where(uses, found[:, np.newaxis] + 1, n).min(axis=0), 0)",
    fails=["value", "unchanged"],
)
generations.misconception("edges-counted", LATER, "later = uses.sum(axis=0)", fails=FOUND)
generations.misconception(
    "other-way-round", LATER, "later = candidates.max(axis=0)[::-1]", fails=FOUND
)
generations.misconception(
    "from-the-result",
    "candidates = np.where(uses, found[:, np.newaxis] + 1, 0)",
    "candidates = np.where(uses.T, found[:, np.newaxis] + 1, 0)",
    fails=FOUND,
)
generations.misconception(
    "one-round",
    "    for _ in range(n):\n",
    "    return np.where(uses.any(axis=0), 1, 0)\n    for _ in range(n):\n",
    fails=FOUND,
)


@unit.fix_the_bug("dlkit.autograd.graph.accumulate", points={"value": 2, "unchanged": 0.5})
def mend_accumulate(draw):
    slopes, order = graph(draw)
    return Case(inputs={"slopes": slopes, "result": int(np.argmax(order))})


@mend_accumulate.check("inner", like="value", points=0.5)
def another_result(draw):
    """Any node may be the result; nodes that it does not depend on have the derivative 0."""
    slopes, order = graph(draw)
    return Case(inputs={"slopes": slopes, "result": int(np.argsort(order)[-2])})


BOTH = ["value", "unchanged", "inner"]
mend_accumulate.bug(
    "overwritten",
    "gradients += slopes[:, j] * gradients[j]",
    "gradients = np.where(slopes[:, j] != 0, slopes[:, j] * gradients[j], gradients)",
    symptom="Chains of functions come out right. Where a value is used twice, one of its paths is missing.",
    fails=BOTH,
)
mend_accumulate.bug(
    "not-waited",
    """            if uses[i] == 0:
                complete.append(i)""",
    "            complete.append(i)",
    symptom="Where a node is used twice, what it passes on is counted more than once.",
    fails=BOTH,
)
mend_accumulate.bug(
    "inputs-counted",
    "(slopes != 0).sum(axis=1)",
    "(slopes != 0).sum(axis=0)",
    symptom="Only the result has a derivative, which is 1; all others are 0.",
    fails=BOTH,
)
mend_accumulate.bug(
    "seed-everywhere",
    "gradients[result] = 1.0",
    "gradients += 1.0",
    symptom="The derivatives are those of the sum of all nodes, not those of the result.",
    fails=BOTH,
)

VALUES = """
x = Scalar(a)
y = Scalar(b)
see("values", (x + y).data, (x * y).data, x.exp().data, (2.0 * x + 1.0).data)
z = x * y + x.exp()
z.backward()
see("gradients", x.grad.data, y.grad.data)
""".strip()
SHARED = """
x = Scalar(a)
z = x * x * x + x
z.backward()
see("shared", x.grad.data, z.grad.data)
""".strip()
ORDER = """
x = Scalar(a)
y = Scalar(b)
u = x * y
v = u.exp()
w = v * u
z = {last}
z.backward()
see("order", x.grad.data, y.grad.data, u.grad.data)
""".strip()
DOUBLED = """
x = Scalar(a)
y = x
for _ in range(10):
    y = y + y
z = y * x
z.backward()
see("doubled", x.grad.data)
""".strip()
AGAIN = """
x = Scalar(a)
y = Scalar(b)
one = x * y
other = x.exp()
one.backward()
other.backward()
see("again", x.grad.data, y.grad.data)
x.cleargrad()
third = 3.0 * x
third.backward()
see("again", x.grad.data)
""".strip()
SECOND = """
x = Scalar(a)
y = Scalar(b)
z = x * x * x * y + x.exp() * y
z.backward()
slope = x.grad
x.cleargrad()
y.cleargrad()
slope.backward()
see("second", x.grad.data, y.grad.data)
bend = x.grad
x.cleargrad()
bend.backward()
see("second", x.grad.data)
""".strip()


def numbers(draw, script):
    a, b = (float(x) for x in draw.nonzero(2) / 2)
    return Case(inputs={"a": a, "b": b}, script=script)


@unit.implement(
    "dlkit.autograd.scalar.Scalar",
    methods=["__add__", "__mul__", "exp", "history", "backward"],
    points={"values": 1, "gradients": 2},
    says={
        "values": "Sum, product and exponential have the right values, constants included.",
        "gradients": "`backward` finds the derivatives with respect to both inputs.",
    },
)
def scalar(draw):
    return numbers(draw, VALUES)


@scalar.check("shared", like="shared", points=1)
def used_twice(draw):
    """Where a number is used several times, its derivatives add up."""
    return numbers(draw, SHARED)


@scalar.check("order", like="order", points=1.5)
def unequal_paths(draw):
    """Paths of unequal length: nothing is passed on before all of its derivative has arrived."""
    last = ("w * x + u", "u + x * w", "w + u * x * v")[draw.trial % 3]
    return numbers(draw, ORDER.format(last=last))


@scalar.check("doubled", like="doubled", points=0.5)
def many_paths(draw):
    """A chain of doublings has a thousand paths, and each number is passed once."""
    return numbers(draw, DOUBLED)


@scalar.check("again", like="again", points=0.5)
def several_results(draw):
    """The derivatives of two results add up, until they are cleared."""
    return numbers(draw, AGAIN)


@scalar.check("second", like="second", points=1.5)
def derivatives_of_derivatives(draw):
    """A derivative can be differentiated in turn, and once more."""
    return numbers(draw, SECOND)


PASSED = "gradients[x] = gradients[x] + gx if x in gradients else gx"
scalar.misconception(
    "overwritten",
    PASSED,
    "gradients[x] = gx",
    fails=["gradients", "shared", "order", "doubled", "second"],
)
scalar.misconception(
    "product-of-the-sum",
    "lambda g: (g * other, g * self)",
    "lambda g: (g * self, g * other)",
    fails=["gradients", "shared", "order", "again", "doubled", "second"],
)
scalar.misconception(
    "gradient-as-number",
    "lambda g: (g * other, g * self)",
    "lambda g: (Scalar(g.data * other.data), Scalar(g.data * self.data))",
    fails=["second"],
)
scalar.misconception(
    "dout-forgotten",
    "lambda g: (g * other, g * self)",
    "lambda g: (other, self)",
    fails=["shared", "order", "second"],
)
scalar.misconception(
    "replaced-not-added",
    "y.grad = g if y.grad is None else y.grad + g",
    "y.grad = g",
    fails=["again"],
)
FOUND_LATER = """            x, done = waiting.pop()
            if done:
                order.append(x)
            elif x not in found:
                found.add(x)
                waiting.append((x, True))"""
scalar.misconception(
    "as-soon-as-it-is-found",
    FOUND_LATER,
    """            x, done = waiting.pop(0)
            if x not in found:
                found.add(x)
                order.insert(0, x)""",
    fails=["shared", "order", "doubled", "second"],
)

branch = unit.choose(
    "branch",
    points=1,
    right="C",
    wrong={
        "A": "both-branches",
        "B": "no-derivative",
        "D": "condition-differentiated",
        "E": "compiled",
    },
)
branch.tell(
    "both-branches",
    "One branch was run, and it alone stands in the history.",
)
branch.tell(
    "no-derivative",
    "The branch that was run consists of operations as any other program does, and they have derivatives.",
)
branch.tell(
    "condition-differentiated",
    "The condition chooses what is run; the result is not computed from it.",
)
branch.tell(
    "compiled",
    "In define-by-run nothing is compiled: the graph arises while the program runs.",
)


@unit.derive(
    points={"value": 2, "unchanged": 0.5},
    problems=[
        Formula(
            r"L(w) = \tfrac14 \left( w \cdot w \right)^2",
            "(w @ w) * v + 2 * (w @ v) * w",
            {"gradient-times-v": "((w @ w) * w) * v", "one-term": "(w @ w) * v",
             "two-forgotten": "(w @ w) * v + (w @ v) * w"},
        ),
        Formula(
            r"L(w) = e^{c \cdot w}",
            "np.exp(c @ w) * (c @ v) * c",
            {"gradient-times-v": "np.exp(c @ w) * c * v", "c-once": "np.exp(c @ w) * v",
             "squared": "np.exp(c @ w) * c**2 * v"},
        ),
        Formula(
            r"L(w) = \tfrac12 \left( c \cdot w \right)^2 + \tfrac12\, w \cdot w",
            "(c @ v) * c + v",
            {"gradient-times-v": "((c @ w) * c + w) * v", "one-term": "(c @ v) * c",
             "w-for-v": "(c @ w) * c + w"},
        ),
        Formula(
            r"L(w) = \tfrac12 \left( c \cdot w \right) \left( w \cdot w \right)",
            "(w @ v) * c + (c @ v) * w + (c @ w) * v",
            {"one-term": "(c @ w) * v", "two-terms": "(c @ v) * w + (c @ w) * v",
             "gradient-times-v": "((w @ w) * c / 2 + (c @ w) * w) * v"},
        ),
    ],
)  # fmt: skip
def hessian_vector(draw):
    """Product H v of the Hessian of L at w (n,) with a vector v (n,); c (n,) where L holds it."""
    n = draw.sizes(1, low=3)[0]
    return Case(inputs={"w": draw.nonzero(n), "v": draw.nonzero(n), "c": draw.nonzero(n)})


WHOLE = "whole numbers, whatever their dtype"
generations.equivalent("keyword-generations-0", WHOLE)
generations.equivalent("arguments-generations-2", "equality has no order")
generations.equivalent("call-generations-6", "what it refuses, and how, is not asked for")
scalar.equivalent("neighbours-__add__-0", "both terms get the same derivative, in either order")
mend_accumulate.equivalent("keyword-accumulate-1", "the local derivatives are of this dtype")
mend_accumulate.equivalent("call-accumulate-6", "NumPy's whole numbers index as well")
scalar.equivalent(
    "in-place-__add__-0", "a Scalar has no operation in place: the name is bound anew"
)
scalar.equivalent(
    "keyword-backward-0", "the rules of this class give one derivative for each input"
)
for number in range(3):
    hessian_vector.equivalent(
        f"exchanged-hessian_vector-{number}", "a dot product is the same in either order"
    )
    hessian_vector.equivalent(f"transposed-hessian_vector-{number}", "a number is its transpose")


generations.tell(
    "shortest-path",
    "A generation is the length of the longest path to a node, not of the shortest.",
    "sec-15-order",
)
generations.tell(
    "from-the-result",
    "The generations are counted from the result. They begin at what is given.",
    "sec-15-order",
)
by_hand.tell(
    "one-path-to-x",
    "x is used twice, in v1 and in z. One of the two paths is missing.",
    "sec-15-add",
)
scalar.tell(
    "overwritten",
    "Where a number is used twice, the second derivative takes the place of the first. Both are added.",
    "sec-15-add",
)
scalar.tell(
    "as-soon-as-it-is-found",
    "A number passes its derivative on before all of it has arrived.",
    "sec-15-order",
)
scalar.tell(
    "replaced-not-added",
    "A second `backward` forgets what the first one found. Derivatives add up until `cleargrad`.",
    "sec-15-second",
)
scalar.tell(
    "gradient-as-number",
    "The rule of the product computes with plain numbers, so its result cannot be differentiated.",
    "sec-15-second",
)
hessian_vector.tell(
    "gradient-times-v",
    "This is the gradient, multiplied by v entry by entry. The product with the Hessian is asked for.",
    "sec-15-second",
)

by_hand.tell(
    "one-path-to-v1",
    "v1 is used more than once: the gradients of all its uses are added.",
    "sec-15-diary",
)
by_hand.tell(
    "outer-path-only",
    "One path is missing: what is used inside of another function has a gradient through it, too.",
    "sec-15-diary",
)
by_hand.tell(
    "product-rule-once",
    "A product has two terms when it is differentiated; one is missing.",
    "sec-15-second",
)
by_hand.tell(
    "square-of-the-first",
    "The second derivative is the derivative of the first one, not its square.",
    "sec-15-second",
)
generations.tell(
    "edges-counted",
    "Counted are the uses of a value; its generation is one more than the largest among its "
    "inputs.",
    "sec-15-order",
)
generations.tell(
    "other-way-round",
    "The generations are counted from the other end.",
    "sec-15-order",
)
generations.tell(
    "one-round",
    "One round sees the direct inputs alone; repeat until nothing changes.",
    "sec-15-order",
)
mend_accumulate.tell(
    "overwritten",
    "A value that is used several times gets the sum of its gradients; here the last one "
    "overwrites the others.",
    "sec-15-add",
)
mend_accumulate.tell(
    "not-waited",
    "A node passes its gradient on before all of its uses have reported.",
    "sec-15-order",
)
mend_accumulate.tell(
    "inputs-counted",
    "What has to be waited for are the uses of a value, not its inputs.",
    "sec-15-order",
)
mend_accumulate.tell(
    "seed-everywhere",
    "Only the result starts with the gradient 1; all others start with 0.",
    "sec-15-diary",
)
scalar.tell(
    "product-of-the-sum",
    "The two gradients of a product are exchanged: each factor gets the other one.",
    "sec-15-diary",
)
scalar.tell(
    "dout-forgotten",
    "The local derivatives are not multiplied by the gradient that arrives.",
    "sec-15-diary",
)
hessian_vector.tell(
    "one-term",
    "A product is differentiated, and only one of its two terms is there.",
    "sec-15-second",
)
hessian_vector.tell(
    "two-forgotten",
    "The derivative of a square brings a factor 2, which is missing.",
    "sec-15-second",
)
