"""Checkpoints: the arrays of a model, and of its optimizer, in one .npz file.

An .npz file holds arrays and nothing else. A pickle can hold any object, and loading it runs code that its
writer chose: never load a stranger's pickle. These files are therefore read with pickling off.
"""

from pathlib import Path
from typing import Any

import numpy as np

from dlkit.errors import ArgumentError, expect
from dlkit.layers import Layer
from dlkit.optim import Optimizer
from dlkit.typing import Array


def save(path: Path | str, model: Layer, optimizer: Optimizer | None = None) -> None:
    """Write parameters and buffers of the model, and with an optimizer what it remembers.

    path: its name ends in .npz. The file is there whole or not at all, wherever the writing stops.
    """
    path = _checked(path)
    partial = path.with_name(f"{path.stem}.partial.npz")
    np.savez(partial, **_arrays(model, optimizer))
    partial.replace(path)


def load(path: Path | str, model: Layer, optimizer: Optimizer | None = None) -> None:
    """Copy what `save` wrote into a model of the same shapes, and into its optimizer.

    Training continued from there goes the same way as if it had never stopped, given the same batches.
    The arrays keep their dtype. A parameter that the file lacks, or has in another shape, is an error,
    and then nothing has been changed.
    """
    path = _checked(path)
    with np.load(path, allow_pickle=False) as file:
        saved = {name: file[name] for name in file.files}
    arrays = _arrays(model, optimizer)
    missing = [name for name in arrays if name not in saved]
    unknown = [name for name in saved if name not in arrays and not name.startswith("optimizer/")]
    if missing or unknown:
        raise ArgumentError(
            f"A checkpoint fits the model that wrote it; {path.name} lacks {_some(missing)} and has "
            f"{_some(unknown)} that this model does not know. Make the model as it was then?"
        )
    for name, array in arrays.items():
        rule = f"{path.name} needs {name} in the shape that the model has"
        expect(saved[name].shape == array.shape, rule, saved=saved[name], model=array)
    for name, array in arrays.items():
        array[...] = saved[name]
    if optimizer is not None:
        optimizer.t = int(saved["optimizer/t"])


def _arrays(model: Layer, optimizer: Optimizer | None) -> dict[str, Any]:
    """Everything that a checkpoint holds, by name."""
    arrays: dict[str, Array] = {f"params/{name}": W for name, W in model.params.items()}
    arrays |= {f"buffers/{name}": array for name, array in model.buffers.items()}
    if optimizer is not None:
        _make_room(optimizer, model)
        arrays["optimizer/t"] = np.array(optimizer.t)
        for name, state in optimizer.state.items():
            arrays |= {f"optimizer/{name}/{key}": array for key, array in state.items()}
    return arrays


def _make_room(optimizer: Optimizer, model: Layer) -> None:
    """Give an optimizer that has not stepped yet the arrays that it will remember."""
    for name, W in model.params.items():
        zeros = {key: np.zeros_like(W) for key in optimizer.state_names}
        optimizer.state.setdefault(name, zeros)


def _checked(path: Path | str) -> Path:
    if Path(path).suffix != ".npz":
        raise ArgumentError(f"A checkpoint is a file whose name ends in .npz; got {str(path)!r}.")
    return Path(path)


def _some(names: list[str], most: int = 3) -> str:
    """A few of the names, or "nothing"."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more if names else "nothing"
