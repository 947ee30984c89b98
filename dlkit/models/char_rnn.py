"""A language model that reads and writes letter by letter."""

from typing import Any

import numpy as np

from dlkit.errors import ArgumentError
from dlkit.functions import softmax
from dlkit.layers import Sequential
from dlkit.models.build import Builder


class CharRNN(Sequential):
    """Embedding, a stateful LSTM, affine: after each character, scores of the next one.

    Input: characters as ids (N, T); output: scores (N, T, V). The LSTM keeps its state from one piece of
    text to the next, so that a long text is learned by truncated backpropagation through time; call
    `reset_state` before another text.

    build: see `Builder`. V: characters. D: width of a character's vector. H: states of the LSTM.

    Sources: Graves, Generating Sequences With Recurrent Neural Networks (2013), section 2; Karpathy,
    The Unreasonable Effectiveness of Recurrent Neural Networks (2015).

    >>> model = CharRNN(Builder(np.random.default_rng(0)), V=5, D=4, H=3)
    >>> model.forward(np.array([[0, 1, 2, 3]])).shape
    (1, 4, 5)
    """

    def __init__(self, build: Builder, V: int, D: int = 32, H: int = 128) -> None:
        self.lstm: Any = build.lstm(D, H, stateful=True)
        super().__init__(build.embedding(V, D), self.lstm, build.affine(H, V))

    def reset_state(self) -> None:
        """Forget what was read."""
        self.lstm.reset_state()

    def write(
        self, start: list[int], length: int, rng: np.random.Generator, temperature: float = 1.0
    ) -> list[int]:
        """Continue a text by so many characters, drawn from what the model expects; return their ids.

        start: ids of at least one character, read first. temperature: below 1 the likelier characters
        get likelier still.
        """
        if not start:
            raise ArgumentError("write continues a text of at least one character; got none.")
        if temperature <= 0:
            raise ArgumentError(f"write needs a temperature above 0; got {temperature}.")
        self.reset_state()
        scores = self.forward(np.array([start]), training=False)
        written: list[int] = []
        for _ in range(length):
            p = softmax(scores[0, -1].astype(np.float64) / temperature)
            written.append(int(rng.choice(len(p), p=p)))
            scores = self.forward(np.array([written[-1:]]), training=False)
        self.reset_state()
        return written
