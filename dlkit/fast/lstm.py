"""LSTM over time without an object and a gradient array for every step."""

import numpy as np

from dlkit import layers
from dlkit.layers.recurrent import check_gradients
from dlkit.typing import Array


class LSTM(layers.LSTM):
    r"""`dlkit.layers.LSTM`, faster: one exponential for all gates of a step, sums over time once.

    :math:`\tanh a = 2 \sigma(2a) - 1`, so that with the columns of g doubled :math:`\sigma(a) = 1 / (1 +
    e^{-a})` serves all four gates. The inputs of all steps are multiplied by Wx in one product, and so are
    the gradients of x, Wx and Wh. The gates of all steps are in `gate_values`, shape (T, N, 4H), in the
    order f, g, i, o; there are no `cells`.

    Source: Appleyard, Kocisky and Blunsom, Optimizing Performance of Recurrent Neural Networks on GPUs
    (2016).

    >>> rng = np.random.default_rng(0)
    >>> layer = LSTM(Wx=rng.normal(size=(3, 8)), Wh=rng.normal(size=(2, 8)), b=np.zeros(8))
    >>> layer.forward(rng.normal(size=(5, 4, 3))).shape
    (5, 4, 2)
    """

    def forward(self, xs: Array) -> Array:
        """See `dlkit.layers.LSTM.forward`."""
        h, c = self.first_state(xs)
        (N, T, D), H = xs.shape, len(self.Wh)
        dtype = np.result_type(xs, self.Wx, self.Wh, self.b)
        scale = np.full(4 * H, -1, dtype)
        scale[H : 2 * H] = -2  # of g
        Wx, Wh, b = self.Wx * scale, self.Wh * scale, self.b * scale

        self._xs = np.ascontiguousarray(xs.swapaxes(0, 1), dtype)  # time first
        self._hs, self._cs = np.empty((2, T + 1, N, H), dtype)
        self._tanh_cs = np.empty((T, N, H), dtype)
        self._hs[0], self._cs[0] = h, c
        self.gate_values = (self._xs.reshape(T * N, D) @ Wx).reshape(T, N, 4 * H)
        product, kept = np.empty((N, 4 * H), dtype), np.empty((N, H), dtype)
        for t, gates in enumerate(self.gate_values):
            c, tanh_c = self._cs[t + 1], self._tanh_cs[t]
            np.dot(self._hs[t], Wh, out=product)
            product += b
            gates += product
            with np.errstate(over="ignore"):  # 1 / (1 + infinity) is the 0 that it should be
                np.exp(gates, out=gates)
            gates += 1
            np.reciprocal(gates, out=gates)
            f, g, i, o = self._by_gate(gates)
            g *= 2
            g -= 1
            np.multiply(f, self._cs[t], out=c)
            np.multiply(g, i, out=kept)
            c += kept
            np.tanh(c, out=tanh_c)
            np.multiply(o, tanh_c, out=self._hs[t + 1])
        self.h, self.c = self._hs[T].copy(), self._cs[T].copy()
        hs: Array = self._hs[1:].swapaxes(0, 1).copy()
        return hs

    def backward(self, dhs: Array, dh: Array | None = None, dc: Array | None = None) -> Array:
        """See `dlkit.layers.LSTM.backward`."""
        (T, N, D), H = self._xs.shape, len(self.Wh)
        check_gradients(self, (N, T, H), dhs=dhs)
        dtype = np.result_type(dhs, self._hs)
        dh = np.zeros((N, H), dtype) if dh is None else np.array(dh, dtype)
        dc = np.zeros((N, H), dtype) if dc is None else np.array(dc, dtype)
        check_gradients(self, (N, H), dh=dh, dc=dc)
        Wh_T = np.ascontiguousarray(self.Wh.T, dtype)
        das, work = np.empty((T, N, 4 * H), dtype), np.empty((N, H), dtype)
        for t in reversed(range(T)):
            tanh_c = self._tanh_cs[t]
            f, g, i, o = self._by_gate(self.gate_values[t])
            daf, dag, dai, dao = self._by_gate(das[t])
            dh += dhs[:, t]
            dh *= o
            np.subtract(1, o, out=dao)  # dao = dh o (1 - o) tanh c
            dao *= tanh_c
            dao *= dh
            np.multiply(tanh_c, tanh_c, out=work)  # dc += dh o (1 - tanh² c)
            np.subtract(1, work, out=work)
            work *= dh
            dc += work
            np.multiply(dc, i, out=work)
            np.multiply(g, g, out=dag)  # dag = dc i (1 - g²)
            np.subtract(1, dag, out=dag)
            dag *= work
            np.subtract(1, i, out=dai)  # dai = dc i (1 - i) g
            dai *= g
            dai *= work
            dc *= f
            np.subtract(1, f, out=daf)  # daf = dc f (1 - f) c of the step before
            daf *= self._cs[t]
            daf *= dc
            np.dot(das[t], Wh_T, out=dh)
        rows = das.reshape(T * N, 4 * H)
        self.dWx = self._xs.reshape(T * N, D).T @ rows
        self.dWh = self._hs[:-1].reshape(T * N, H).T @ rows
        self.db = rows.sum(axis=0)
        self.dh0, self.dc0 = dh, dc
        return (rows @ self.Wx.T).reshape(T, N, D).swapaxes(0, 1)

    def _by_gate(self, a: Array) -> list[Array]:
        """Views (N, H) of the columns (N, 4H) of each gate."""
        H = len(self.Wh)
        return [a[:, k * H : (k + 1) * H] for k in range(4)]
