"""The reference package of the course: deep learning in NumPy, written to be read.

Layers have `forward` and `backward` side by side; everything that a reader meets in the book has its
name here. The submodules are imported one by one (``from dlkit.layers import Affine``), so that
``import dlkit`` stays as light as NumPy.
"""

__version__ = "0.1.0"
