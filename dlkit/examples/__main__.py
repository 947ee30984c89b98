"""List the examples: ``python -m dlkit.examples``."""

import argparse
from importlib import import_module

from dlkit.examples import NAMES


def main() -> None:
    """Print the name of each example and the first line of what it says about itself."""
    argparse.ArgumentParser(prog="python -m dlkit.examples", description=__doc__).parse_args()
    for name in NAMES:
        about, *_ = (import_module(f"dlkit.examples.{name}").__doc__ or "").splitlines()
        print(f"python -m dlkit.examples.{name:18} {about}")


if __name__ == "__main__":
    main()
