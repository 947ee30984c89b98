"""A small Transformer: the decoder alone, which continues a sequence."""

from typing import Any

import numpy as np

from dlkit.errors import expect
from dlkit.init import xavier
from dlkit.layers import Composite, Sequential
from dlkit.layers.attention import causal_mask
from dlkit.models.build import Builder
from dlkit.typing import Array, Labels


class CausalSelfAttention(Composite):
    """Multi-head attention of a sequence to itself; a step sees itself and what is before it.

    Source: Vaswani et al., Attention Is All You Need (2017), section 3.2.3.

    >>> layer = CausalSelfAttention(Builder(np.random.default_rng(0)), D=6, heads=2)
    >>> layer.forward(np.ones((5, 4, 6))).shape
    (5, 4, 6)
    """

    def __init__(self, build: Builder, D: int, heads: int) -> None:
        self.attention = build.attention(D, heads)

    def forward(self, x: Array) -> Array:
        """Output, shape (N, T, D), for x (N, T, D)."""
        expect(x.ndim == 3, "CausalSelfAttention needs x (N, T, D)", x=x)
        mask = causal_mask(x.shape[1])
        return self.attention.forward(x, x, x, mask=mask)  # type: ignore[no-any-return]

    def backward(self, dout: Array) -> Array:
        """Gradient with respect to x, shape (N, T, D): x is query, key and value at once."""
        dq, dk, dv = self.attention.backward(dout)
        return dq + dk + dv  # type: ignore[no-any-return]


class Transformer(Sequential):
    """Embedding and positions, blocks of attention and of a feed-forward network, affine.

    Input: ids (N, T); output: scores (N, T, V) of the next id after each step. In a block both parts have
    a layer normalization before them and a shortcut around them.

    build: see `Builder`. V: ids. D: width. heads: of attention, a divisor of D. blocks: their number.

    Sources: Vaswani et al., Attention Is All You Need (2017); Radford et al., Language Models are
    Unsupervised Multitask Learners (2019), section 2.3, for the decoder alone with the normalization
    moved to the input of each part.

    >>> model = Transformer(Builder(np.random.default_rng(0)), V=7, D=8, heads=2, blocks=1)
    >>> model.forward(np.array([[1, 2, 3]])).shape
    (1, 3, 7)
    """

    def __init__(
        self, build: Builder, V: int, D: int = 64, heads: int = 4, blocks: int = 2
    ) -> None:
        of = build.layers
        self.attentions = [CausalSelfAttention(build, D, heads) for _ in range(blocks)]
        layers: list[Any] = [build.embedding(V, D, std=1.0), of.PositionalEncoding()]
        for attention in self.attentions:
            layers += [
                of.Residual(Sequential(build.layer_norm(D), attention)),
                of.Residual(
                    Sequential(
                        build.layer_norm(D),
                        build.affine(D, 4 * D),
                        of.GELU(),
                        build.affine(4 * D, D),
                    )
                ),
            ]
        super().__init__(*layers, build.layer_norm(D), build.affine(D, V, weights=xavier))

    @property
    def weights(self) -> list[Array]:
        """Weights of attention of the last `forward`, one array (N, heads, T, T) a block, for drawing."""
        return [layer.attention.weights for layer in self.attentions]

    def complete(self, start: Labels, length: int) -> Labels:
        """Ids (N, length) that continue start (N, T), each the one with the largest score.

        Whatever is written is read again from its beginning: simple, and slow for long texts.
        """
        ids = start
        for _ in range(length):
            scores = self.forward(ids, training=False)
            ids = np.concatenate([ids, scores[:, -1].argmax(axis=-1)[:, np.newaxis]], axis=1)
        return ids[:, start.shape[1] :]
