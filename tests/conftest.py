"""Settings of all tests: hypothesis draws the same examples every time, and is never timed."""

from hypothesis import settings

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")
