"""A warm process at level none, shared by the tests of this folder: what they test is not isolation."""

from collections.abc import Iterator

import pytest

from grader.sandbox import Limits, Session, Zygote


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with Zygote(level="none") as warm:
        yield warm


@pytest.fixture
def session(zygote: Zygote) -> Iterator[Session]:
    with zygote.session(Limits()) as opened:
        yield opened
