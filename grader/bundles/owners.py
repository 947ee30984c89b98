"""The ownership table: which unit asks for which object of dlkit.

A unit's package holds what earlier units own, and nothing that is not in the table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: By module, or by object where it differs from its module: the number of the unit that asks for it, or
#: ALWAYS. `dlkit.fast` and `dlkit.examples` are in no student's package.
ALWAYS = ""
OWNERS: Mapping[str, str] = {
    "dlkit": ALWAYS,
    "dlkit.arrays": "01",
    "dlkit.autograd": "15",
    "dlkit.data": ALWAYS,
    "dlkit.errors": ALWAYS,
    "dlkit.functions": "03",
    "dlkit.functions.as_float": ALWAYS,
    "dlkit.functions.gelu": "13",
    "dlkit.gradcheck": "05",
    "dlkit.init": "06",  # the networks of 07 begin with it
    "dlkit.init.orthogonal": "09",
    "dlkit.init.xavier": "09",
    "dlkit.layers.activation": "06",
    "dlkit.layers.activation.GELU": "13",
    "dlkit.layers.affine": "06",
    "dlkit.layers.arithmetic": "06",
    "dlkit.layers.attention": "13",
    # Validation, and what is not asked for beside the parts that are.
    "dlkit.layers.attention.check_dout": ALWAYS,
    "dlkit.layers.attention.check_mask": ALWAYS,
    "dlkit.layers.attention.check_sequences": ALWAYS,
    "dlkit.layers.attention.join_heads": "12",
    "dlkit.layers.attention.rows": ALWAYS,
    "dlkit.layers.base": ALWAYS,
    "dlkit.layers.container": "07",
    "dlkit.layers.container.Residual": "09",
    "dlkit.layers.convolution": "11",
    "dlkit.layers.dropout": "10",
    "dlkit.layers.embedding": "12",
    "dlkit.layers.embedding.check_ids": ALWAYS,
    "dlkit.layers.gru": "12",
    "dlkit.layers.loss": "06",
    "dlkit.layers.lstm": "12",
    "dlkit.layers.normalization": "09",
    # Pictures as rows of features, and back: given, in the unit that normalizes them.
    "dlkit.layers.normalization.channels_first": ALWAYS,
    "dlkit.layers.normalization.channels_last": ALWAYS,
    "dlkit.layers.normalization.LayerNorm": "13",
    "dlkit.layers.pooling": "11",
    # Geometry and validation, upon which the layers that are asked for are built.
    "dlkit.layers.pooling.Pooling": ALWAYS,
    "dlkit.layers.positional": "13",
    "dlkit.layers.recurrent": ALWAYS,
    "dlkit.layers.rnn": "12",
    "dlkit.layers.shape": "10",
    "dlkit.layers.shape.PixelShuffle": "14",
    "dlkit.layers.windows": ALWAYS,
    "dlkit.losses": "04",
    # What unit 04's losses are built upon, and nobody is asked to write.
    "dlkit.losses.as_pair": ALWAYS,
    "dlkit.losses.batch_size": ALWAYS,
    "dlkit.losses.labels": ALWAYS,
    "dlkit.losses.one_hot": ALWAYS,
    "dlkit.losses.targets_like": ALWAYS,
    # Their formulas are what the losses as layers do in `backward`.
    "dlkit.losses.cross_entropy_error_gradient": "06",
    "dlkit.losses.l1_loss_gradient": "06",
    "dlkit.losses.l2_loss_gradient": "06",
    "dlkit.losses.mean_squared_error_gradient": "06",
    "dlkit.losses.sigmoid_cross_entropy_gradient": "06",
    "dlkit.losses.softmax_cross_entropy_gradient": "06",
    "dlkit.losses.sum_squared_error_gradient": "06",
    "dlkit.models.build": "07",
    "dlkit.models.char_rnn": "12",
    "dlkit.models.conv_net": "11",
    "dlkit.models.gan": "14",
    "dlkit.models.gates": "02",
    "dlkit.models.mlp": "07",
    "dlkit.models.perceptron": "02",
    "dlkit.models.resnet": "11",
    "dlkit.models.sentiment": "12",
    "dlkit.models.sequence": "12",
    "dlkit.models.srcnn": "14",
    "dlkit.models.srgan": "14",
    "dlkit.models.three_layer": "03",
    "dlkit.models.transformer": "13",
    "dlkit.models.two_layer_net": "07",
    "dlkit.models.vgg": "11",
    "dlkit.optim": "08",
    "dlkit.optim.Optimizer": "07",
    "dlkit.optim.clip_by_norm": "07",
    "dlkit.optim.gradient_descent": "05",
    "dlkit.plot": ALWAYS,
    "dlkit.plot.matrices.lstm_gates": "12",
    "dlkit.train": "07",
    "dlkit.train.augmentation": "10",
    "dlkit.train.metrics.psnr": "14",
    "dlkit.train.polynomial": "10",
    "dlkit.train.samples.Standardizer": "10",
    "dlkit.train.samples.k_fold": "10",
    "dlkit.train.signals": "09",
    "dlkit.typing": ALWAYS,
}


def number(unit: str) -> str:
    """The number that orders units: what stands before the first underscore of the name.

    >>> number("06_backpropagation")
    '06'
    """
    return unit.partition("_")[0]


@dataclass(frozen=True)
class Ownership:
    """Who owns what in a course.

    asked: by unit, the objects that its exercises ask for, each by module and name, as in
    ``{"06_backpropagation": ["dlkit.layers.affine.Affine"]}``. What a key asks for earlier than the table
    says belongs to that earlier unit.
    """

    asked: Mapping[str, Iterable[str]] = field(default_factory=dict)

    def owner(self, path: str) -> str | None:
        """The first unit that asks for an object, by module and name; None for what no package holds."""
        units = [number(unit) for unit, paths in self.asked.items() if path in paths]
        entry = path
        while entry not in OWNERS and "." in entry:
            entry = entry.rpartition(".")[0]
        # `dlkit` itself stands for its own version only: a module has to be in the table.
        if entry in OWNERS and (entry != "dlkit" or path.count(".") == 1):
            units.append(OWNERS[entry])
        return min(units, default=None)

    def knows(self, module: str) -> bool:
        """Whether a package has this module, be it with stubs alone."""
        entries = [*OWNERS, *(path for paths in self.asked.values() for path in paths)]
        return any(
            f"{entry}.".startswith(f"{module}.")
            or (entry != "dlkit" and module.startswith(f"{entry}."))
            for entry in entries
        )

    def is_present(self, path: str, unit: str) -> bool:
        """Whether a unit's package holds an object: earlier units own it, and this one does not ask."""
        owner = self.owner(path)
        return owner is not None and owner < number(unit) and path not in self.asked.get(unit, ())
