"""Figures that hold pictures keep their colours on a dark page.

A drawing is dark ink on nothing and is inverted there, see `course.css`. A photograph, or a map whose
bright cells mean much, would be a negative of itself: an SVG with a raster image in it gets the class
`picture`.
"""

from pathlib import Path

from docutils import nodes


def mark_pictures(app, doctree, docname):
    """Give the class to the images of a page that need it."""
    for image in doctree.findall(nodes.image):
        path = Path(app.srcdir, image["uri"])
        if path.suffix == ".svg" and path.is_file() and b"<image " in path.read_bytes():
            image["classes"].append("picture")


def setup(app):
    app.connect("doctree-resolved", mark_pictures)
    return {"parallel_read_safe": True}
