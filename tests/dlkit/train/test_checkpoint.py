import pickle  # noqa: TID251  to show that it is refused
from copy import deepcopy

import numpy as np
import pytest

from dlkit import optim
from dlkit.data import spirals
from dlkit.errors import ArgumentError, ShapeError
from dlkit.layers import SoftmaxWithLoss
from dlkit.models import MLP, Builder
from dlkit.train import Batches, Trainer, load, save

OPTIMIZERS = [getattr(optim, name) for name in
              ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSProp", "Adam", "AdamW")]  # fmt: skip


def model(hidden=6, **options):
    return MLP([2, hidden, 3], Builder(np.random.default_rng(0), **options), batch_norm=True)


def state(net):
    return deepcopy({**net.params, **net.buffers})


@pytest.mark.parametrize("make", OPTIMIZERS)
def test_training_goes_on_as_if_it_had_never_stopped(make, tmp_path):
    batches = Batches(*spirals(np.random.default_rng(1), per_class=20), size=16)
    one = Trainer(model(), SoftmaxWithLoss(), make())
    one.fit(batches, epochs=2)
    save(tmp_path / "checkpoint.npz", one.model, one.optimizer)
    one.fit(batches, epochs=2)

    other = Trainer(model(), SoftmaxWithLoss(), make())
    other.fit(batches, epochs=1)  # something else is overwritten
    load(tmp_path / "checkpoint.npz", other.model, other.optimizer)
    other.fit(batches, epochs=2)
    for name, array in state(one.model).items():
        np.testing.assert_array_equal(state(other.model)[name], array)
    assert one.optimizer.t == other.optimizer.t


def test_an_optimizer_that_has_not_stepped_can_be_saved(tmp_path):
    optimizer = optim.Adam()
    save(tmp_path / "new.npz", model(), optim.Adam())
    load(tmp_path / "new.npz", model(), optimizer)
    assert optimizer.t == 0
    assert all(not array.any() for kept in optimizer.state.values() for array in kept.values())


def test_the_file_holds_arrays_by_name_and_no_pickle(tmp_path):
    net = model()
    save(tmp_path / "m.npz", net, optim.Momentum())
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        assert set(file.files) == {
            *(f"params/{name}" for name in net.params),
            *(f"buffers/{name}" for name in net.buffers),
            *(f"optimizer/{name}/v" for name in net.params),
            "optimizer/t",
        }
        np.testing.assert_array_equal(file["params/0.W"], net.params["0.W"])


def test_an_optimizers_part_may_be_left_aside(tmp_path):
    net, other = model(), model()
    other.params["0.W"][...] = 0.0
    save(tmp_path / "m.npz", net, optim.Adam())
    load(tmp_path / "m.npz", other)
    np.testing.assert_array_equal(other.params["0.W"], net.params["0.W"])


def test_float64_weights_fit_into_a_float32_model(tmp_path):
    net, other = model(), model(dtype=np.float32)
    save(tmp_path / "m.npz", net)
    load(tmp_path / "m.npz", other)
    assert other.params["0.W"].dtype == np.float32
    np.testing.assert_array_equal(other.params["0.W"], net.params["0.W"].astype(np.float32))


class Trap:
    """Its pickle, when loaded, makes a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("form", ["pickle", "npy", "object array", "text"])
def test_a_pickle_is_refused_and_never_run(form, tmp_path):
    path, sprung = tmp_path / "stranger.npz", tmp_path / "sprung"
    trap = Trap(sprung)
    if form == "pickle":
        path.write_bytes(pickle.dumps(trap))
    elif form == "npy":
        with path.open("wb") as file:
            np.save(file, np.array([trap], dtype=object), allow_pickle=True)
    elif form == "object array":
        arrays = {f"params/{name}": W for name, W in model().params.items()}
        arrays["params/0.W"] = np.array([trap], dtype=object)
        np.savez(path, **arrays)
    else:
        path.write_text("W = 1")
    net = model()
    before = state(net)
    with pytest.raises(
        ArgumentError, match=r"stranger\.npz is not, or holds pickled objects, which are never"
    ):
        load(path, net)
    assert not sprung.exists()
    for name, array in before.items():
        np.testing.assert_array_equal(state(net)[name], array)


def test_the_trap_would_have_sprung(tmp_path):
    """Else the test above could not fail."""
    pickle.loads(pickle.dumps(Trap(tmp_path / "sprung"))).close()
    assert (tmp_path / "sprung").exists()


def test_a_file_of_another_model_changes_nothing(tmp_path):
    save(tmp_path / "m.npz", model(hidden=7))
    net = model()
    before = state(net)
    with pytest.raises(
        ShapeError, match=r"needs params/0\.W in the shape that the model has; got saved"
    ):
        load(tmp_path / "m.npz", net)
    for name, array in before.items():
        np.testing.assert_array_equal(state(net)[name], array)


def test_names_that_lack_or_are_unknown_are_listed(tmp_path):
    small, deep = model(), MLP([2, 4, 4, 3], Builder(np.random.default_rng(0)))
    save(tmp_path / "m.npz", small)
    with pytest.raises(ArgumentError, match=r"lacks params/2\.W, params/2\.b, params/4\.W and 1 more and has "
                                            r"params/1\.gamma"):  # fmt: skip
        load(tmp_path / "m.npz", deep)


def test_a_checkpoint_of_another_optimizer_is_refused(tmp_path):
    save(tmp_path / "m.npz", model(), optim.Adam())
    with pytest.raises(ArgumentError, match=r"lacks nothing and has optimizer/0\.W/m"):
        load(tmp_path / "m.npz", model(), optim.SGD())
    save(tmp_path / "m.npz", model())
    with pytest.raises(ArgumentError, match=r"lacks optimizer/t, optimizer/0\.W/m"):
        load(tmp_path / "m.npz", model(), optim.Adam())


@pytest.mark.parametrize("dtype", [complex, "U3"])
def test_numbers_that_do_not_fit_are_refused(dtype, tmp_path):
    net = model()
    arrays = {f"params/{name}": W for name, W in net.params.items()}
    arrays |= {f"buffers/{name}": W for name, W in net.buffers.items()}
    arrays["params/3.b"] = arrays["params/3.b"].astype(dtype)
    np.savez(tmp_path / "m.npz", **arrays)
    with pytest.raises(
        ArgumentError, match=r"needs params/3\.b as numbers that fit into float64; got "
    ):
        load(tmp_path / "m.npz", net)


@pytest.mark.parametrize("act", [save, load])
def test_the_name_ends_in_npz(act, tmp_path):
    with pytest.raises(ArgumentError, match=r"whose name ends in \.npz; got '.*model\.pkl'\."):
        act(tmp_path / "model.pkl", model())


def test_a_missing_file_is_the_usual_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "nowhere.npz", model())


def test_writing_that_stops_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "m.npz"
    save(path, model())
    content = path.read_bytes()

    def stop(file, **arrays):
        file.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", stop)
    with pytest.raises(KeyboardInterrupt):
        save(path, model(hidden=9))
    assert path.read_bytes() == content
