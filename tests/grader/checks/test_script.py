"""Classes that are no layers: a script uses them, and what it shows is judged."""

import numpy as np
import pytest

from grader.checks import Blocked, Case, Crashed, LocalStudent, Passed, judge, public, public_script
from grader.checks.scripted import script_check, solve_script
from grader.checks.show import reason


class Momentum:
    def __init__(self, lr, momentum):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for name, W in params.items():
            self.v[name] = self.momentum * self.v.get(name, 0) + grads[name]
            W -= self.lr * self.v[name]

    def velocities(self):
        return self.v


STEPS = """
params = {"W": W, "b": b}
optimizer = Momentum(lr, momentum=0.5)
optimizer.update(params, {"W": g, "b": h})
see("first-step", W, params["b"])
optimizer.update(params, {"W": 2 * g, "b": h})
see("two-steps", W, b)
see("velocity", optimizer.velocities(), optimizer.v["b"])
"""
CASE = Case(
    inputs={
        "W": np.array([[1.0, -2.0, 0.5], [0.25, 3.0, 1.0]]),
        "b": np.array([1.0, 2.0, 3.0]),
        "g": np.array([[1.0, 2.0, -0.5], [0.75, 0.5, 0.25]]),
        "h": np.array([0.5, -1.0, 2.0]),
        "lr": 0.25,
    },
    script=STEPS,
)


def verdict(check, cls, case=CASE, reference=Momentum):
    name = reference.__name__
    solved = solve_script({name: reference}, case)
    return judge(script_check(check, "…"), LocalStudent({name: cls}), name, [solved])


def why(check, cls, case=CASE, reference=Momentum):
    return reason(verdict(check, cls, case, reference), "en")


def changed(update):
    return type("Momentum", (Momentum,), {"update": update})


@pytest.mark.parametrize("check", ["first-step", "two-steps", "velocity", "unchanged"])
def test_the_right_class_passes(check):
    assert verdict(check, changed(Momentum.update)) == Passed()


def no_memory(self, params, grads):
    for name, W in params.items():
        self.v[name] = grads[name]
        W -= self.lr * grads[name]


def test_a_step_that_is_wrong_later_passes_what_came_before():
    wrong = changed(no_memory)
    assert verdict("first-step", wrong) == Passed()
    assert why("two-steps", wrong).startswith(
        "`W` goes the right way from the given `W`, but not as far as it should"
    )
    assert why("velocity", wrong).startswith('`optimizer.velocities()["W"]`')
    assert isinstance(verdict("unchanged", wrong), Blocked)


def rebinds(self, params, grads):
    for name in params:
        self.v[name] = self.momentum * self.v.get(name, 0) + grads[name]
        params[name] = params[name] - self.lr * self.v[name]


def test_an_array_that_is_not_changed_in_place_is_noticed():
    assert why("first-step", changed(rebinds)).startswith(
        "`W` still has the values that were given"
    )


def changes_gradients(self, params, grads):
    Momentum.update(self, params, grads)
    for g in grads.values():
        g *= 2


def test_what_the_reference_leaves_alone_has_to_stay():
    case = Case(inputs=CASE.inputs, script=STEPS.partition("optimizer.update(params, {")[0] + """
optimizer.update(params, {"W": g, "b": h})
see("first-step", W)
""")  # fmt: skip
    assert verdict("first-step", changed(changes_gradients), case) == Passed()
    assert why("unchanged", changed(changes_gradients), case).startswith(
        "`g` was changed in place."
    )


def test_an_error_of_the_submission_is_told():
    def fails(self, params, grads):
        return grads["bias"]

    assert "KeyError" in why("first-step", changed(fails))


def test_an_entry_that_is_missing_is_told():
    class Empty(Momentum):
        def velocities(self):
            return {}

    assert why("velocity", Empty) == "`optimizer.velocities()` cannot be read: KeyError: 'W'"


def test_an_attribute_that_is_missing_is_told():
    case = Case(script='see("rate", Momentum(0.5, 0.5).lr)')

    class Other:
        def __init__(self, lr, momentum):
            self.rate = lr

    assert why("rate", Other, case).startswith("Your `Momentum` has no attribute or method `lr`")


# --- what a script can say


class Vector:
    def __init__(self, x):
        self.x, self.name = x, None

    def __add__(self, other):
        return Vector(self.x + other.x)

    def __rmul__(self, factor):
        return Vector(factor * self.x)

    def both(self):
        return self.x, [self.x[0], -self.x]

    def draw(self, rng):
        return rng.random(3)


def seen(script, **inputs):
    expected = solve_script({"Vector": Vector}, Case(inputs=inputs, script=script)).expected
    return expected["seen"]


def test_objects_are_used_by_operators():
    (value,) = seen('see("seen", (2 * Vector(x) + Vector(x)).x)', x=np.ones(2))
    np.testing.assert_array_equal(value, [3.0, 3.0])


def test_tuples_and_lists_are_taken_apart():
    first, last, pair = seen(
        'x, rest = Vector(x).both()\nsee("seen", x, rest[1])\nsee("seen", rest)', x=np.ones(2)
    )
    np.testing.assert_array_equal([first, last], [[1.0, 1.0], [-1.0, -1.0]])
    assert isinstance(pair, tuple)


def test_attributes_are_set_and_read():
    script = 'v = Vector(x)\nsee("seen", v.name)\nv.name = "a"\nsee("seen", v.name)'
    assert seen(script, x=np.ones(2)) == [None, "a"]


def test_a_generator_is_made_of_a_seed_and_moves_on():
    script = 'v, rng = Vector(x), default_rng(7)\nsee("seen", v.draw(rng), v.draw(rng))'
    rng = np.random.default_rng(7)
    np.testing.assert_array_equal(seen(script, x=np.ones(2)), [rng.random(3), rng.random(3)])


@pytest.mark.parametrize(
    "script", ["for i in x: pass", "x[0] = 1", "see('a', [i for i in x])", "import os", "del x"]
)
def test_what_a_script_cannot_say_is_an_error(script):
    with pytest.raises(ValueError, match="a script cannot say"):
        solve_script({}, Case(inputs={"x": np.ones(2)}, script=script))


def test_a_script_that_shows_nothing_is_an_error():
    with pytest.raises(ValueError, match="a script shows what is judged"):
        solve_script({"Vector": Vector}, Case(script="Vector(1)"))


def test_a_check_to_which_nothing_is_shown_is_our_mistake():
    assert isinstance(verdict("third-step", Momentum), Crashed)


# --- the visible cell


def test_the_visible_script_is_checked_in_a_notebook(capsys):
    public_script(
        "momentum",
        inputs={"W": [1.0, 2.0], "g": [1.0, 1.0]},
        script='optimizer = Momentum(0.5, 0.5)\noptimizer.update({"W": W}, {"W": g})\nsee("step", W)',
        expected={"step": [[0.5, 1.5]], "unchanged": ["g"]},
        says={"step": "One step is right."},
    )
    public.check("momentum", Momentum)
    assert capsys.readouterr().out.splitlines() == [
        "       right  step: One step is right.",
        "       right  unchanged: It does not change the arrays that it is given, parameters to be updated "
        "apart.",
    ]
