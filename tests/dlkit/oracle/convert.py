"""Parameters between dlkit and PyTorch: names, and which axes are exchanged.

dlkit works with row vectors, y = x W + b with W (D, H); PyTorch keeps the weight of a linear map as (H, D).
Kernels are (F, C, ...) in both. The scale and shift of a normalization are gamma and beta here, weight and
bias there. Every conversion is its own inverse, so that it maps gradients as well.
"""

import numpy as np

from dlkit.layers import Affine, BatchNorm, Convolution, Layer, LayerNorm, MatMul

# parameter here: (its name in PyTorch, whether it is transposed there)
NAMES = {
    Affine: {"W": ("weight", True), "b": ("bias", False)},
    MatMul: {"W": ("weight", True)},
    Convolution: {"W": ("weight", False), "b": ("bias", False)},
    BatchNorm: {"gamma": ("weight", False), "beta": ("bias", False)},
    LayerNorm: {"gamma": ("weight", False), "beta": ("bias", False)},
}


def to_torch(layer: Layer, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Parameters, or gradients, of a layer of dlkit under PyTorch's names and in its shapes."""
    names = next((table for kind, table in NAMES.items() if isinstance(layer, kind)), {})
    return {
        theirs: arrays[ours].T.copy() if transposed else arrays[ours].copy()
        for ours, (theirs, transposed) in names.items()
    }
