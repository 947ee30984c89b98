"""Build the book: `python book/build.py` makes pages and decks, in both languages, under _build/site.

    _build/site/index.html                          choice of the language
    _build/site/<language>/<unit>.html              a page
    _build/site/slides/<language>/<unit>.html       its deck; <unit>.pdf, <unit>_notes.pdf where Chromium exists
    _build/site/notebooks/<language>/<unit>.ipynb   its assignment, complete alone

The two languages are built side by side. Sphinx runs twice a language on one reading of the
sources: for the pages, then for the decks. Warnings are errors. All links are relative: the site
works under any path.
"""

import logging
import os
import re
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import click
import downloads
import icons
import yaml
from jupyter_book.config import get_final_config
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from grader.course import Course

BOOK = Path(__file__).parent.resolve()
ROOT = BOOK.parent
BUILD = ROOT / "_build"
SITE = BUILD / "site"
TITLES = {"en": "Deep Learning, Derived", "ja": "導いて学ぶ深層学習"}
FIGURE = {"en": "Figure %s", "ja": "図 %s"}
SEARCH = {"en": "Search this book", "ja": "この本を検索"}
SHOW_CODE = {"en": ("Show the code", "Hide the code"), "ja": ("コードを表示", "コードを隠す")}
UNWANTED = {
    "sphinx_thebe", "sphinx_comments", "sphinx.ext.intersphinx",  # they ask other hosts
    "sphinx_multitoc_numbering",  # units have numbers of their own
}  # fmt: skip
OPTIONAL_PAGE = re.compile(r"\d\d_|api$")  # left out where one unit is asked for


@click.command()
@click.option("--unit", metavar="UNIT", help="Build this unit alone: 06_backpropagation.")
def main(unit: str | None) -> None:
    """Build pages and decks in both languages under _build/site."""
    if unit and not (BOOK / "en" / f"{unit}.md").exists():
        raise click.BadParameter(f"no page book/en/{unit}.md")
    os.environ |= {
        "PYTHONPATH": str(BOOK),  # cells import `figures`
        "IPYTHONDIR": str(quiet_profile()),
        "OPENBLAS_NUM_THREADS": "1",  # two languages share the processors
    }
    code = [*(ROOT / "dlkit").rglob("*.py"), *BOOK.glob("figures.*")]
    machinery = [
        ROOT / "_config.yml",
        BOOK / "build.py",
        *BOOK.glob("_ext/*.py"),
        *BOOK.glob("_static/*"),
    ]
    toc, pages, partial = write_toc(unit)
    course = Course(ROOT)
    assignments = [name for name in course.unit_names() if name in pages]
    downloads.write_notebooks(course, assignments, [*TITLES], SITE / "notebooks")
    inputs = {
        "static": write_static(),
        "toc": toc,
        "partial": partial,
        "cells": kept_for(BUILD / ".jupyter_cache", *code),
        "doctrees": kept_for(BUILD / "doctrees", *machinery),
        "assignments": assignments,
    }
    with ProcessPoolExecutor(len(TITLES)) as pool:
        for running in [pool.submit(build_language, name, **inputs) for name in TITLES]:
            running.result()
    shutil.copy(BOOK / "_static" / "choose-language.html", SITE / "index.html")
    (SITE / ".nojekyll").touch()  # GitHub Pages would leave out folders such as _static
    if not downloads.can_print():
        click.echo("no PDF of the decks: Chromium or node is missing; see `grader doctor`")
    click.echo(f"built {SITE.relative_to(ROOT)}")


def write_static() -> Path:
    """The folder of static files that are not ours: MathJax (one file, no fonts, no other host), icons."""
    source = ROOT / "node_modules" / "mathjax" / "es5" / "tex-svg-full.js"
    if not source.exists():
        raise click.ClickException(f"MathJax is missing: {source.relative_to(ROOT)}. Run `npm ci`.")
    target = BUILD / "static" / "mathjax" / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copy2(source, target)
    icons.write_icons(BUILD / "static")
    return BUILD / "static"


