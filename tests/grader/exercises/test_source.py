"""Bodies are cut out of source text, and what stays is what stands in the file."""

import sys
import textwrap
from types import ModuleType

import numpy as np
import pytest

from dlkit.errors import ShapeError
from dlkit.layers import Conv2D
from grader.errors import ExerciseError
from grader.exercises.source import Source, merge_imports

MODULE = '''\
"""A module of layers."""

import numpy as np
import numpy.typing as npt
from dlkit.functions import (
    sigmoid,
    softmax as smax,
)

SCALE = 2.0


def helper(x):
    return x


@staticmethod
class Layer(dict):
    r"""A class, \\d decorated."""

    size: int = 3

    def __init__(self, W: npt.ArrayLike) -> None:
        self.W = W

    # before forward
    @property
    def forward(
        self,
        x,  # a comment in the signature
    ) -> None:
        """Docstring.

        # no comment
        """
        # The comment tells it all.

        def inner(t):
            return t + SCALE

        text = """
  a text with its own indentation
"""
        if x:
            return inner(x)

        return smax(np.dot(helper(x), sigmoid(x)))
        # The end.

    # between the methods
    def backward(self, dout):
        # first
        # second
        return [d for d in dout if d] + list(text for text in dout)


def after():
    pass
'''


@pytest.fixture
def layer(tmp_path, monkeypatch):
    path = tmp_path / "layers_of_a_test.py"
    path.write_text(MODULE)
    module = ModuleType("layers_of_a_test")
    module.__file__ = str(path)
    module.Layer = type("Layer", (), {"__module__": module.__name__})
    module.Other = type("Other", (), {"__module__": module.__name__})
    module.function = test_dlkits_layers_load
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return Source.of.__wrapped__("layers_of_a_test.Layer")


def class_text():
    return MODULE[MODULE.index("@staticmethod") : MODULE.index("\n\n\ndef after")]


def test_the_text_is_that_of_the_file_with_its_decorators(layer):
    assert layer.text == class_text()


def test_markers_stand_around_body_and_comments_and_nothing_else_changes(layer):
    marked = layer.with_markers(["forward", "backward"])
    lines = marked.split("\n")
    assert [line for line in lines if "### " not in line] == class_text().split("\n")
    starts = [i for i, line in enumerate(lines) if line == "        ### BEGIN SOLUTION"]
    ends = [i for i, line in enumerate(lines) if line == "        ### END SOLUTION"]
    assert len(starts) == len(ends) == 2
    kept = [*lines[: starts[0]], *lines[ends[0] + 1 : starts[1]], *lines[ends[1] + 1 :]]
    assert "\n".join(kept) == textwrap.dedent(
        '''\
        @staticmethod
        class Layer(dict):
            r"""A class, \\d decorated."""

            size: int = 3

            def __init__(self, W: npt.ArrayLike) -> None:
                self.W = W

            # before forward
            @property
            def forward(
                self,
                x,  # a comment in the signature
            ) -> None:
                """Docstring.

                # no comment
                """

            # between the methods
            def backward(self, dout):'''
    )


def test_a_body_is_replaced(layer):
    text = layer.with_bodies(["backward"], "if dout:\n    return 1\n\nreturn 2")
    assert text.endswith(
        "    def backward(self, dout):\n        if dout:\n            return 1\n\n        return 2"
    )
    assert "tells it all" in text


def test_an_edited_text_is_cut_in_the_place_of_the_source(layer):
    edited = layer.text.replace("return [d for d", "return [2 * d for d")
    assert "[2 * d" in layer.with_markers(["backward"], edited)
    assert "[2 * d" not in layer.with_bodies(["backward"], "pass", edited)


def test_imports_are_those_of_the_module_for_the_names_that_the_class_takes(layer):
    assert layer.imports() == [
        "from dlkit.functions import sigmoid",
        "from dlkit.functions import softmax as smax",
        "from layers_of_a_test import SCALE",
        "from layers_of_a_test import helper",
        "import numpy as np",
        "import numpy.typing as npt",
    ]


def test_imports_are_merged_by_module():
    lines = [
        "import numpy as np",
        "from b import y",
        "from a import z",
        "from b import x",
        "from b import x",
    ]
    assert merge_imports(lines, ["z"]) == ["import numpy as np", "from b import x, y"]


@pytest.mark.parametrize(
    ("methods", "error"),
    [
        (["update"], r"Layer defines no method `update`; it has __init__, forward, backward\."),
        (
            ["short"],
            r"Layer\.short needs a body on lines of its own: they are what students write\.",
        ),
        (["bare"], r"Layer\.bare needs a body on lines of its own"),
    ],
)
def test_methods_that_cannot_be_cut_are_refused(layer, methods, error):
    name = methods[0]
    extra = {
        "short": "    def short(self): return 1",
        "bare": '    def bare(self):\n        """Doc."""',
    }
    text = "\n".join([layer.text, *([extra[name]] if name in extra else [])])
    with pytest.raises(ExerciseError, match=error):
        Source(layer.path, text, layer.module).require(methods)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        (
            "dlkit.layers.Afine",
            r"There is no 'dlkit\.layers\.Afine'\. Name a class or function of dlkit by its path",
        ),
        ("dlkit.no.Affine", "There is no"),
        ("Affine", "There is no"),
        ("", "There is no"),
        ("dlkit.functions.math", r"dlkit\.functions\.math is module, not a class or function\."),
        (
            "layers_of_a_test.Other",
            "no definition of that name at the top level of layers_of_a_test",
        ),
    ],
)
def test_a_path_that_leads_to_no_class(layer, path, error):
    with pytest.raises(ExerciseError, match=error):
        Source.of(path)


def test_dlkits_layers_load():
    source = Source.of("dlkit.layers.Affine")
    assert source.module == "dlkit.layers.affine"
    assert source.load().__name__ == "Affine"
    assert source.text.startswith("class Affine(Layer):\n")


def test_scripts_find_layers_and_optimizers_that_the_module_itself_does_not_use():
    source = Source.of("dlkit.models.GAN")
    assert {"Affine", "SGD"} <= source.names().keys()
    lines = source.imports({"Affine", "SGD"})
    assert {"from dlkit.layers import Affine", "from dlkit.optim import SGD"} <= set(lines)


@pytest.mark.parametrize("name", ["Conv1D", "Conv2D", "Conv3D", "MaxPool2D", "AvgPool1D"])
def test_a_class_that_only_sets_attributes_has_the_text_of_its_base(name):
    source = Source.of(f"dlkit.layers.{name}")
    assert source.is_class
    assert source.text.startswith(f"class {name}(")
    assert f"    spatial_axes = {name[-2]}\n" in source.text
    assert f">>> {name}(" in source.text.replace("layer = ", "")
    source.require(["forward", "backward"])


def test_it_does_the_same_as_the_class_itself():
    W, b, x = np.ones((3, 2, 2, 1)), np.arange(3.0), np.arange(40.0).reshape(2, 2, 5, 2)
    layers = [cls(W, b, stride=2) for cls in (Source.of("dlkit.layers.Conv2D").load(), Conv2D)]
    assert layers[0].__class__ is not Conv2D
    np.testing.assert_array_equal(*(layer.forward(x) for layer in layers))
    with pytest.raises(ShapeError, match="Conv2D needs W"):
        layers[0].__class__(np.ones((3, 2, 2)), b)
