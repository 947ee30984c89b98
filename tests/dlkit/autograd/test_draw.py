"""Drawings of the graph, as Graphviz text and as a list."""

import numpy as np

from dlkit.autograd import Variable, sin
from dlkit.autograd.draw import to_dot, to_text


def example():
    x, W = Variable(np.ones((2, 3)), name="x"), Variable(np.ones((3, 1)), name="W")
    a = x @ W
    y = (a * 0.5 + a + np.ones((2, 1))) ** 2
    y.name = "y"
    return y


def test_text():
    assert to_text(example()) == (
        "x  (2, 3)\n"
        "W  (3, 1)\n"
        "v3 = MatMul(x, W)  (2, 1)\n"
        "v4 = Multiply(v3, 0.5)  (2, 1)\n"
        "v5 = Add(v4, v3)  (2, 1)\n"
        "v6 = Add(v5, array (2, 1))  (2, 1)\n"
        "y = Power(v6)  (2, 1)"
    )


def test_dot():
    x = Variable(2.0, name="x")
    y = 3 * x
    y.name = "y"
    assert to_dot(y) == (
        "digraph {\n"
        "  rankdir=LR\n"
        '  v1 [label="x ()"]\n'
        '  v2 [label="y ()"]\n'
        '  f2 [label="Multiply", shape=box]\n'
        '  c2_0 [label="3", shape=plain]\n'
        "  c2_0 -> f2\n"
        "  v1 -> f2\n"
        "  f2 -> v2\n"
        "}"
    )


def test_every_edge_joins_nodes_that_are_drawn():
    lines = to_dot(example()).splitlines()[2:-1]
    nodes = [line.split()[0] for line in lines if "label" in line]
    edges = [line.split(" -> ") for line in lines if " -> " in line]
    assert len(nodes) == len(set(nodes)) == 7 + 5 + 2  # variables, functions, constants
    assert len(edges) == 2 + 2 + 2 + 2 + 1 + 5  # operands, results
    assert {node.strip() for edge in edges for node in edge} == set(nodes)


def test_quotation_marks_and_letters_in_names():
    dot = to_dot(Variable(1.0, name='the "input", 入力'))
    assert r'v1 [label="the \"input\", 入力 ()"]' in dot


def test_the_graph_of_a_gradient():
    x = Variable(2.0, name="x")
    sin(x).backward(create_graph=True)
    text = to_text(x.grad)
    assert "Cos(x)" in text


def test_ten_thousand_functions():
    y = Variable(1.0)
    for _ in range(10_000):
        y = y + 1.0
    assert len(to_text(y).splitlines()) == 10_001
    assert to_dot(y).count("Add") == 10_000
