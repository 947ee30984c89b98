"""The command line: one verb per stage, in the order in which a course uses them.

A verb parses its options, calls one function of the library and prints what it returns. The bodies
import what they need, so that ``grader --help`` and shell completion stay fast.
"""

from grader.cli import interrupt  # isort: split  # noqa: F401  before all that takes time
from grader.cli.decisions import extend, log, marks, override, purge, void, why
from grader.cli.founding import book, init
from grader.cli.grading import grade
from grader.cli.machine import demo, doctor
from grader.cli.platforms import collect, export
from grader.cli.results import feedback, report
from grader.cli.stages import Stages, main
from grader.cli.trying import check, judge, self_
from grader.cli.writing import bundle, generate, new, prove, variants

__all__ = ["Stages", "main"]

for verb in (
    doctor,
    init,
    new,
    generate,
    book,
    variants,
    prove,
    bundle,
    check,
    self_,
    judge,
    collect,
    grade,
    feedback,
    report,
    why,
    override,
    void,
    extend,
    log,
    marks,
    export,
    purge,
    demo,
):
    main.add_command(verb)
