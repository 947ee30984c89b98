"""The gated recurrent unit: its cell, and the layer over time."""

import numpy as np

from dlkit.functions import sigmoid
from dlkit.layers.base import Layer
from dlkit.layers.recurrent import Recurrent, check_gradients, check_parameters, check_step
from dlkit.typing import Array


class GRUCell(Layer):
    r"""One step of a gated recurrent unit: one state, two gates.

    .. math::

        z &= \sigma(x_t W_x^{(z)} + h_{t-1} W_h^{(z)} + b^{(z)}) && \text{update gate} \\
        r &= \sigma(x_t W_x^{(r)} + h_{t-1} W_h^{(r)} + b^{(r)}) && \text{reset gate} \\
        n &= \tanh(x_t W_x^{(n)} + (r \odot h_{t-1}) W_h^{(n)} + b^{(n)}) && \text{candidate} \\
        h_t &= (1 - z) \odot h_{t-1} + z \odot n

    Wx: weights of the input, shape (D, 3H). Wh: weights of the previous state, shape (H, 3H). b:
    biases, shape (3H,). Their columns are in the order z, r, n. After `forward` the gates are
    the attributes `z`, `r`, `n`, shape (N, H). float32 stays float32.

    PyTorch's GRU is another function: its z is one minus ours (the same network has -Wx, -Wh and
    -b in the columns of z), but it resets after the product, r ⊙ (h Wh + b), and that no choice
    of weights can undo, unless Wh is diagonal in the columns of n.

    Sources: Cho et al., Learning Phrase Representations using RNN Encoder-Decoder (2014); in
    this form Chung, Gulcehre, Cho and Bengio, Empirical Evaluation of Gated Recurrent Neural
    Networks (2014), section 3.2.

    >>> cell = GRUCell(Wx=np.ones((1, 3)), Wh=np.zeros((1, 3)), b=np.array([-100.0, 0.0, 0.0]))
    >>> cell.forward(np.array([[1.0]]), h_prev=np.array([[0.5]]))  # the update gate is shut
    array([[0.5]])
    """

    param_names = ("Wx", "Wh", "b")

    def __init__(self, Wx: Array, Wh: Array, b: Array) -> None:
        check_parameters("GRUCell", 3, Wx, Wh, b)
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: Array, h_prev: Array) -> Array:
        """New state h, shape (N, H), from x, shape (N, D), and h_prev, shape (N, H)."""
        check_step(self, x, h_prev=h_prev)
        Whz, Whr, Whn = np.split(self.Wh, 3, axis=1)
        az, ar, an = np.split(x @ self.Wx + self.b, 3, axis=1)
        z = sigmoid(az + h_prev @ Whz)
        r = sigmoid(ar + h_prev @ Whr)
        n = np.tanh(an + (r * h_prev) @ Whn)
        self.x, self.h_prev = x, h_prev
        self.z, self.r, self.n = z, r, n
        h: Array = (1 - z) * h_prev + z * n
        return h

    def backward(self, dh: Array) -> tuple[Array, Array]:
        """Gradients for x, shape (N, D), and h_prev, shape (N, H); sets dWx, dWh and db."""
        check_gradients(self, self.z.shape, dh=dh)
        h_prev, z, r, n = self.h_prev, self.z, self.r, self.n
        Whz, Whr, Whn = np.split(self.Wh, 3, axis=1)

        dan = dh * z * (1 - n**2)
        daz = dh * (n - h_prev) * z * (1 - z)
        drh = dan @ Whn.T  # gradient with respect to the reset state, r * h_prev
        dar = drh * h_prev * r * (1 - r)
        da = np.hstack([daz, dar, dan])

        self.dWx = self.x.T @ da
        self.dWh = np.hstack([h_prev.T @ daz, h_prev.T @ dar, (r * h_prev).T @ dan])
        self.db = da.sum(axis=0)
        dh_prev = dh * (1 - z) + drh * r + daz @ Whz.T + dar @ Whr.T
        return da @ self.Wx.T, dh_prev


class GRU(Recurrent):
    """Gated recurrent unit over time: `GRUCell` at every step, always with the same weights.

    Wx: shape (D, 3H). Wh: shape (H, 3H). b: shape (3H,). State: `h`. See `Recurrent` for
    `stateful`, `reset_state` and truncated backpropagation through time.

    Source: Chung, Gulcehre, Cho and Bengio, Empirical Evaluation of Gated Recurrent Neural
    Networks (2014).

    >>> rng = np.random.default_rng(0)
    >>> layer = GRU(Wx=rng.normal(size=(3, 6)), Wh=rng.normal(size=(2, 6)), b=np.zeros(6))
    >>> layer.forward(rng.normal(size=(5, 4, 3))).shape
    (5, 4, 2)
    """

    gates = 3
    h: Array | None

    def forward(self, xs: Array) -> Array:
        """States after each step, shape (N, T, H), for a sequence xs of shape (N, T, D)."""
        (h,) = self.first_state(xs)
        self.cells = []
        hs = []
        for t in range(xs.shape[1]):
            cell = GRUCell(self.Wx, self.Wh, self.b)
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
        T, (N, H) = len(self.cells), self.cells[0].z.shape
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
