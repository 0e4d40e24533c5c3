"""After the list: a version of the public notice goes out."""
