"""Every example runs with a tiny budget; the command line says what it reached, and where it fell short."""

import ast
import inspect
import re
import runpy
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from dlkit import examples
from dlkit.errors import MissingDataError
from dlkit.examples import NAMES, common
from dlkit.gradcheck import check_layer
from tests.dlkit.data.archive import write_reviews

TINY = {
    "logic_gates": {"epochs": 10, "steps": 20},
    "two_layer_net": {"epochs": 1},
    "mlp": {"epochs": 1},
    "simple_conv_net": {"epochs": 1, "samples": 100},
    "vgg16": {"classes": 3, "size": 32},
    "resnet": {"epochs": 1, "blocks": 1},
    "srcnn": {"epochs": 1, "stride": 180},
    "gan": {"epochs": 1},
    "srgan": {"epochs": 1, "duel": 1, "stride": 180},
    "sentiment_lstm": {"epochs": 1, "samples": 200},
    "sentiment_conv1d": {"epochs": 1, "samples": 200},
    "char_rnn": {"epochs": 1, "characters": 25_000},
    "transformer": {"epochs": 1, "pairs": 200},
}
every_example = pytest.mark.parametrize("name", NAMES)
FRIENDLY, UNFRIENDLY = (
    ["a fine film", "what a joy !", "warm and wise"],
    ["dull", "a bad , bad joke"],
)


@pytest.fixture
def reviews(tmp_path):
    """A folder with snippets of our own in the form of the real ones."""
    rng = np.random.default_rng(0)
    rows = [(2.0, FRIENDLY[i % 3]) if friendly else (-2.0, UNFRIENDLY[i % 2])
            for i, friendly in enumerate(rng.random(200) < 0.5)]  # fmt: skip
    return write_reviews(tmp_path, rows)


@every_example
def test_it_runs_and_saves_its_figure(name, tmp_path, reviews):
    module = import_module(f"dlkit.examples.{name}")
    budget = TINY[name] | ({"folder": reviews} if name.startswith("sentiment") else {})
    assert budget.keys() <= inspect.signature(module.run).parameters.keys()
    reached = module.run(tmp_path / "out", **budget)
    assert set(module.STATED) <= set(reached)
    assert all(np.isfinite(number) for number in reached.values())
    with Image.open(tmp_path / "out" / f"{name}.png") as figure:
        assert min(figure.size) > 200
        assert len(np.unique(np.asarray(figure))) > 10


@every_example
def test_it_says_what_it_reached_and_what_it_states(name):
    module = import_module(f"dlkit.examples.{name}")
    assert re.search(r"^Reached[:,] .*\d", module.__doc__, re.MULTILINE | re.DOTALL)
    assert module.STATED
    assert "seed" in inspect.signature(module.run).parameters or name == "logic_gates"


def test_the_list_names_all_of_them():
    found = {path.stem for path in Path(examples.__file__).parent.glob("*.py")}
    with_main = {
        name for name in found - {"__main__", "__init__"}
        if hasattr(import_module(f"dlkit.examples.{name}"), "STATED")
    }  # fmt: skip
    assert set(NAMES) == with_main == set(TINY)


def command(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, "-m", *arguments], capture_output=True, text=True, check=False, cwd=cwd
    )


def test_the_package_lists_its_examples(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["dlkit.examples"])
    runpy.run_module("dlkit.examples", run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[2] for line in lines] == [f"dlkit.examples.{name}" for name in NAMES]
    assert all(len(line.split()) > 5 for line in lines)


def test_an_example_runs_as_a_command(tmp_path):
    done = command("dlkit.examples.logic_gates", "--out", str(tmp_path / "figures"))
    assert done.returncode == 0, done.stderr
    assert "XOR, two layers learned" in done.stdout
    assert "(stated: at least 1)" in done.stdout
    assert (tmp_path / "figures" / "logic_gates.png").exists()


def call(monkeypatch, run, stated, *arguments):
    monkeypatch.setattr(sys, "argv", ["example", *arguments])
    with pytest.raises(SystemExit) as ended:
        common.main(run, stated)
    return ended.value.code


def short_of_it(out):
    return {"accuracy": 0.9}


def without_data(out):
    raise MissingDataError("The data is not installed. Install it with: fetch data")


def nowhere(out):
    return {"accuracy": float("nan")}


