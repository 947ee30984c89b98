"""Long short-term memory: its cell, and the layer over time."""

import numpy as np

from dlkit.functions import sigmoid
from dlkit.layers.base import Layer
from dlkit.layers.recurrent import Recurrent, check_gradients, check_parameters, check_step
from dlkit.typing import Array


class LSTMCell(Layer):
    r"""One step of a long short-term memory with forget, input and output gates.

    .. math::

        f &= \sigma(x_t W_x^{(f)} + h_{t-1} W_h^{(f)} + b^{(f)}) && \text{forget gate} \\
        g &= \tanh(x_t W_x^{(g)} + h_{t-1} W_h^{(g)} + b^{(g)}) && \text{candidate} \\
        i &= \sigma(x_t W_x^{(i)} + h_{t-1} W_h^{(i)} + b^{(i)}) && \text{input gate} \\
        o &= \sigma(x_t W_x^{(o)} + h_{t-1} W_h^{(o)} + b^{(o)}) && \text{output gate} \\
        c_t &= f \odot c_{t-1} + g \odot i && \text{cell state} \\
        h_t &= o \odot \tanh(c_t) && \text{hidden state}

    Wx: weights of the input, shape (D, 4H). Wh: weights of the previous hidden state, shape (H,
    4H). b: biases, shape (4H,). Their columns are in the order f, g, i, o. After `forward` the
    gates are the attributes `f`, `g`, `i`, `o`, shape (N, H), for drawing. float32 stays
    float32.

    PyTorch orders i, f, g, o, transposes the weights and has two biases, whose sum is b.

    Sources: Hochreiter and Schmidhuber, Long Short-Term Memory (1997); Gers, Schmidhuber and
    Cummins, Learning to Forget (2000).

    >>> zeros = np.zeros((1, 1))
    >>> b = np.array([100.0, 0.0, 0.0, 100.0])  # remember all, show all
    >>> cell = LSTMCell(Wx=np.zeros((1, 4)), Wh=np.zeros((1, 4)), b=b)
    >>> h, c = cell.forward(zeros, h_prev=zeros, c_prev=np.array([[0.5]]))
    >>> c
    array([[0.5]])
    """

    param_names = ("Wx", "Wh", "b")

    def __init__(self, Wx: Array, Wh: Array, b: Array) -> None:
        check_parameters("LSTMCell", 4, Wx, Wh, b)
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: Array, h_prev: Array, c_prev: Array) -> tuple[Array, Array]:
        """New states h and c, shape (N, H), from x, shape (N, D), and the states before it."""
        check_step(self, x, h_prev=h_prev, c_prev=c_prev)
        af, ag, ai, ao = np.split(x @ self.Wx + h_prev @ self.Wh + self.b, 4, axis=1)
        f = sigmoid(af)
        g = np.tanh(ag)
        i = sigmoid(ai)
        o = sigmoid(ao)
        c = f * c_prev + g * i
        h = o * np.tanh(c)
        self.x, self.h_prev, self.c_prev = x, h_prev, c_prev
        self.f, self.g, self.i, self.o, self.c = f, g, i, o, c
        return h, c

    def backward(self, dh: Array, dc: Array) -> tuple[Array, Array, Array]:
        """Gradients for x, shape (N, D), h_prev and c_prev, shape (N, H); sets dWx, dWh and db."""
        check_gradients(self, self.c.shape, dh=dh, dc=dc)
        f, g, i, o = self.f, self.g, self.i, self.o
        tanh_c = np.tanh(self.c)
        ds = dc + dh * o * (1 - tanh_c**2)  # reaches c directly, and through h

        daf = ds * self.c_prev * f * (1 - f)
        dag = ds * i * (1 - g**2)
        dai = ds * g * i * (1 - i)
        dao = dh * tanh_c * o * (1 - o)
        da = np.hstack([daf, dag, dai, dao])

        self.dWx = self.x.T @ da
        self.dWh = self.h_prev.T @ da
        self.db = da.sum(axis=0)
        return da @ self.Wx.T, da @ self.Wh.T, ds * f


class LSTM(Recurrent):
    """Long short-term memory over time: `LSTMCell` at every step, always with the same weights.

    Wx: shape (D, 4H). Wh: shape (H, 4H). b: shape (4H,). States: `h` and `c`. See `Recurrent`
    for `stateful`, `reset_state` and truncated backpropagation through time. The gates of step t
    stay on ``cells[t]``.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory (1997).

    >>> rng = np.random.default_rng(0)
    >>> layer = LSTM(Wx=rng.normal(size=(3, 8)), Wh=rng.normal(size=(2, 8)), b=np.zeros(8))
    >>> layer.forward(rng.normal(size=(5, 4, 3))).shape
    (5, 4, 2)
    """

    gates = 4
    state_names = ("h", "c")
    h: Array | None
    c: Array | None

    def forward(self, xs: Array) -> Array:
        """Hidden states after each step, shape (N, T, H), for a sequence xs of shape (N, T, D)."""
        h, c = self.first_state(xs)
        self.cells = []
        hs = []
        for t in range(xs.shape[1]):
            cell = LSTMCell(self.Wx, self.Wh, self.b)
            h, c = cell.forward(xs[:, t], h, c)
            self.cells.append(cell)
            hs.append(h)
        self.h, self.c = h, c
        return np.stack(hs, axis=1)

    def backward(self, dhs: Array, dh: Array | None = None, dc: Array | None = None) -> Array:
        """Gradient with respect to xs, shape (N, T, D); sets dWx, dWh, db, dh0 and dc0.

        dhs: gradient with respect to the hidden states, shape (N, T, H). dh, dc: what the last
        states receive besides, shape (N, H), for instance from a decoder that starts from them.
        """
        T, (N, H) = len(self.cells), self.cells[0].c.shape
        check_gradients(self, (N, T, H), dhs=dhs)
        dh = np.zeros_like(dhs[:, 0]) if dh is None else dh
        dc = np.zeros_like(dhs[:, 0]) if dc is None else dc
        check_gradients(self, (N, H), dh=dh, dc=dc)
        dxs = []
        for t in reversed(range(T)):
            dx, dh, dc = self.cells[t].backward(dhs[:, t] + dh, dc)
            dxs.append(dx)
        self.dWx = sum(cell.dWx for cell in self.cells)
        self.dWh = sum(cell.dWh for cell in self.cells)
        self.db = sum(cell.db for cell in self.cells)
        self.dh0, self.dc0 = dh, dc
        return np.stack(dxs[::-1], axis=1)
