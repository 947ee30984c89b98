"""Handing in the reference: importing it, reading it, finding it in memory."""

import importlib.util

import pytest

from grader.course import PROJECT
from grader.sandbox import SandboxUnavailable, Zygote
from tests.hostile.attack import REFUSED, said

STRIPPED = {
    "dlkit/__init__.py": "",
    "dlkit/layers.py": "class Affine:\n    def forward(self, x): raise NotImplementedError\n",
    "grader/__init__.py": "part = 'carried'\n",
}


@pytest.fixture(scope="session", params=["full", "landlock"])
def stripped(request, tmp_path_factory):
    """A warm process that shows a package without answers, in the place of the project's own."""
    folder = tmp_path_factory.mktemp("stripped") / "packages"
    for name, source in STRIPPED.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    try:
        warm = Zygote(request.param, python_path=[folder])
    except SandboxUnavailable as error:
        pytest.skip(str(error))
    with warm:
        yield warm


def test_what_is_shown_can_be_imported(stripped):
    source = (
        "import dlkit.layers, grader; print(hasattr(dlkit.layers.Affine, 'backward'), grader.part)"
    )
    assert said(stripped, source) == "False carried"


HUNTS = {
    "its module": "from dlkit.layers.affine import Affine",
    "its functions": "import dlkit.functions",
    "its fast twin": "import dlkit.fast",
    "the checks": "import grader.checks",
    "the keys": "import grader.exercises",
    "the sandbox": "import grader.sandbox",
    "the checkout": f"sys.modules.pop('dlkit', None); sys.path.insert(0, {str(PROJECT)!r}); "
    "import dlkit.layers.affine",
    "the environment": "import sysconfig; sys.path[:0] = [sysconfig.get_path('purelib')]; "
    "import dlkit.layers.affine",
    "the editable install": "import glob, sysconfig, importlib\n"
    "for finder in glob.glob(sysconfig.get_path('purelib') + '/__editable__*finder.py'):\n"
    "    sys.path[:0] = [os.path.dirname(p) for p in\n"
    "                    re.findall(r\"'(/[^']*)'\", open(finder).read())]\n"
    "import dlkit.layers.affine",
    "what runs here": "sys.path[:0] = [p.replace('packages/0', 'runtime') for p in sys.path]; "
    "import grader.sandbox.session",
    "its file": f"open({str(PROJECT / 'dlkit' / 'layers' / 'affine.py')!r})",
    "its byte code": f"os.listdir({str(PROJECT / 'dlkit' / 'layers' / '__pycache__')!r})",
}


@pytest.mark.parametrize("way", HUNTS)
def test_the_reference_is_not_found_by(way, stripped):
    told = said(stripped, f"{HUNTS[way]}\nprint('found')")
    assert told.startswith(("ModuleNotFoundError", "ImportError", *REFUSED))


@pytest.mark.parametrize("way", ["its module", "its functions", "the checks", "its file"])
def test_shown_the_project_itself_it_is_found(way, unconfined):
    assert importlib.util.find_spec("dlkit.layers.affine")
    assert said(unconfined, f"{HUNTS[way]}\nprint('found')") == "found"


EVERYWHERE = """
import glob
places = ['', os.environ['HOME'], '/course', '/course/*', *sys.path]
patterns = [place + below + '/affine.*' for place in places for below in ('/*', '/*/*', '/*/*/*')]
print([hit for pattern in patterns for hit in glob.glob(pattern)])
"""


def test_no_file_of_that_name_is_anywhere(stripped):
    assert said(stripped, EVERYWHERE) == "[]"


def test_shown_the_project_itself_the_file_is_found(unconfined):
    assert "dlkit/layers/affine.py" in said(unconfined, EVERYWHERE)


def test_no_class_of_it_is_in_memory(stripped):
    source = (
        "print([c for c in object.__subclasses__() if c.__module__.startswith('dlkit')],"
        " [m for m in sys.modules if m.partition('.')[0] in ('dlkit', 'nbgrader', 'solutions')])"
    )
    assert said(stripped, source) == "[] []"
