"""After the list: versions of the public notice, and the issue of decision and certificates."""