def test_help_shows_what_the_example_does(monkeypatch, capsys):
    run = import_module("dlkit.examples.mlp").run
    assert call(monkeypatch, run, {}, "--help") == 0
    shown = capsys.readouterr().out
    assert "Reached: " in shown
    assert "--out FOLDER" in shown


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (short_of_it, "did not reach what the example states: accuracy is 0.9, less than 0.97."),
        (nowhere, "accuracy is nan, less than 0.97."),
        (without_data, "Install it with: fetch data"),
    ],
)
def test_falling_short_ends_with_a_sentence_and_code_1(run, said, monkeypatch, capsys):
    assert call(monkeypatch, run, {"accuracy": 0.97}) == 1
    assert said in capsys.readouterr().err


def test_reaching_it_ends_quietly(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["example"])
    common.main(short_of_it, {"accuracy": 0.9})
    assert "accuracy" in capsys.readouterr().out


class Terminal:
    """A standard error that someone watches."""

    def __init__(self):
        self.text = ""

    def isatty(self):
        return True

    def write(self, text):
        self.text += text

    def flush(self):
        pass


def test_the_progress_bar_fills_where_someone_watches(monkeypatch, capsys):
    report = common.progress(4, "lap")
    report(1, {"loss": 0.5})
    assert capsys.readouterr().err == ""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    for done in range(1, 5):
        report(done, {"loss": 1 / done})
    lines = terminal.text.split("\r")
    assert [line.count("█") for line in lines] == [0, 7, 15, 22, 30]
    assert "lap 2/4  loss 0.5" in lines[2]
    assert terminal.text.endswith("\n")


def test_enlarging_as_a_layer_has_the_right_gradient(rng):
    from dlkit.examples.super_resolution import Enlarge

    report = check_layer(Enlarge(2), rng.standard_normal((2, 3, 4, 5)), rng=rng, tolerance=1e-12)
    assert report.passed, str(report)


def test_the_sums_of_the_transformer_are_right():
    from dlkit.examples.transformer import SYMBOLS, sums

    for line in sums(np.arange(10_000))[::37]:
        question, answer = "".join(SYMBOLS[i] for i in line).split("=")
        assert int(answer[::-1]) == sum(map(int, question.split("+")))


def test_the_halves_of_the_photographs_share_no_row():
    from dlkit.data import pictures
    from dlkit.examples.super_resolution import photographs

    whole = pictures(np.float32)
    for name, (training, test) in photographs(grey=False).items():
        np.testing.assert_array_equal(np.concatenate([test, training], axis=1), whole[name])


def test_the_pieces_of_a_text_go_on_in_the_same_row():
    from dlkit.examples.char_rnn import STEPS, STREAMS, cut

    ids = np.arange(STREAMS * STEPS * 3 + 5)
    pieces = cut(ids)
    x, t = (np.concatenate([piece[k] for piece in pieces], axis=1) for k in (0, 1))
    assert len(pieces) == 3
    np.testing.assert_array_equal(np.diff(x, axis=1), 1)
    np.testing.assert_array_equal(t, x + 1)


def test_the_trigrams_are_a_distribution():
    """The bits of a text drawn evenly from V characters are log2 V, but for what is lost by counting."""
    from dlkit.examples.char_rnn import trigram_bits

    rng = np.random.default_rng(0)
    training, test = rng.integers(0, 4, 100_000), rng.integers(0, 4, 10_000)
    assert 2.0 <= trigram_bits(training, test, 4) < 2.01
    again = np.tile([0, 1, 2, 3], 5_000)
    assert trigram_bits(again, again, 4) < 0.01


def test_the_distance_of_samples_is_that_of_their_moments(rng):
    from dlkit.examples.gan import frechet_distance

    a = rng.standard_normal((500, 3))
    assert abs(frechet_distance(a, a)) < 1e-6
    assert frechet_distance(a, a + 2.0) == pytest.approx(12.0, abs=1e-6)
    assert frechet_distance(a, 3.0 * a - 2.0 * a.mean(axis=0)) == pytest.approx(
        4 * np.trace(np.cov(a.T)), rel=1e-6
    )


def test_the_bag_of_words_ignores_order_and_padding():
    from dlkit.examples.reviews import bag_of_words

    ids = np.array([[2, 3, 2, 0], [3, 2, 0, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(
        bag_of_words(ids, V=4), [[0, 0, 1, 1], [0, 0, 1, 1], [0, 1, 0, 0]]
    )


def test_no_example_opens_a_connection():
    for path in Path(examples.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", None), *(alias.name for alias in node.names)]
                assert not {"socket", "urllib", "urllib.request", "http", "subprocess"} & set(names)
