"""Layers: forward and backward side by side, one family a file."""

from dlkit.layers.activation import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from dlkit.layers.affine import Affine
from dlkit.layers.arithmetic import Add, MatMul, Multiply
from dlkit.layers.base import Layer
from dlkit.layers.container import Residual, Sequential
from dlkit.layers.loss import MeanSquaredError, SigmoidWithLoss, SoftmaxWithLoss

__all__ = [
    "GELU",
    "Add",
    "Affine",
    "Layer",
    "LeakyReLU",
    "MatMul",
    "MeanSquaredError",
    "Multiply",
    "ReLU",
    "Residual",
    "Sequential",
    "Sigmoid",
    "SigmoidWithLoss",
    "Softmax",
    "SoftmaxWithLoss",
    "Tanh",
]
