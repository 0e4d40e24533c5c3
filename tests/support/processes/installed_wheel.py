"""The package as others install it: a wheel made from an sdist, in an environment of its own."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
from pathlib import Path

from support.project import PROJECT

CARRIED = ("kjfp_helpers", "notebooks", "data/2020", "pyproject.toml", "README.md")
"""What of a checkout a build needs."""
_SDIST = "import sys; from setuptools import build_meta; print(build_meta.build_sdist(sys.argv[1]))"
_WHEEL = _SDIST.replace("sdist", "wheel")


def build_wheel(folder: Path) -> Path:
    """Build an sdist from a copy of the checkout and a wheel from the sdist; return the wheel."""
    copy = folder / "checkout"
    for name in CARRIED:
        source = PROJECT / name
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "inbox", "received", "review.db*")
            shutil.copytree(source, copy / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy(source, copy / name)
    sdist = _run([sys.executable, "-c", _SDIST, folder], cwd=copy).splitlines()[-1]
    with tarfile.open(folder / sdist) as packed:
        packed.extractall(folder, filter="data")
    unpacked = folder / sdist.removesuffix(".tar.gz")
    return folder / _run([sys.executable, "-c", _WHEEL, folder], cwd=unpacked).splitlines()[-1]


def install_wheel(wheel: Path, folder: Path) -> Path:
    """Install a wheel into a new environment that sees this one's libraries; return its programs.

    Libraries are looked up here after the new environment, so that only this package is its own.
    """
    venv.create(folder, with_pip=False)
    paths = {name: Path(path) for name, path in _paths(folder).items()}
    (paths["purelib"] / "libraries.pth").write_text(sysconfig.get_path("purelib"))
    (folder / "share").mkdir(exist_ok=True)
    (folder / "share" / "jupyter").symlink_to(Path(sys.prefix) / "share" / "jupyter")
    install = [sys.executable, "-m", "pip", f"--python={paths['scripts'] / 'python'}", "install"]
    _run([*install, "--no-deps", "--no-index", wheel], cwd=folder)
    return paths["scripts"]


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment in which nothing points to the checkout."""
    hidden = ("PYTHONPATH", "KJFP_HOME", "KJFP_DATABASE_URL")
    return {name: text for name, text in os.environ.items() if name not in hidden} | more


def _paths(folder: Path) -> dict[str, str]:
    base = {"base": str(folder), "platbase": str(folder)}
    return sysconfig.get_paths(scheme="venv", vars=base)


def _run(command: list[object], cwd: Path) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=clean_environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
