import re

from grader import errors


def test_the_drawn_tree_is_the_tree():
    drawn = re.findall(r"^[├└]── (\w+)", errors.__doc__, flags=re.MULTILINE)

    assert drawn == [error.__name__ for error in errors.GraderError.__subclasses__()]
