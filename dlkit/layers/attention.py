"""Attention: scaled dot-product and multi-head, and the masks for both.

A mask is an array of booleans, True where a query (row) may attend to a key (column); masks combine
with ``&``. A query that may attend to no key at all has weights and output 0.
"""

import math

import numpy as np
import numpy.typing as npt

from dlkit.errors import ArgumentError, expect
from dlkit.functions import softmax
from dlkit.layers.base import Layer
from dlkit.typing import Array


class ScaledDotProductAttention(Layer):
    r"""Scaled dot-product attention, :math:`\mathrm{softmax}(q k^\top / \sqrt{d})\, v`.

    Each output is a mean of the rows of v, weighted by how well the query agrees with each key.
    After `forward` the weights are the attribute `weights`, shape (..., Tq, Tk), for drawing.
    float32 stays float32.

    Source: Vaswani et al., Attention Is All You Need (2017), section 3.2.1.

    >>> attention = ScaledDotProductAttention()
    >>> q, k, v = np.array([[0.0, 9.0]]), np.array([[9.0, 0.0], [0.0, 9.0]]), np.array([[1.0], [2.0]])
    >>> attention.forward(q, k, v)  # the query is like the second key
    array([[2.]])
    >>> attention.forward(q, k, v, mask=np.array([True, False]))
    array([[1.]])
    """

    def forward(self, q: Array, k: Array, v: Array, mask: Array | None = None) -> Array:
        """Outputs, shape (..., Tq, E), of the queries q, shape (..., Tq, d).

        k: keys, shape (..., Tk, d). v: values, shape (..., Tk, E). mask: booleans that broadcast to
        (..., Tq, Tk), True where a query may attend to a key; None lets all attend to all.
        """
        check_sequences(self, q, k, v)
        expect(q.shape[-1] == k.shape[-1], "Queries and keys need the same width", q=q, k=k)
        scores = q @ k.swapaxes(-1, -2) / math.sqrt(q.shape[-1])
        if mask is None:
            self.weights = softmax(scores)
        else:
            check_mask(self, mask, scores.shape)
            scores = np.where(mask, scores, np.finfo(scores.dtype).min)
            self.weights = softmax(scores) * mask  # a row without any key: all weights 0
        self.q, self.k, self.v = q, k, v
        return self.weights @ v

    def backward(self, dout: Array) -> tuple[Array, Array, Array]:
        """Gradients with respect to q, k and v, in their shapes, for dout of shape (..., Tq, E)."""
        check_dout(self, dout, (*self.q.shape[:-1], self.v.shape[-1]))
        dv = self.weights.swapaxes(-1, -2) @ dout
        dweights = dout @ self.v.swapaxes(-1, -2)
        mean = (self.weights * dweights).sum(axis=-1, keepdims=True)
        dscores = self.weights * (dweights - mean) / math.sqrt(self.q.shape[-1])
        dq = dscores @ self.k
        dk = dscores.swapaxes(-1, -2) @ self.q
        return dq, dk, dv


class MultiHeadAttention(Layer):
    r"""Multi-head attention: heads that attend each in a space of its own, put together again.

    .. math::

        \mathrm{head}_j &= \mathrm{Attention}(q W_q^{(j)}, k W_k^{(j)}, v W_v^{(j)}) \\
        y &= [\mathrm{head}_1, \dots, \mathrm{head}_h]\, W_o

    Wq, Wk, Wv: weights, shape (D, E), where columns (j - 1) E/h to j E/h belong to head j. They may
    differ in D. Wo: weights, shape (E, D). heads: their number h, a divisor of E. There are no
    biases. After `forward` the weights of attention are the attribute `weights`, shape
    (..., heads, Tq, Tk), for drawing. float32 stays float32.

    For self-attention give the same sequence three times; its gradient is the sum of the three.

    Source: Vaswani et al., Attention Is All You Need (2017), section 3.2.2.

    >>> rng = np.random.default_rng(0)
    >>> Wq, Wk, Wv, Wo = rng.normal(size=(4, 6, 6))
    >>> attention = MultiHeadAttention(Wq, Wk, Wv, Wo, heads=2)
    >>> x = rng.normal(size=(5, 3, 6))
    >>> y = attention.forward(x, x, x, mask=causal_mask(3))
    >>> y.shape, attention.weights.shape
    ((5, 3, 6), (5, 2, 3, 3))
    """

    param_names = ("Wq", "Wk", "Wv", "Wo")

    def __init__(self, Wq: Array, Wk: Array, Wv: Array, Wo: Array, heads: int) -> None:
        E = Wo.shape[0]
        fits = Wq.shape[1:] == Wk.shape[1:] == Wv.shape[1:] == (E,) and Wo.ndim == 2
        rule = "MultiHeadAttention needs Wq, Wk, Wv (D, E) and Wo (E, D)"
        expect(fits, rule, "Transpose Wo?", Wq=Wq, Wk=Wk, Wv=Wv, Wo=Wo)
        if heads < 1 or E % heads:
            raise ArgumentError(
                f"MultiHeadAttention needs a number of heads that divides E; got {heads} heads and "
                f"E = {E}. Choose one of {[h for h in range(1, E + 1) if E % h == 0]}."
            )
        self.Wq, self.Wk, self.Wv, self.Wo = Wq, Wk, Wv, Wo
        self.heads = heads
        self.attention = ScaledDotProductAttention()

    def forward(self, q: Array, k: Array, v: Array, mask: Array | None = None) -> Array:
        """Outputs, shape (..., Tq, D), of the queries q, shape (..., Tq, D).

        k, v: keys and values, shape (..., Tk, D). mask: booleans that broadcast to (..., Tq, Tk),
        True where a query may attend to a key, the same for all heads.
        """
        check_sequences(self, q, k, v)
        fits = (q.shape[-1], k.shape[-1], v.shape[-1]) == (len(self.Wq), len(self.Wk), len(self.Wv))
        rule = "MultiHeadAttention needs q.shape[-1] == Wq.shape[0], and so for k and v"
        expect(fits, rule, q=q, Wq=self.Wq, k=k, Wk=self.Wk, v=v, Wv=self.Wv)
        if mask is not None:
            shape = (*q.shape[:-1], k.shape[-2])
            check_mask(self, mask, shape)
            mask = np.broadcast_to(mask, shape)[..., np.newaxis, :, :]  # the same for each head
        qs, ks, vs = (split_heads(x, self.heads) for x in (q @ self.Wq, k @ self.Wk, v @ self.Wv))
        self.joined = join_heads(self.attention.forward(qs, ks, vs, mask))
        self.weights = self.attention.weights
        self.q, self.k, self.v = q, k, v
        return self.joined @ self.Wo

    def backward(self, dout: Array) -> tuple[Array, Array, Array]:
        """Gradients with respect to q, k and v, in their shapes; sets dWq, dWk, dWv and dWo."""
        check_dout(self, dout, (*self.q.shape[:-1], self.Wo.shape[1]))
        djoined = dout @ self.Wo.T
        dheads = self.attention.backward(split_heads(djoined, self.heads))
        dq, dk, dv = (join_heads(dhead) for dhead in dheads)
        self.dWo = rows(self.joined).T @ rows(dout)
        self.dWq = rows(self.q).T @ rows(dq)
        self.dWk = rows(self.k).T @ rows(dk)
        self.dWv = rows(self.v).T @ rows(dv)
        return dq @ self.Wq.T, dk @ self.Wk.T, dv @ self.Wv.T