def quiet_profile() -> Path:
    """An IPython directory of the book's own: the author's start-up files must not change what cells print."""
    folder = BUILD / "ipython"
    config = folder / "profile_default" / "ipython_kernel_config.py"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text('c.IPKernelApp.log_level = "ERROR"\n')
    return folder


def write_toc(unit: str | None) -> tuple[Path, list[str], bool]:
    """The table of contents to build, its chapters, and whether some are left out: units not asked for."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    chapters = [
        chapter for chapter in toc["chapters"]
        if not unit or chapter["file"] == unit or not OPTIONAL_PAGE.match(chapter["file"])
    ]  # fmt: skip
    partial = chapters != toc["chapters"]
    path = BUILD / "_toc.yml"
    path.write_text(yaml.safe_dump({**toc, "chapters": chapters}), "utf8")
    return path, [chapter["file"] for chapter in chapters], partial


def kept_for(folder: Path, *sources: Path) -> Path:
    """A subfolder named after the content of the sources; what was kept for other content goes.

    Neither the cache of cells, which looks at the code of a page alone, nor Sphinx would notice that
    dlkit or our extensions have changed.
    """
    kept = folder / downloads.digest(sources)
    for old in folder.glob("*"):
        if old != kept:
            shutil.rmtree(old)
    return kept


def build_language(language: str, **inputs: Any) -> None:
    """Build the pages of one language, then its decks, then print these."""
    sys.path.insert(0, str(BOOK / "_ext"))
    logging.getLogger("traitlets").setLevel(logging.WARNING)
    folders = {"html": SITE / language, "deck": SITE / "slides" / language}
    for builder, folder in folders.items():
        build(language, builder, folder, **inputs)
    if downloads.can_print():
        downloads.print_decks(folders["deck"])


def build(
    language: str, builder: str, folder: Path, *,
    partial: bool, static: Path, toc: Path, cells: Path, doctrees: Path, assignments: list[str],
) -> None:  # fmt: skip
    """Run Sphinx on one language's tree with the configuration of _config.yml."""
    source = BOOK / language
    config, _ = get_final_config(
        user_yaml=ROOT / "_config.yml", cli_config={"latex_individualpages": False}
    )
    config.pop("comments_config", None)
    config["extensions"] = [name for name in config["extensions"] if name not in UNWANTED]
    config |= {
        "language": language,
        "html_search_language": language,
        "html_title": TITLES[language],
        "html_theme_options": {**config["html_theme_options"], "search_bar_text": SEARCH[language]},
        "locale_dirs": [str(BOOK / "locale")],
        "external_toc_path": str(toc),
        "numfig_format": {"figure": FIGURE[language]},
        "nb_code_prompt_show": SHOW_CODE[language][0],
        "nb_code_prompt_hide": SHOW_CODE[language][1],
        "nb_execution_cache_path": str(cells / language),
        "units_with_assignment": assignments,
        "decks_are_printed": downloads.can_print(),
        "bibtex_bibfiles": [str(BOOK / "references.bib")],
        "templates_path": [str(BOOK / "_templates")],
        "html_favicon": str(BOOK / "_static" / "favicon.svg"),
        "html_static_path": [str(BOOK / "_static"), str(static)],
        "revealjs_static_path": [str(BOOK / "_static"), str(static)],
    }
    if partial:  # what is not built cannot be referred to
        config["suppress_warnings"] += ["myst.xref_missing", "ref.ref", "ref.doc", "ref.numref"]
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source, None, folder, doctrees / language, builder, confoverrides=config,
            status=None, warningiserror=True, keep_going=True,
        )  # fmt: skip
        executed = BUILD / "cells" / language  # by default they would stand in the site
        app.env.mystnb_config = app.env.mystnb_config.copy(output_folder=str(executed))
        app.build()
    if app.statuscode:
        raise click.ClickException(f"{builder} {language}: see the warnings above.")


if __name__ == "__main__":
    main()
