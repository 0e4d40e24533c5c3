"""Hash of what a process reads once, at its start: a fork server serves one such state only."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

_NAMES = frozenset(
    (
        "COLUMNS",
        "HOME",
        "LANG",
        "LANGUAGE",
        "LINES",
        "PATH",
        "TERM",
        "TZ",
        "TZDIR",
        "USER",
        "USERPROFILE",
    )
)
_PREFIXES = (
    "CONDA_",
    "DYLD_",
    "FONTCONFIG_",
    "GOTO_",
    "IPY",
    "JUPYTER",
    "KMP_",
    "LC_",
    "LD_",
    "MATPLOTLIB",
    "MKL_",
    "MPL",
    "MSGPACK_",
    "NPY_",
    "NUMPY_",
    "OMP_",
    "OPENBLAS_",
    "PANDAS_",
    "PIL",
    "PYDANTIC_",
    "PYDEVD_",
    "PYPARSING",
    "PYTHON",
    "PYZMQ_",
    "QT_",
    "SCIPY_",
    "TORNADO_",
    "TRAITLETS_",
    "XDG_",
)
_SUFFIX = "_THREADS"


def is_read_at_start(variable: str) -> bool:
    """Tell whether Python, the C library or a common package reads a variable at its start."""
    return variable in _NAMES or variable.startswith(_PREFIXES) or variable.endswith(_SUFFIX)


def startup_fingerprint(folder: str, environment: Mapping[str, str]) -> str:
    """Return the hash of what a process in a folder and environment reads when it starts.

    Parameters
    ----------
    folder : str
        Its working folder, which may hold a ``matplotlibrc``.
    environment : mapping
        Its environment variables.

    Returns
    -------
    str
        Equal for two notebooks that may be forked from the same process: the same start-up
        variables, and settings files that were not changed in between.
    """
    digest = hashlib.sha256()
    for name, value in sorted(environment.items()):
        if is_read_at_start(name):
            digest.update(f"{name}={value}\0".encode(errors="surrogateescape"))
    for path in sorted(_settings_files(Path(folder), environment)):
        state = path.stat()
        digest.update(f"{path}\0{state.st_mtime_ns}\0{state.st_size}\0".encode("utf8", "replace"))
    return digest.hexdigest()


def _settings_files(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """Yield the existing settings files of matplotlib and IPython."""
    home = Path(environment.get("HOME") or os.path.expanduser("~"))
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    matplotlib = Path(environment.get("MPLCONFIGDIR") or config / "matplotlib")
    rc_file = Path(environment.get("MATPLOTLIBRC") or "matplotlibrc")
    candidates = (
        rc_file,
        rc_file / "matplotlibrc",
        matplotlib / "matplotlibrc",
        home / ".matplotlib" / "matplotlibrc",
        Path("matplotlibrc"),
    )
    yield from {path for name in candidates if (path := folder / name).is_file()}
    yield from matplotlib.glob("stylelib/*.mplstyle")
    ipython = Path(environment.get("IPYTHONDIR") or home / ".ipython")
    for pattern in ("*.py", "*_config.json"):
        yield from ipython.glob(f"profile_default/{pattern}")
