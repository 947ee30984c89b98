"""Which files are shown, and under which names."""

import os
from pathlib import Path

import pytest

from grader.sandbox import launch, layout


def test_spare_users_are_in_the_upper_part_of_what_is_mapped() -> None:
    first, count = layout.spare_users("         0          0 4294967295\n")
    assert 10**9 < first < first + count < 2**31
    assert layout.spare_users("0 100000 65536\n") == (16384, 16384)
    assert layout.spare_users("0 1000 1\n") == (65534, 1)


def test_the_packages_of_a_course_replace_all_of_ours(tmp_path: Path) -> None:
    packages = {p: t for p, t in layout.shown([tmp_path]).items() if p.startswith("packages")}
    assert packages == {"packages/0": tmp_path}
    assert layout.package_folders("/course", [tmp_path] * 2) == [
        "/course/packages/0",
        "/course/packages/1",
    ]


def test_without_them_only_dlkit_and_the_checks_are_shown() -> None:
    shown = {str(target.relative_to(layout.ROOT)) for target in layout.shown(None).values()}
    assert shown == {
        "grader/__init__.py",
        "grader/errors.py",
        "grader/checks",
        "grader/sandbox",
        "dlkit",
    }


def test_of_the_interpreter_no_folder_that_could_be_a_course_is_shown() -> None:
    for path in layout.interpreter():
        assert path.name in {"bin", "lib", "lib64", "pyvenv.cfg", "ld.so.cache"}
        assert not layout.ROOT.is_relative_to(path)


def tree(root: Path, *files: str) -> None:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("")


def test_a_hidden_folder_splits_those_above_it(tmp_path: Path) -> None:
    tree(tmp_path, "a/x.py", "site/dlkit/x.py", "site/numpy/x.py", "site/one.py")
    whole, names = layout.around(tmp_path, [tmp_path / "site" / "dlkit"])
    assert {str(path.relative_to(tmp_path)) for path in whole} == {"a", "site/numpy", "site/one.py"}
    assert {str(path.relative_to(tmp_path)) for path in names} == {".", "site"}


def test_a_folder_without_anything_hidden_is_shown_whole(tmp_path: Path) -> None:
    assert layout.around(tmp_path, [Path("/elsewhere")]) == ([tmp_path], [])


def test_copies_of_the_project_are_found_where_pip_puts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "python3.12/site-packages/dlkit/x.py", "python3.12/site-packages/numpy/x.py")
    tree(tmp_path, "python3/dist-packages/grader/x.py")
    monkeypatch.setattr(layout, "interpreter", lambda: [tmp_path])
    found = [str(path.relative_to(tmp_path)) for path in layout.installed()]
    assert found == ["python3.12/site-packages/dlkit", "python3/dist-packages/grader"]


def test_parents_come_before_what_is_in_them() -> None:
    assert layout.parents(["/a/b/c", "/a/d"]) == ["/a", "/a/b"]


def test_links_can_be_followed_by_every_user(tmp_path: Path) -> None:
    with layout.linked({"packages/0": tmp_path}) as stage:
        assert (stage / "packages/0").resolve() == tmp_path
        assert stage.stat().st_mode & 0o005 == 0o005
    assert not stage.exists()


def test_font_lists_are_looked_for_where_matplotlib_keeps_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fontlist-v1.json").write_text("{}")
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path))
    assert layout.font_lists() == [tmp_path / "fontlist-v1.json"]


@pytest.mark.parametrize("level", ["landlock", "none"])
def test_the_warm_process_inherits_no_environment(
    level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADER_SECRET", "do not hand this on")
    with launch.directly(level, None) as start:  # type: ignore[arg-type]
        assert "GRADER_SECRET" not in start.environment
    with launch.in_bubblewrap("bwrap", None) as start:
        assert "GRADER_SECRET" not in start.environment


def test_bubblewrap_of_the_system_comes_before_that_of_the_wheel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "bwrap"
    own.write_text("")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    assert next(launch.bubblewraps()) == str(own)
