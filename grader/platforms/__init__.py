"""Learning platforms: what their downloads look like, and what they take back.

`collect` fills `submitted/` from a download, `export` writes marks into a platform's own table. The formats
are those of the platforms' sources and documentation; none was tried on a live platform.

- Moodle: folders of `assign::download_submissions`, the offline grading worksheet and its importer
  (`assignfeedback_offline`), the feedback zip (`assignfeedback_file`), versions 2.4 to 5.
- Canvas: names of "Download Submissions" (`lib/content_zipper.rb`), the gradebook's CSV.
- Google Classroom: the file names of its Drive folder.
"""

PLATFORMS = ("moodle", "canvas", "classroom", "folder")
