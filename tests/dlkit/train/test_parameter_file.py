"""Parameters in memory: by name, in place, and never a pickle."""

from io import BytesIO

import numpy as np

from dlkit.train import ParameterFile


def test_what_comes_back_is_what_was_saved_under_its_name():
    W, b = np.arange(6.0).reshape(2, 3), np.ones(3, dtype=np.float32)
    file = ParameterFile()
    file.save({"W": W, "b": b})
    V, c = np.zeros((2, 3)), np.zeros(3, dtype=np.float32)
    assert file.load({"b": c, "W": V}) is True
    np.testing.assert_array_equal(V, W)
    np.testing.assert_array_equal(c, b)
    assert c.dtype == np.float32


def test_the_bytes_are_those_of_a_file_that_numpy_reads():
    file = ParameterFile()
    file.save({"W": np.eye(2)})
    with np.load(BytesIO(file.data)) as saved:
        assert saved.files == ["W"]
    data = np.frombuffer(file.data, np.uint8)
    W = np.zeros((2, 2))
    assert ParameterFile(data).load({"W": W})
    np.testing.assert_array_equal(W, np.eye(2))


def test_a_pickled_object_is_refused_and_nothing_is_changed():
    stream = BytesIO()
    np.savez(stream, b=np.ones(2), W=np.ones(2).astype(object))
    b, W = np.zeros(2), np.zeros(2)
    assert ParameterFile(stream.getvalue()).load({"b": b, "W": W}) is False
    assert not b.any()
    assert not W.any()
