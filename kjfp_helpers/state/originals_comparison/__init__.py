"""Paper originals of nominations, held against the electronic copies."""
