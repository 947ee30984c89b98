"""Types of annotations.

Shapes are stated in docstrings with the letters of the book: N samples, D inputs, H units, C channels or
classes, T time steps, V words.
"""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

#: float32, float64 or complex128; the docstring says which shape.
Array: TypeAlias = npt.NDArray[Any]
#: Class numbers, shape (N,).
Labels: TypeAlias = npt.NDArray[np.integer[Any]]

__all__ = ["Array", "Labels"]
