"""What all layers have in common: parameters and gradients by name."""

from collections.abc import Callable
from typing import Any, ClassVar

from dlkit.typing import Array


class computed:  # noqa: N801  (a decorator, as `property` is)
    """A `property` in whose place a layer may set something of its own.

    Textbooks write ``self.params = [W, b]``. A `property` would refuse that; what has no `__set__`
    stands back behind an attribute of the same name.
    """

    def __init__(self, compute: Callable[[Any], dict[str, Array]]) -> None:
        self.compute = compute
        self.__doc__ = compute.__doc__

    def __get__(self, layer: Any, owner: type) -> dict[str, Array]:
        """What is computed for that layer."""
        return self.compute(layer)


class Layer:
    """Base of all layers.

    A layer computes its output in `forward` and, given the gradient of the loss with respect to that
    output, returns from `backward` the gradient with respect to its input. What `backward` needs,
    `forward` stores on the layer. A parameter `W` is an attribute; after `backward` its gradient is the
    attribute `dW`.

    A subclass names its parameters in `param_names`; optimizers reach them through `params` and `grads`.
    What it keeps between batches without learning it by gradients stands in `buffer_names`; a checkpoint
    holds parameters and buffers.
    """

    param_names: ClassVar[tuple[str, ...]] = ()
    buffer_names: ClassVar[tuple[str, ...]] = ()

    forward: Any  # each layer has its own signature; a call of the layer is a call of forward
    backward: Any

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call `forward`."""
        return self.forward(*args, **kwargs)

    @computed
    def params(self) -> dict[str, Array]:
        """Parameters by name, for example ``{"W": ..., "b": ...}``; the arrays themselves, not copies."""
        return {name: getattr(self, name) for name in self.param_names}

    @computed
    def grads(self) -> dict[str, Array]:
        """Gradients under the names of their parameters; AttributeError before the first `backward`."""
        return {name: getattr(self, f"d{name}") for name in self.param_names}

    @computed
    def buffers(self) -> dict[str, Array]:
        """Buffers by name, such as the running mean of `BatchNorm`; the arrays themselves, not copies."""
        return {name: getattr(self, name) for name in self.buffer_names}
