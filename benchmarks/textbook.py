"""The textbook way of writing the layers, as a baseline: a whole-batch column matrix, objects per step.

`im2col` makes its matrix as the book prints it, `np.zeros(shape)`, so that float32 is promoted to float64;
`Conv2D(..., keep=True)` mends that.
"""

import numpy as np


def im2col(x, KH, KW, padding, dtype):
    """All windows of a batch as the rows of one matrix, (N OH OW, C KH KW)."""
    N, C, H, W = x.shape
    OH, OW = H + 2 * padding - KH + 1, W + 2 * padding - KW + 1
    image = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    col = np.zeros((N, C, KH, KW, OH, OW), dtype)
    for i in range(KH):
        for j in range(KW):
            col[:, :, i, j] = image[:, :, i : i + OH, j : j + OW]
    return col.transpose(0, 4, 5, 1, 2, 3).reshape(N * OH * OW, -1)


def col2im(col, shape, KH, KW, padding):
    """Add the windows up where they came from."""
    N, C, H, W = shape
    OH, OW = H + 2 * padding - KH + 1, W + 2 * padding - KW + 1
    col = col.reshape(N, OH, OW, C, KH, KW).transpose(0, 3, 4, 5, 1, 2)
    image = np.zeros((N, C, H + 2 * padding, W + 2 * padding), col.dtype)
    for i in range(KH):
        for j in range(KW):
            image[:, :, i : i + OH, j : j + OW] += col[:, :, i, j]
    return image[:, :, padding : H + padding, padding : W + padding]


class Conv2D:
    """Convolution by im2col over the whole batch."""

    def __init__(self, W, b, padding, keep=False):
        self.W, self.b, self.padding = W, b, padding
        self.dtype = W.dtype if keep else np.float64

    def forward(self, x):
        F, _, KH, KW = self.W.shape
        N, _, H, W = x.shape
        OH, OW = H + 2 * self.padding - KH + 1, W + 2 * self.padding - KW + 1
        self.shape = x.shape
        self.col = im2col(x, KH, KW, self.padding, self.dtype)
        out = self.col @ self.W.reshape(F, -1).T + self.b
        return out.reshape(N, OH, OW, F).transpose(0, 3, 1, 2)

    def backward(self, dout):
        F, _, KH, KW = self.W.shape
        dout = dout.transpose(0, 2, 3, 1).reshape(-1, F)
        self.db = dout.sum(axis=0)
        self.dW = (self.col.T @ dout).T.reshape(self.W.shape)
        return col2im(dout @ self.W.reshape(F, -1), self.shape, KH, KW, self.padding)


class MaxPool2D:
    """Max pooling by im2col and argmax."""

    def forward(self, x):
        N, C, H, W = x.shape
        windows = x.reshape(N, C, H // 2, 2, W // 2, 2).transpose(0, 1, 2, 4, 3, 5)
        self.windows = windows.reshape(-1, 4)
        self.winner = self.windows.argmax(axis=1)
        self.shape = x.shape
        return self.windows.max(axis=1).reshape(N, C, H // 2, W // 2)

    def backward(self, dout):
        N, C, H, W = self.shape
        d = np.zeros((dout.size, 4), dout.dtype)
        d[np.arange(dout.size), self.winner] = dout.ravel()
        d = d.reshape(N, C, H // 2, W // 2, 2, 2).transpose(0, 1, 2, 4, 3, 5)
        return d.reshape(self.shape)


class Affine:
    """Affine layer that always computes every gradient."""

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T


class ReLU:
    """ReLU by a mask and a copy."""

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dout = dout.copy()
        dout[self.mask] = 0
        return dout


def sigmoid(x):
    """As chapter 3 of a textbook has it."""
    return 1 / (1 + np.exp(-x))


class LSTMStep:
    """One step of an LSTM, an object with parameters and gradients of its own, as every layer of the book."""

    def __init__(self, Wx, Wh, b, own=True):
        self.Wx, self.Wh, self.b = Wx, Wh, b
        self.grads = [np.zeros_like(a) for a in (Wx, Wh, b)] if own else None

    def forward(self, x, h, c):
        A = x @ self.Wx + h @ self.Wh + self.b
        H = h.shape[1]
        f, g = sigmoid(A[:, :H]), np.tanh(A[:, H : 2 * H])
        i, o = sigmoid(A[:, 2 * H : 3 * H]), sigmoid(A[:, 3 * H :])
        c_next = f * c + g * i
        h_next = o * np.tanh(c_next)
        self.cache = x, h, c, f, g, i, o, c_next
        return h_next, c_next

    def backward(self, dh, dc):
        x, h, c, f, g, i, o, c_next = self.cache
        tanh_c = np.tanh(c_next)
        ds = dc + dh * o * (1 - tanh_c**2)
        dA = np.hstack([
            ds * c * f * (1 - f), ds * i * (1 - g**2), ds * g * i * (1 - i), dh * tanh_c * o * (1 - o)
        ])  # fmt: skip
        grads = [x.T @ dA, h.T @ dA, dA.sum(axis=0)]
        if self.grads is None:
            self.grads = grads
        else:
            for kept, grad in zip(self.grads, grads, strict=True):
                kept[...] = grad
        return dA @ self.Wx.T, dA @ self.Wh.T, ds * f


class LSTM:
    """LSTM over time, a step object and its gradient arrays for every step.

    own: False leaves out the zeros that the book makes for each step's gradients, and the copies into them.
    """

    def __init__(self, Wx, Wh, b, own=True):
        self.Wx, self.Wh, self.b, self.own = Wx, Wh, b, own

    def forward(self, xs):
        N, T, _ = xs.shape
        H = len(self.Wh)
        h = c = np.zeros((N, H), xs.dtype)
        self.steps, hs = [], np.empty((N, T, H), xs.dtype)
        for t in range(T):
            step = LSTMStep(self.Wx, self.Wh, self.b, self.own)
            h, c = step.forward(xs[:, t], h, c)
            self.steps.append(step)
            hs[:, t] = h
        return hs

    def backward(self, dhs):
        N, T, H = dhs.shape
        dxs = np.empty((N, T, len(self.Wx)), dhs.dtype)
        dh = dc = np.zeros((N, H), dhs.dtype)
        grads = [np.zeros_like(a) for a in (self.Wx, self.Wh, self.b)]
        for t in reversed(range(T)):
            step = self.steps[t]
            dxs[:, t], dh, dc = step.backward(dhs[:, t] + dh, dc)
            for total, part in zip(grads, step.grads, strict=True):
                total += part
        self.dWx, self.dWh, self.db = grads
        return dxs
