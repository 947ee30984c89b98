"""Layers with their first weights: what every model is built from."""

from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

import dlkit.layers
from dlkit import init
from dlkit.typing import Array

Init: TypeAlias = Callable[[tuple[int, ...], np.random.Generator], Array]


class Builder:
    """Builds layers: says where their weights come from, of which dtype, and which classes are used.

    rng: generator of the weights, drawn in the order in which layers are built. dtype: of all parameters;
    float32 takes half the time and the memory, float64 can be checked numerically. twins: a module of
    layers to use in place of those of `dlkit.layers` that have the same name, such as `dlkit.fast`.

    Biases are zeros, but those of an LSTM's forget gate, which are 1: remember at first (Jozefowicz,
    Zaremba and Sutskever, An Empirical Exploration of Recurrent Network Architectures, 2015).

    >>> build = Builder(np.random.default_rng(0), dtype=np.float32)
    >>> build.affine(3, 2).W.shape, build.conv2d(1, 8, 3).W.dtype
    ((3, 2), dtype('float32'))
    >>> from dlkit import fast
    >>> Builder(np.random.default_rng(0), twins=fast).conv2d(1, 8, 3)  # doctest: +ELLIPSIS
    <dlkit.fast.convolution.Conv2D object at ...>
    """

    def __init__(
        self,
        rng: np.random.Generator,
        dtype: npt.DTypeLike = np.float64,
        twins: ModuleType | None = None,
    ) -> None:
        self.rng = rng
        self.dtype = dtype
        modules = [dlkit.layers] if twins is None else [dlkit.layers, twins]
        self.layers: Any = SimpleNamespace(
            **{name: getattr(module, name) for module in modules for name in module.__all__}
        )

    def affine(self, D: int, H: int, weights: Init = init.he) -> Any:
        """Affine layer from D inputs to H outputs."""
        return self.layers.Affine(self._random(weights, (D, H)), self._full(H, 0))

    def conv1d(self, C: int, F: int, kernel: int, **geometry: Any) -> Any:
        """Convolution over one axis, from C to F channels. geometry: stride, padding, dilation."""
        W = self._random(init.he, (F, C, kernel))
        return self.layers.Conv1D(W, self._full(F, 0), **geometry)

    def conv2d(self, C: int, F: int, kernel: int, weights: Init = init.he, **geometry: Any) -> Any:
        """Convolution with square kernels, from C to F channels. geometry: stride, padding, dilation."""
        W = self._random(weights, (F, C, kernel, kernel))
        return self.layers.Conv2D(W, self._full(F, 0), **geometry)

    def batch_norm(self, C: int) -> Any:
        """Batch normalization of C features or channels."""
        return self.layers.BatchNorm(self._full(C, 1), self._full(C, 0))

    def layer_norm(self, D: int) -> Any:
        """Layer normalization of D features."""
        return self.layers.LayerNorm(self._full(D, 1), self._full(D, 0))

    def embedding(self, V: int, D: int, std: float = 0.1) -> Any:
        """Embedding of V ids as vectors of D numbers, normal with that standard deviation."""
        return self.layers.Embedding(init.normal((V, D), self.rng, std).astype(self.dtype))

    def lstm(self, D: int, H: int, stateful: bool = False) -> Any:
        """LSTM over time from D inputs to H states."""
        Wx = np.hstack([self._random(init.xavier, (D, H)) for _ in range(4)])
        Wh = np.hstack([self._random(init.orthogonal, (H, H)) for _ in range(4)])
        b = np.concatenate([self._full(H, 1), self._full(3 * H, 0)])  # the forget gate is first
        return self.layers.LSTM(Wx, Wh, b, stateful)

    def attention(self, D: int, heads: int) -> Any:
        """Multi-head attention that keeps the width D."""
        weights = (self._random(init.xavier, (D, D)) for _ in range(4))
        return self.layers.MultiHeadAttention(*weights, heads)

    def _random(self, weights: Init, shape: tuple[int, ...]) -> Array:
        return weights(shape, self.rng).astype(self.dtype, copy=False)

    def _full(self, n: int, value: float) -> Array:
        return np.full(n, value, dtype=self.dtype)
