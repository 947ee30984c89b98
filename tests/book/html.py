"""What an HTML file holds, as far as tests ask for it."""

from html.parser import HTMLParser
from pathlib import Path

LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Reader(HTMLParser):
    """Anchors, links, what is loaded, and the text of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors = {""}  # the top
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.texts: list[str] = []
        self.feed(path.read_text("utf8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.anchors.add(values.get("id") or "")
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        hint = tag == "link" and values.get("rel") not in ("stylesheet", "icon", "preload")
        if values.get(LOADED.get(tag, "")) and not hint:
            self.loaded.append(values[LOADED[tag]])

    def handle_data(self, data):
        self.texts.append(data)
