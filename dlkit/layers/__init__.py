"""Layers: forward and backward side by side, one family a file.

What all of them keep to: float32 input and parameters give float32 output and gradients, integers are
promoted, complex input stays complex; arguments are never modified; shapes that do not fit raise
`ShapeError` with the rule and the shapes received.
"""

from dlkit.layers.activation import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from dlkit.layers.affine import Affine
from dlkit.layers.arithmetic import Add, MatMul, Multiply
from dlkit.layers.attention import (
    MultiHeadAttention,
    ScaledDotProductAttention,
    causal_mask,
    padding_mask,
)
from dlkit.layers.base import Layer
from dlkit.layers.container import Composite, Residual, Sequential
from dlkit.layers.convolution import Conv1D, Conv2D, Conv3D, Convolution
from dlkit.layers.dropout import Dropout
from dlkit.layers.embedding import Embedding
from dlkit.layers.gru import GRU, GRUCell
from dlkit.layers.loss import MeanSquaredError, SigmoidWithLoss, SoftmaxWithLoss
from dlkit.layers.lstm import LSTM, LSTMCell
from dlkit.layers.normalization import BatchNorm, LayerNorm
from dlkit.layers.pooling import AvgPool, AvgPool1D, AvgPool2D, MaxPool, MaxPool1D, MaxPool2D
from dlkit.layers.positional import PositionalEncoding, positional_encoding
from dlkit.layers.rnn import RNN, RNNCell
from dlkit.layers.shape import Flatten, PixelShuffle

__all__ = [
    "GELU",
    "GRU",
    "LSTM",
    "RNN",
    "Add",
    "Affine",
    "AvgPool",
    "AvgPool1D",
    "AvgPool2D",
    "BatchNorm",
    "Composite",
    "Conv1D",
    "Conv2D",
    "Conv3D",
    "Convolution",
    "Dropout",
    "Embedding",
    "Flatten",
    "GRUCell",
    "LSTMCell",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "MatMul",
    "MaxPool",
    "MaxPool1D",
    "MaxPool2D",
    "MeanSquaredError",
    "MultiHeadAttention",
    "Multiply",
    "PixelShuffle",
    "PositionalEncoding",
    "RNNCell",
    "ReLU",
    "Residual",
    "ScaledDotProductAttention",
    "Sequential",
    "Sigmoid",
    "SigmoidWithLoss",
    "Softmax",
    "SoftmaxWithLoss",
    "Tanh",
    "causal_mask",
    "padding_mask",
    "positional_encoding",
]
