"""The small course, to be written to."""

import shutil

import pytest

from tests.grader.small import Small, make_small


@pytest.fixture(scope="session")
def registered_small(tmp_path_factory):
    return make_small(tmp_path_factory.mktemp("small") / "course")


@pytest.fixture
def small(registered_small, tmp_path):
    return Small(shutil.copytree(registered_small, tmp_path / "course"))
