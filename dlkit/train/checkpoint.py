"""Checkpoints: the arrays of a model, and of its optimizer, in one .npz file.

An .npz file holds arrays and nothing else. A pickle can hold any object, and loading it runs code that its
writer chose: never load a stranger's pickle. These files are therefore read with pickling off.
"""

import zipfile
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

    The names in the file are ``params/`` and the parameter's, ``buffers/`` and the buffer's,
    ``optimizer/t``, and ``optimizer/``, the parameter's name, ``/`` and what is remembered for it.

    >>> from tempfile import TemporaryDirectory
    >>> from dlkit.layers import Affine
    >>> with TemporaryDirectory() as folder:
    ...     save(f"{folder}/model.npz", Affine(np.eye(2), np.ones(2)))
    ...     other = Affine(np.zeros((2, 2)), np.zeros(2))
    ...     load(f"{folder}/model.npz", other)
    >>> other.b
    array([1., 1.])
    """
    path = _checked(path)
    partial = path.with_name(f"{path.stem}.partial.npz")
    np.savez(partial, **_arrays(model, optimizer))
    partial.replace(path)


def load(path: Path | str, model: Layer, optimizer: Optimizer | None = None) -> None:
    """Copy what `save` wrote into a model of the same shapes, and into its optimizer.

    Training continued from there goes the same way as if it had never stopped, given the same batches and
    the same random draws. The model's arrays keep their dtype. A parameter that the file lacks, or has in
    another shape or of another kind, is an error, and then nothing has been changed.

    >>> from dlkit.layers import Affine
    >>> load("model.pkl", Affine(np.eye(2), np.ones(2)))
    Traceback (most recent call last):
    dlkit.errors.ArgumentError: A checkpoint is a file whose name ends in .npz; got 'model.pkl'.
    """
    path = _checked(path)
    saved = _read(path)
    arrays = _arrays(model, optimizer)
    known = arrays if optimizer is not None else [*arrays, *_of_optimizer(saved)]
    missing = [name for name in arrays if name not in saved]
    unknown = [name for name in saved if name not in known]
    if missing or unknown:
        raise ArgumentError(
            f"A checkpoint fits the model and the optimizer that wrote it; {path.name} lacks "
            f"{_some(missing)} and has {_some(unknown)} that these do not know. Make them as they were then?"
        )
    for name, array in arrays.items():
        rule = f"{path.name} needs {name} in the shape that the model has"
        expect(saved[name].shape == array.shape, rule, saved=saved[name], model=array)
        if not np.can_cast(saved[name].dtype, array.dtype, "same_kind"):
            raise ArgumentError(
                f"{path.name} needs {name} as numbers that fit into {array.dtype}; got {saved[name].dtype}."
            )
    for name, array in arrays.items():
        array[...] = saved[name]
    if optimizer is not None:
        optimizer.t = int(saved["optimizer/t"])


def _read(path: Path) -> dict[str, Array]:
    """Arrays of an .npz file, read whole and with pickling off."""
    refusal = ArgumentError(
        f"A checkpoint is an .npz file of arrays of numbers; {path.name} is not, or holds pickled objects, "
        "which are never loaded: they can run any code. Write it again with dlkit.train.save?"
    )
    if not zipfile.is_zipfile(path) and path.exists():
        raise refusal
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (ValueError, zipfile.BadZipFile):
        raise refusal from None


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


def _of_optimizer(names: Any) -> list[str]:
    return [name for name in names if name.startswith("optimizer/")]


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
