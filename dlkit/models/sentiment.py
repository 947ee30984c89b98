"""Is a review friendly? Two models that read its words in order."""

import numpy as np

from dlkit.errors import ArgumentError, expect
from dlkit.layers import Composite, Sequential
from dlkit.models.build import Builder
from dlkit.models.sequence import SwapAxes
from dlkit.typing import Array, Labels


class SentimentLSTM(Composite):
    """An LSTM reads the words; a score comes from the mean of its states.

    Input: numbers of words (N, T), 0 for padding at the end; output: scores (N, 1), positive for friendly.

    build: see `Builder`. V: words in the vocabulary. D: width of a word's vector. H: states of the LSTM.
    dropout: rate, of the vectors and of the mean.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory (1997); the mean over the steps as in
    Graves, Supervised Sequence Labelling with Recurrent Neural Networks (2012), and common since.

    >>> model = SentimentLSTM(Builder(np.random.default_rng(0)), V=9, D=4, H=3)
    >>> model.forward(np.array([[2, 3, 0], [4, 0, 0]])).shape
    (2, 1)
    """

    def __init__(
        self, build: Builder, V: int, D: int = 64, H: int = 64, dropout: float = 0.5
    ) -> None:
        of = build.layers
        self.embedding = build.embedding(V, D)
        self.drop_words = of.Dropout(dropout, build.rng)
        self.lstm = build.lstm(D, H)
        self.drop_states = of.Dropout(dropout, build.rng)
        self.affine = build.affine(H, 1)

    def forward(self, ids: Labels, training: bool = True) -> Array:
        """Scores, shape (N, 1), for the numbers of words ids (N, T)."""
        expect(ids.ndim == 2, "SentimentLSTM needs ids (N, T)", ids=ids)
        xs = self.drop_words.forward(self.embedding.forward(ids), training=training)
        hs = self.lstm.forward(xs)
        is_word = (ids > 0)[..., np.newaxis]
        counts = np.maximum(is_word.sum(axis=1, keepdims=True), 1)
        self.share = (is_word / counts).astype(hs.dtype)  # of each step in the mean, (N, T, 1)
        mean = (hs * self.share).sum(axis=1)
        return self.affine.forward(self.drop_states.forward(mean, training=training))  # type: ignore[no-any-return]

    def backward(self, dout: Array) -> None:
        """Set all gradients, for dout (N, 1); numbers of words have no gradient."""
        dmean = self.drop_states.backward(self.affine.backward(dout))
        dxs = self.lstm.backward(dmean[:, np.newaxis] * self.share)
        self.embedding.backward(self.drop_words.backward(dxs))


class SentimentConv1D(Sequential):
    """A convolution looks at a few words at a time; its strongest answers in the text give a score.

    Input: numbers of words (N, T), 0 for padding; output: scores (N, 1), positive for friendly.

    build: see `Builder`. V: words in the vocabulary. T: steps. D: width of a word's vector. F: filters.
    kernel: words that a filter sees. dropout: rate, of the vectors and of the answers.

    Source: Kim, Convolutional Neural Networks for Sentence Classification (2014), section 2, with one
    width of filters.

    >>> model = SentimentConv1D(Builder(np.random.default_rng(0)), V=9, T=5, D=4, F=3)
    >>> model.forward(np.array([[2, 3, 4, 0, 0], [4, 5, 0, 0, 0]])).shape
    (2, 1)
    """

    def __init__(
        self,
        build: Builder,
        V: int,
        T: int,
        D: int = 64,
        F: int = 64,
        kernel: int = 3,
        dropout: float = 0.5,
    ) -> None:
        if not 1 <= kernel <= T:
            raise ArgumentError(
                f"SentimentConv1D needs 1 <= kernel <= T, words that a filter sees at once among the T "
                f"of a text; got kernel = {kernel}, T = {T}."
            )
        of = build.layers
        super().__init__(
            build.embedding(V, D),
            of.Dropout(dropout, build.rng),
            SwapAxes(),
            build.conv1d(D, F, kernel),
            of.ReLU(),
            of.MaxPool1D(T - kernel + 1),
            of.Flatten(),
            of.Dropout(dropout, build.rng),
            build.affine(F, 1),
        )
