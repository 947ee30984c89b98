"""Tools for authors: judge a single file, scaffold a unit or an exercise."""
