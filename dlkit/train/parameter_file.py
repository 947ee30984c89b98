"""Parameters as the bytes of an .npz file: what a checkpoint is, before it is written to a disk."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt


class ParameterFile:
    """Parameters by name in the bytes of an .npz file, which holds arrays and nothing that could run.

    data: the bytes, such as those of a file that somebody has sent; none before `save`.

    Source: Harris et al., Array Programming with NumPy (2020), for the arrays; Python's documentation of
    `pickle` for what must not be loaded.

    >>> W, file = np.array([1.0, 2.0]), ParameterFile()
    >>> file.save({"W": W})
    >>> W[:] = 0.0
    >>> file.load({"W": W}), W
    (True, array([1., 2.]))
    """

    def __init__(self, data: bytes | npt.NDArray[np.uint8] = b"") -> None:
        self.data = bytes(data)

    def save(self, params: Mapping[str, Any]) -> None:
        """Set `data` to the bytes of an .npz file with these arrays under their names."""
        file = BytesIO()
        np.savez(file, **params)
        self.data = file.getvalue()

    def load(self, params: Mapping[str, Any]) -> bool:
        """Copy the arrays of `data` into those of params that have the same names, in place; return True.

        Where one of them is a pickled object, return False, and change nothing.
        """
        try:
            with np.load(BytesIO(self.data), allow_pickle=False) as file:
                saved = {name: file[name] for name in params}
        except ValueError:  # NumPy refuses what is pickled
            return False
        for name, array in params.items():
            array[...] = saved[name]
        return True
