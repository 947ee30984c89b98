"""Build the book: `python book/build.py` makes pages and decks, in both languages, under _build/site.

    _build/site/index.html                          choice of the language
    _build/site/<language>/<unit>.html              a page
    _build/site/slides/<language>/<unit>.html       its deck; <unit>.pdf, <unit>_notes.pdf where Chromium exists
    _build/site/notebooks/<language>/<unit>.ipynb   its assignment, complete alone

The cells of all pages run first; then the two languages are built side by side. Sphinx runs twice a
language on one reading of the sources: for the pages, then for the decks. Warnings are errors. All
links are relative: the site works under any path. With `--course DIR`, which is what `grader book`
calls, all this is made of the course in that folder, and stands there.
"""

import gc
import logging
import os
import shutil
import sys
from concurrent.futures import ProcessPoolExecutor
from html import escape
from pathlib import Path

import abridge  # noqa: F401  (before all that it abridges)
import cells
import click
import downloads
import edition
import icons
import yaml
from as_before import as_before_on_failure
from edition import BOOK, TITLES, Edition
from jupyter_book.config import get_final_config
from myst_nb.sphinx_ext import add_global_html_resources
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from grader.course import PROJECT as ROOT
from grader.course import Course
from grader.errors import GraderError

FIGURE = {"en": "Figure %s", "ja": "図 %s"}
SEARCH = {"en": "Search this book", "ja": "この本を検索"}
SHOW_CODE = {"en": ("Show the code", "Hide the code"), "ja": ("コードを表示", "コードを隠す")}
ONLY = (
    '<!DOCTYPE html>\n<meta charset="utf-8"><meta http-equiv="refresh" content="0; url={url}">\n'
    '<title>{title}</title><a href="{url}">{title}</a>\n'
)
UNWANTED = {
    "sphinx_thebe", "sphinx_comments", "sphinx.ext.intersphinx",  # they ask other hosts
    "sphinx_multitoc_numbering",  # units have numbers of their own
}  # fmt: skip


@click.command()
@click.option("--unit", metavar="UNIT", help="Build this unit alone: 06_backpropagation.")
@click.option("--course", type=click.Path(file_okay=False, path_type=Path), default=ROOT, metavar="DIR",
              help="Build the book of this course.  [default: the project's]")  # fmt: skip
@click.option("--language", "languages", multiple=True, type=click.Choice([*TITLES]),
              help="Build this language alone.")  # fmt: skip
def main(unit: str | None, course: Path, languages: tuple[str, ...]) -> None:
    """Build pages and decks, in both languages, under _build/site."""
    try:
        book = edition.plan(Course(course.resolve()), languages or [*TITLES], unit)
        edition.write_pages(book)
        build_all(book)
    except GraderError as error:
        raise click.ClickException(str(error)) from error
    if not downloads.can_print():
        click.echo("no PDF of the decks: Chromium or node is missing; see `grader doctor`")
    click.echo(f"built {book.site.relative_to(book.course.root)}")


def build_all(book: Edition) -> None:
    """Run the cells, then build the languages side by side; the notebooks are made meanwhile."""
    os.environ |= {
        "PYTHONPATH": f"{BOOK}{os.pathsep}{ROOT}",  # cells import `figures`, and this dlkit
        "IPYTHONDIR": str(quiet_profile(book.build)),
        "OPENBLAS_NUM_THREADS": "1",  # pages, and then languages, share the processors
    }
    code = [
        *(ROOT / "dlkit").rglob("*.py"),
        *BOOK.glob("figures.*"),
        *BOOK.glob("checkpoints/*.*"),
    ]
    machinery = [
        ROOT / "_config.yml",
        BOOK / "build.py",
        *BOOK.glob("_ext/*.py"),
        *BOOK.glob("_static/*"),
    ]
    inputs = {
        "static": write_static(book.build),
        "executed": kept_for(book.build / ".jupyter_cache", *code),
        "doctrees": kept_for(book.build / "doctrees", *machinery),
    }
    names = {
        language: [chapter["file"] for chapter in toc["chapters"]]
        for language, toc in book.contents.items()
    }
    timeout = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["execute"]["timeout"]
    with ProcessPoolExecutor(len(book.titles) + 1) as pool:
        made = [
            pool.submit(
                downloads.write_notebooks,
                book.course,
                book.assignments,
                [*book.titles],
                book.site / "notebooks",
            )
        ]
        cells.run(book.pages, names, inputs["executed"], timeout)
        made += [pool.submit(build_language, book, language, **inputs) for language in book.titles]
        for each in made:
            each.result()
    write_front(book)
    (book.site / ".nojekyll").touch()  # GitHub Pages would leave out folders such as _static


def write_front(book: Edition) -> None:
    """The first page of the site: the choice of the language, or the way to the only one."""
    target = book.site / "index.html"
    if len(book.titles) == 1:
        (only,) = book.titles
        target.write_text(
            ONLY.format(url=f"{only}/index.html", title=escape(book.titles[only])), "utf8"
        )
        return
    text = (BOOK / "_static" / "choose-language.html").read_text("utf8")
    for language, title in book.titles.items():
        text = text.replace(TITLES[language], escape(title))
    target.write_text(text, "utf8")


