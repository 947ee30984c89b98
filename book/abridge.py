"""Imported first, this leaves out what others import and the book does not need.

jsonschema, which nbformat loads, compiles a grammar of internationalized addresses as soon as it finds the
package: a second of every build. It does without where there is none.
"""

import sys

sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