def causal_mask(T: int) -> Array:
    """Mask (T, T) with which a step attends to itself and to what is before it.

    >>> causal_mask(3).astype(int)
    array([[1, 0, 0],
           [1, 1, 0],
           [1, 1, 1]])
    """
    return np.tril(np.ones((T, T), dtype=bool))


def padding_mask(lengths: npt.ArrayLike, T: int) -> Array:
    """Mask (N, 1, T) that hides from all queries the steps from each sequence's length on.

    lengths: number of steps that are not padding, shape (N,). T: number of all steps.

    >>> padding_mask([1, 3], T=3)[:, 0].astype(int)
    array([[1, 0, 0],
           [1, 1, 1]])
    """
    return np.arange(T) < np.asarray(lengths)[:, np.newaxis, np.newaxis]


def split_heads(x: Array, heads: int) -> Array:
    """Columns shared out among the heads: (..., T, E) becomes (..., heads, T, E / heads)."""
    *leading, T, E = x.shape
    return x.reshape(*leading, T, heads, E // heads).swapaxes(-2, -3)


def join_heads(x: Array) -> Array:
    """Inverse of `split_heads`: (..., heads, T, E / heads) becomes (..., T, E)."""
    *leading, heads, T, width = x.shape
    return x.swapaxes(-2, -3).reshape(*leading, T, heads * width)


def rows(x: Array) -> Array:
    """All steps of all sequences as the rows of one matrix."""
    return x.reshape(-1, x.shape[-1])


def check_sequences(layer: Layer, q: Array, k: Array, v: Array) -> None:
    """Raise `ShapeError` unless q, k and v are sequences that belong together."""
    fits = min(q.ndim, k.ndim, v.ndim) >= 2 and q.shape[:-2] == k.shape[:-2] == v.shape[:-2]
    fits = fits and k.shape[-2] == v.shape[-2] > 0
    rule = f"{type(layer).__name__} needs q (..., Tq, D), k and v (..., Tk, D) with Tk > 0"
    expect(fits, rule, q=q, k=k, v=v)


def check_mask(layer: Layer, mask: Array, shape: tuple[int, ...]) -> None:
    """Raise an error unless the mask is of booleans and broadcasts to the shape (..., Tq, Tk)."""
    name = type(layer).__name__
    if mask.dtype != bool:
        raise ArgumentError(
            f"{name} needs a mask of booleans, True where a query may attend to a key; "
            f"got {mask.dtype}. Compare, for instance `mask == 1`?"
        )
    fits = mask.ndim <= len(shape)
    fits = fits and all(m in (1, n) for m, n in zip(mask.shape[::-1], shape[::-1], strict=False))
    expect(fits, f"{name} needs a mask that broadcasts to (..., Tq, Tk) = {shape}", mask=mask)


def check_dout(layer: Layer, dout: Array, shape: tuple[int, ...]) -> None:
    """Raise `ShapeError` unless dout has the shape of the output."""
    rule = f"{type(layer).__name__}.backward needs dout in the shape of the output, {shape}"
    expect(dout.shape == shape, rule, dout=dout)
