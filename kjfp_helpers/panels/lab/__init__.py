"""JupyterLab: launcher, server extension, settings and the Lab extension."""
