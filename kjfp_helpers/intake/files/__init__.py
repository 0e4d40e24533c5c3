"""Files from outside: formats, archives, security scan, storage, conversion."""
