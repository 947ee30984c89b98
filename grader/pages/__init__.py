"""What all HTML pages of the grader share: the look, the languages, links into the book, how text is made safe.

A page is one file that needs nothing else: no network, no script, no font. A strict Content-Security-Policy
says so to the browser, and Jinja2 escapes whatever a template shows.
"""

from grader.pages.book import Book, Link
from grader.pages.environment import environment, write_page
from grader.pages.prose import prose
from grader.pages.words import words

__all__ = ["Book", "Link", "environment", "prose", "words", "write_page"]
