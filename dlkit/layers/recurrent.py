"""What recurrent layers have in common: the rules for shapes, and the state kept between sequences.

A cell takes one step; a layer over time applies the cell to every step of a sequence, with the same
weights. `dlkit.layers.rnn`, `lstm` and `gru` hold one family each. Some textbooks call the cell LSTM and
the layer over time TimeLSTM; here, as in PyTorch and Keras, they are LSTMCell and LSTM.
"""

from typing import ClassVar

import numpy as np

from dlkit.errors import expect
from dlkit.layers.base import Layer
from dlkit.typing import Array


class Recurrent(Layer):
    """Base of the layers over time: they turn a sequence (N, T, D) into the states (N, T, H).

    Wx: weights of the input, shape (D, G H) for a cell of G gates. Wh: weights of the previous
    state, shape (H, G H). b: biases, shape (G H,).

    stateful: False starts every sequence from a state of zeros; True starts it where the last
    one ended, until `reset_state`. Gradients never flow back into an earlier sequence: a long
    text given in pieces of T steps to a stateful layer is trained by truncated backpropagation
    through time.

    The last state is the attribute `h` (and `c` for an LSTM), None before the first sequence;
    assign to it to start a stateful layer from a state of your own. After `backward`, `dh0` (and
    `dc0`) hold the gradients with respect to the state at the start, which is where truncation
    cuts.

    Sources: Werbos, Backpropagation Through Time (1990); Williams and Peng, An Efficient
    Gradient-Based Algorithm for On-Line Training of Recurrent Network Trajectories (1990).
    """

    param_names = ("Wx", "Wh", "b")
    gates: ClassVar[int] = 1
    state_names: ClassVar[tuple[str, ...]] = ("h",)

    def __init__(self, Wx: Array, Wh: Array, b: Array, stateful: bool = False) -> None:
        check_parameters(type(self).__name__, self.gates, Wx, Wh, b)
        self.Wx, self.Wh, self.b = Wx, Wh, b
        self.stateful = stateful
        self.reset_state()

    def reset_state(self) -> None:
        """Forget the last state: the next sequence starts from zeros."""
        for name in self.state_names:
            setattr(self, name, None)

    def first_state(self, xs: Array) -> list[Array]:
        """State before the first step of xs, shape (N, H) each: the kept one, or zeros."""
        name = type(self).__name__
        rule = f"{name} needs xs (N, T, D) with T > 0, and D == Wx.shape[0]"
        fits = xs.ndim == 3 and xs.shape[1] > 0 and xs.shape[2] == self.Wx.shape[0]
        hint = "Add the axis of time, xs[:, np.newaxis, :]?" if xs.ndim == 2 else ""
        expect(fits, rule, hint, xs=xs, Wx=self.Wx)

        states = [getattr(self, state) for state in self.state_names]
        shape = (xs.shape[0], self.Wh.shape[0])
        if not self.stateful or all(state is None for state in states):
            return [np.zeros(shape, np.result_type(xs, self.Wx)) for _ in states]
        for state, array in zip(self.state_names, states, strict=True):
            rule = f"{name} continues from its last {state}, which needs shape (N, H) = {shape}"
            hint = "Call reset_state() before a batch of another size?"
            expect(np.shape(array) == shape, rule, hint, **{state: array})
        return states


def check_parameters(name: str, gates: int, Wx: Array, Wh: Array, b: Array) -> None:
    """Raise `ShapeError` unless Wx, Wh and b belong to one cell with so many gates."""
    width = "H" if gates == 1 else f"{gates}H"
    columns = gates * Wh.shape[0]
    fits = Wx.shape[1:] == (columns,) and Wh.shape[1:] == (columns,) and b.shape == (columns,)
    rule = f"{name} needs Wx (D, {width}), Wh (H, {width}) and b ({width},)"
    expect(fits, rule, "Transpose Wx and Wh?", Wx=Wx, Wh=Wh, b=b)


def check_step(cell: Layer, x: Array, **states: Array) -> None:
    """Raise `ShapeError` unless the cell can take a step from these states with the input x."""
    D, H = cell.params["Wx"].shape[0], cell.params["Wh"].shape[0]
    fits = x.ndim == 2 and x.shape[1] == D
    fits = fits and all(state.shape == (len(x), H) for state in states.values())
    names = " and ".join(states)
    rule = f"{type(cell).__name__} needs x (N, D) and {names} (N, H), here D = {D} and H = {H}"
    hint = "For one sample, x[np.newaxis, :]?" if x.ndim == 1 else ""
    expect(fits, rule, hint, x=x, **states)


def check_gradients(layer: Layer, shape: tuple[int, ...], **gradients: Array) -> None:
    """Raise `ShapeError` unless all gradients given to `backward` have this shape."""
    fits = all(np.shape(gradient) == shape for gradient in gradients.values())
    rule = f"{type(layer).__name__}.backward needs {' and '.join(gradients)} of shape {shape}"
    expect(fits, rule, "", **gradients)