def write_static(build: Path) -> Path:
    """The folder of static files that are not ours: MathJax (one file, no fonts, no other host), icons."""
    source = ROOT / "node_modules" / "mathjax" / "es5" / "tex-svg-full.js"
    if not source.exists():
        raise click.ClickException(f"MathJax is missing: {source}. Run `make setup` in {ROOT}.")
    target = build / "static" / "mathjax" / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copy2(source, target)
    icons.write_icons(build / "static")
    return build / "static"


def quiet_profile(build: Path) -> Path:
    """An IPython directory of the book's own: the author's start-up files must not change what cells print."""
    folder = build / "ipython"
    config = folder / "profile_default" / "ipython_kernel_config.py"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text('c.IPKernelApp.log_level = "ERROR"\n')
    return folder


def kept_for(folder: Path, *sources: Path) -> Path:
    """A subfolder named after the content of the sources; what was kept for other content goes.

    Neither the cache of cells, which looks at the code of a page alone, nor Sphinx would notice that
    dlkit, a checkpoint that a page loads, or our extensions have changed.
    """
    kept = folder / downloads.digest(sources)
    for old in folder.glob("*"):
        if old != kept:
            shutil.rmtree(old)
    return kept


def build_language(book: Edition, language: str, **inputs: Path) -> None:
    """Build the pages of one language, then its decks, then print these."""
    gc.set_threshold(200_000, 20, 20)  # trees of documents are large, and hardly ever garbage
    sys.path.insert(0, str(BOOK / "_ext"))
    logging.getLogger("traitlets").setLevel(logging.WARNING)
    folders = {"html": book.site / language, "deck": book.site / "slides" / language}
    environment = inputs["doctrees"] / language / "environment.pickle"
    with as_before_on_failure(environment, [*folders.values()]):
        for builder, folder in folders.items():
            (folder / "_static").mkdir(parents=True, exist_ok=True)  # where no page has slides, too
            build(book, language, builder, folder, **inputs)
    if downloads.can_print():
        downloads.print_decks(folders["deck"], book.build / "printed" / language)


def build(
    book: Edition,
    language: str,
    builder: str,
    folder: Path,
    *,
    static: Path,
    executed: Path,
    doctrees: Path,
) -> None:
    """Run Sphinx on one language's tree with the configuration of _config.yml."""
    toc = book.build / f"_toc_{language}.yml"
    toc.write_text(yaml.safe_dump(book.contents[language]), "utf8")
    sources = [BOOK / "references.bib", book.pages / "references.bib"]
    config, _ = get_final_config(
        user_yaml=ROOT / "_config.yml", cli_config={"latex_individualpages": False}
    )
    config.pop("comments_config", None)
    config["extensions"] = [name for name in config["extensions"] if name not in UNWANTED]
    config |= {
        "language": language,
        "html_search_language": language,
        "html_title": book.titles[language],
        "html_theme_options": {**config["html_theme_options"], "search_bar_text": SEARCH[language]},
        "locale_dirs": [str(BOOK / "locale")],
        "external_toc_path": str(toc),
        "numfig_format": {"figure": FIGURE[language]},
        "nb_code_prompt_show": SHOW_CODE[language][0],
        "nb_code_prompt_hide": SHOW_CODE[language][1],
        "nb_execution_cache_path": str(executed / language),
        "units_with_assignment": book.assignments,
        "languages": [*book.titles],
        "decks_are_printed": downloads.can_print(),
        "bibtex_bibfiles": [*dict.fromkeys(str(path) for path in sources if path.exists())],
        "templates_path": [str(BOOK / "_templates")],
        "html_favicon": str(BOOK / "_static" / "favicon.svg"),
        "html_static_path": [str(BOOK / "_static"), str(static)],
        "revealjs_static_path": [str(BOOK / "_static"), str(static)],
    }
    if book.partial:  # what is not built cannot be referred to
        config["suppress_warnings"] += ["myst.xref_missing", "ref.ref", "ref.doc", "ref.numref"]
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            book.pages / language, None, folder, doctrees / language, builder, confoverrides=config,
            status=None, warningiserror=True, keep_going=True,
        )  # fmt: skip
        # MyST-NB's stylesheet, before the pages: their links to it carry its checksum.
        add_global_html_resources(app, None)
        pictures = book.build / "cells" / language  # by default they would stand in the site
        if builder == "deck":
            # Nothing was read since the pages were written: numbers and citations stand.
            for event in ("env-updated", "env-get-updated"):
                app.events.listeners[event].clear()
        app.env.mystnb_config = app.env.mystnb_config.copy(output_folder=str(pictures))
        app.build()
    if app.statuscode:
        raise click.ClickException(f"{builder} {language}: see the warnings above.")
    if not book.partial:  # one unit, built alone, leaves the others as they are
        pages = {*app.env.found_docs, "genindex", "search"}
        for path in [*folder.glob("*.html"), *folder.glob("*.pdf")]:
            if path.stem.removesuffix("_notes") not in pages:
                path.unlink()


if __name__ == "__main__":
    main()
