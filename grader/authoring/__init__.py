"""Tools for one file or one unit: judge a file, try a notebook, scaffold what an author writes."""
