"""What stands in the place of an object that a unit's package does not hold yet."""

from typing import Any, NoReturn

from dlkit.errors import DlkitError


class WithheldError(DlkitError):
    """An object was used that this unit, or a later one, asks students to write."""


class Withheld:
    """Can be imported and passed on, so that modules load; using it raises `WithheldError`."""

    def __init__(self, path: str, unit: str, *, asked_here: bool) -> None:
        name = path.rpartition(".")[2]
        self._path = path
        self._why = (
            f"`{path}` is for you to write in unit {unit}. Run the cell of your notebook that defines "
            f"`{name}`, and use that one."
            if asked_here
            else f"`{path}` belongs to unit {unit}: the notebooks of later units bring it. Do without it "
            "here."
        )

    def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raise: there is nothing to call."""
        raise WithheldError(self._why)

    def __getattr__(self, name: str) -> NoReturn:
        """Raise; for names that Python and notebooks ask every object for, only say that there is none."""
        raise AttributeError(name) if name.startswith("_") else WithheldError(self._why)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> NoReturn:
        """Raise: there is nothing to inherit from."""
        raise WithheldError(self._why)

    def __instancecheck__(self, instance: Any) -> bool:
        """Nothing is one of these."""
        return False

    def __repr__(self) -> str:
        return f"<withheld: {self._path}>"
