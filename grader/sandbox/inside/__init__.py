"""Code on the submission's side of the wall: the warm process, its forks, and what locks them down.

Nothing here decides about a mark. A submission shares its process with this code and can change it at
will; the judge outside believes nothing that comes from it.
"""
