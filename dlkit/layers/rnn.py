"""The simple recurrent network: its cell, and the layer over time."""

import numpy as np

from dlkit.layers.base import Layer
from dlkit.layers.recurrent import Recurrent, check_gradients, check_parameters, check_step
from dlkit.typing import Array


class RNNCell(Layer):
    r"""One step of a simple recurrent network, :math:`h_t = \tanh(x_t W_x + h_{t-1} W_h + b)`.

    Wx: weights of the input, shape (D, H). Wh: weights of the previous state, shape (H, H). b:
    biases, shape (H,). Arrays keep the dtype that NumPy's promotion gives: float32 stays
    float32.

    Sources: Elman, Finding Structure in Time (1990); Goodfellow, Bengio and Courville, Deep
    Learning (2016), section 10.2.

    >>> cell = RNNCell(Wx=np.array([[1.0], [2.0]]), Wh=np.array([[0.5]]), b=np.array([0.0]))
    >>> cell.forward(np.array([[2.0, -1.0]]), h_prev=np.array([[1.0]])).round(4)  # tanh(0.5)
    array([[0.4621]])
    """

    param_names = ("Wx", "Wh", "b")

    def __init__(self, Wx: Array, Wh: Array, b: Array) -> None:
        check_parameters("RNNCell", 1, Wx, Wh, b)
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: Array, h_prev: Array) -> Array:
        """New state h, shape (N, H), from x, shape (N, D), and h_prev, shape (N, H)."""
        check_step(self, x, h_prev=h_prev)
        h: Array = np.tanh(x @ self.Wx + h_prev @ self.Wh + self.b)
        self.x, self.h_prev, self.h = x, h_prev, h
        return h

    def backward(self, dh: Array) -> tuple[Array, Array]:
        """Gradients for x, shape (N, D), and h_prev, shape (N, H); sets dWx, dWh and db."""
        check_gradients(self, self.h.shape, dh=dh)
        da = dh * (1 - self.h**2)  # gradient with respect to what tanh receives
        self.dWx = self.x.T @ da
        self.dWh = self.h_prev.T @ da
        self.db = da.sum(axis=0)
        return da @ self.Wx.T, da @ self.Wh.T


class RNN(Recurrent):
    """Simple recurrent network over time: `RNNCell` at every step, always with the same weights.

    Wx: shape (D, H). Wh: shape (H, H). b: shape (H,). State: `h`. See `Recurrent` for
    `stateful`, `reset_state` and truncated backpropagation through time.

    Source: Goodfellow, Bengio and Courville, Deep Learning (2016), sections 10.2 and 10.2.2.

    >>> rng = np.random.default_rng(0)
    >>> layer = RNN(Wx=rng.normal(size=(3, 2)), Wh=rng.normal(size=(2, 2)), b=np.zeros(2))
    >>> layer.forward(rng.normal(size=(5, 4, 3))).shape
    (5, 4, 2)
    """

    h: Array | None

    def forward(self, xs: Array) -> Array:
        """States after each step, shape (N, T, H), for a sequence xs of shape (N, T, D)."""
        (h,) = self.first_state(xs)
        self.cells = []
        hs = []
        for t in range(xs.shape[1]):
            cell = RNNCell(self.Wx, self.Wh, self.b)
            h = cell.forward(xs[:, t], h)
            self.cells.append(cell)
            hs.append(h)
        self.h = h
        return np.stack(hs, axis=1)

    def backward(self, dhs: Array, dh: Array | None = None) -> Array:
        """Gradient with respect to xs, shape (N, T, D); sets dWx, dWh, db and dh0.

        dhs: gradient with respect to the states, shape (N, T, H). dh: what the last state
        receives besides, shape (N, H), for instance from a decoder that starts from it.
        """
        T, (N, H) = len(self.cells), self.cells[0].h.shape
        check_gradients(self, (N, T, H), dhs=dhs)
        dh = np.zeros_like(dhs[:, 0]) if dh is None else dh
        check_gradients(self, (N, H), dh=dh)
        dxs = []
        for t in reversed(range(T)):
            dx, dh = self.cells[t].backward(dhs[:, t] + dh)
            dxs.append(dx)
        self.dWx = sum(cell.dWx for cell in self.cells)
        self.dWh = sum(cell.dWh for cell in self.cells)
        self.db = sum(cell.db for cell in self.cells)
        self.dh0 = dh
        return np.stack(dxs[::-1], axis=1)
