"""Models: layers put together, one family a file."""

from dlkit.models.build import Builder
from dlkit.models.char_rnn import CharRNN
from dlkit.models.conv_net import SimpleConvNet
from dlkit.models.gan import GAN, mlp_discriminator, mlp_generator
from dlkit.models.gates import AND, NAND, OR, XOR, neuron
from dlkit.models.mlp import MLP
from dlkit.models.perceptron import Perceptron
from dlkit.models.resnet import ResNet
from dlkit.models.sentiment import SentimentConv1D, SentimentLSTM
from dlkit.models.sequence import SwapAxes, TimeSoftmaxWithLoss
from dlkit.models.srcnn import SRCNN
from dlkit.models.srgan import SRGAN, SRDiscriminator, SRGenerator
from dlkit.models.transformer import CausalSelfAttention, Transformer
from dlkit.models.two_layer_net import TwoLayerNet
from dlkit.models.vgg import VGG16

__all__ = [
    "AND",
    "GAN",
    "MLP",
    "NAND",
    "OR",
    "SRCNN",
    "SRGAN",
    "VGG16",
    "XOR",
    "Builder",
    "CausalSelfAttention",
    "CharRNN",
    "Perceptron",
    "ResNet",
    "SRDiscriminator",
    "SRGenerator",
    "SentimentConv1D",
    "SentimentLSTM",
    "SimpleConvNet",
    "SwapAxes",
    "TimeSoftmaxWithLoss",
    "Transformer",
    "TwoLayerNet",
    "mlp_discriminator",
    "mlp_generator",
    "neuron",
]
