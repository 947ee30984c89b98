"""Data sets: generated ones, and real ones that an installed package carries; nothing is downloaded.

Every function that draws takes its generator; every function that reads a package raises
`dlkit.errors.MissingDataError`, with the command that installs it, where it is absent. Where each real set
comes from, and whose it is, stands in `SOURCES`.
"""

from dlkit.data.digits import digits, fashion_mnist, mnist_5k
from dlkit.data.generated import logic_gate, moons, noisy_cubic, spirals
from dlkit.data.pictures import luminance, patches, pictures, resize
from dlkit.data.sources import SOURCES, Source
from dlkit.data.text import Vocabulary, movie_reviews, python_reference, words

__all__ = [
    "SOURCES",
    "Source",
    "Vocabulary",
    "digits",
    "fashion_mnist",
    "logic_gate",
    "luminance",
    "mnist_5k",
    "moons",
    "movie_reviews",
    "noisy_cubic",
    "patches",
    "pictures",
    "python_reference",
    "resize",
    "spirals",
    "words",
]
