"""What students get: a dlkit without answers, and notebooks that carry it."""

from grader.bundles.package import stripped

__all__ = ["stripped"]
