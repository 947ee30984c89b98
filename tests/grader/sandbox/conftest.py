"""Warm processes, started once and shared by all tests."""

from collections.abc import Iterator

import pytest

from grader.sandbox import Limits, SandboxUnavailable, Session, Zygote


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """At level none, for what has nothing to do with isolation."""
    with Zygote(level="none") as warm:
        yield warm


@pytest.fixture
def session(zygote: Zygote) -> Iterator[Session]:
    with zygote.session(Limits()) as opened:
        yield opened


@pytest.fixture(scope="session", params=["full", "landlock"])
def confined(request: pytest.FixtureRequest) -> Iterator[Zygote]:
    """At each level that isolates."""
    try:
        warm = Zygote(level=request.param)
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with warm:
        yield warm
