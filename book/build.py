"""Build the book: `python book/build.py` makes pages and decks, in both languages, under _build/site.

    _build/site/index.html                          choice of the language
    _build/site/<language>/<unit>.html              a page
    _build/site/slides/<language>/<unit>.html       its deck, and <unit>.pdf where Chromium exists

Sphinx runs twice a language on one reading of the sources: for the pages, then for the decks.
Warnings are errors.
"""

import hashlib
import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import browser
import click
import yaml
from jupyter_book.config import get_final_config
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

BOOK = Path(__file__).parent.resolve()
ROOT = BOOK.parent
BUILD = ROOT / "_build"
SITE = BUILD / "site"
TITLES = {"en": "Deep Learning, Derived", "ja": "導いて学ぶ深層学習"}
FIGURE = {"en": "Figure %s", "ja": "図 %s"}
SHOW_CODE = {"en": ("Show the code", "Hide the code"), "ja": ("コードを表示", "コードを隠す")}
UNWANTED = {
    "sphinx_thebe", "sphinx_comments", "sphinx.ext.intersphinx",  # they ask other hosts
    "sphinx_multitoc_numbering",  # units have numbers of their own
}  # fmt: skip
UNIT_PAGE = re.compile(r"\d\d_")
OPTIONAL_PAGE = re.compile(r"\d\d_|api$")  # left out where one unit is asked for


@click.command()
@click.option("--unit", metavar="UNIT", help="Build this unit alone: 06_backpropagation.")
def main(unit: str | None) -> None:
    """Build pages and decks in both languages under _build/site."""
    if unit and not (BOOK / "en" / f"{unit}.md").exists():
        raise click.BadParameter(f"no page book/en/{unit}.md")
    sys.path.insert(0, str(BOOK / "_ext"))
    os.environ["PYTHONPATH"] = str(BOOK)  # cells import `figures`
    os.environ["IPYTHONDIR"] = str(quiet_profile())
    logging.getLogger("traitlets").setLevel(logging.WARNING)
    code = [*(ROOT / "dlkit").rglob("*.py"), *BOOK.glob("figures.*")]
    machinery = [ROOT / "_config.yml", *BOOK.rglob("*.py")]
    toc, partial = write_toc(unit)
    inputs = {
        "static": copy_mathjax(),
        "toc": toc,
        "partial": partial,
        "cells": kept_for(BUILD / ".jupyter_cache", *code),
        "doctrees": kept_for(BUILD / "doctrees", *machinery),
    }
    for language in TITLES:
        folders = {"html": SITE / language, "deck": SITE / "slides" / language}
        for builder, folder in folders.items():
            click.echo(f"{builder:4} {language}  {folder.relative_to(ROOT)}")
            build(language, builder, folder, **inputs)
    shutil.copy(BOOK / "_static" / "choose-language.html", SITE / "index.html")
    print_decks()


def copy_mathjax() -> Path:
    """The folder of static files that are not ours, with MathJax (one file, no fonts, no other host)."""
    source = ROOT / "node_modules" / "mathjax" / "es5" / "tex-svg-full.js"
    if not source.exists():
        raise click.ClickException(f"MathJax is missing: {source.relative_to(ROOT)}. Run `npm ci`.")
    target = BUILD / "static" / "mathjax" / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copy2(source, target)
    return BUILD / "static"


def quiet_profile() -> Path:
    """An IPython directory of the book's own: the author's start-up files must not change what cells print."""
    folder = BUILD / "ipython"
    config = folder / "profile_default" / "ipython_kernel_config.py"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text('c.IPKernelApp.log_level = "ERROR"\n')
    return folder


def write_toc(unit: str | None) -> tuple[Path, bool]:
    """The table of contents to build, and whether units are left out of it: all but the one asked for."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    chapters = [
        chapter for chapter in toc["chapters"]
        if not unit or chapter["file"] == unit or not OPTIONAL_PAGE.match(chapter["file"])
    ]  # fmt: skip
    partial = chapters != toc["chapters"]
    path = BUILD / "_toc.yml"
    path.write_text(yaml.safe_dump({**toc, "chapters": chapters}), "utf8")
    return path, partial


def kept_for(folder: Path, *sources: Path) -> Path:
    """A subfolder named after the content of the sources; what was kept for other content goes.

    Neither the cache of cells, which looks at the code of a page alone, nor Sphinx would notice that
    dlkit or our extensions have changed.
    """
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(sources))).hexdigest()
    kept = folder / digest[:12]
    for old in folder.glob("*"):
        if old != kept:
            shutil.rmtree(old)
    return kept


def build(
    language: str, builder: str, folder: Path, *,
    partial: bool, static: Path, toc: Path, cells: Path, doctrees: Path,
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
        "external_toc_path": str(toc),
        "numfig_format": {"figure": FIGURE[language]},
        "nb_code_prompt_show": SHOW_CODE[language][0],
        "nb_code_prompt_hide": SHOW_CODE[language][1],
        "nb_execution_cache_path": str(cells),
        "bibtex_bibfiles": [str(BOOK / "references.bib")],
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


def print_decks() -> None:
    """Print each deck to PDF, if Chromium and node are there."""
    decks = [
        deck for deck in sorted((SITE / "slides").glob("*/*.html"))
        if UNIT_PAGE.match(deck.name) and not _newer(deck.with_suffix(".pdf"), deck)
    ]  # fmt: skip
    chromium, node = browser.chromium(), browser.node()
    if not (chromium and node):
        click.echo(f"no PDF of the decks: {'node' if chromium else 'Chromium'} is missing")
    elif decks:
        flags = " ".join(browser.FLAGS)
        subprocess.run([*node, BOOK / "print_decks.mjs", chromium, flags, *decks], check=True)


def _newer(product: Path, source: Path) -> bool:
    return product.exists() and product.stat().st_mtime > source.stat().st_mtime


if __name__ == "__main__":
    main()
