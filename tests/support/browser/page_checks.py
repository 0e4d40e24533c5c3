"""What must hold of a scoring page on every screen: nothing is cut or too small, and axe finds nothing."""

import shutil
import subprocess
from pathlib import Path

import pytest

from support.project import PROJECT

CHECKS = PROJECT / "tests" / "javascript"
FITS = """() => {
  const shown = [...document.querySelectorAll('.kp *')].filter((node) => node.getClientRects().length);
  const name = (node) => `${node.tagName} ${node.className}`;
  const style = (node) => getComputedStyle(node);
  const visible = (node) => style(node).visibility === 'visible' && !node.closest('.kp-said');
  const cut = shown.filter((node) => visible(node) && node.scrollWidth > node.clientWidth + 1 && node.clientWidth
    && ['hidden', 'clip'].includes(style(node).overflowX) && !node.matches('.kp-pace'));
  const out = shown.filter((node) => visible(node) && node.getBoundingClientRect().right > innerWidth + 1);
  const small = shown.filter((node) => parseFloat(style(node).fontSize) < 13.99
    && [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()));
  const hidden = [...document.querySelectorAll('.kp-mark, .kp-total, .kp-comment, .kp-next')].filter((node) => {
    const { left, top, width, height } = node.getBoundingClientRect();
    const above = document.elementFromPoint(left + width / 2, top + height / 2);
    return top + height > innerHeight || !(node.contains(above) || above?.contains(node));
  });
  const told = { cut, out, small, hidden };
  return Object.entries(told).flatMap(([what, nodes]) => nodes.map((node) => `${what}: ${name(node)}`));
}"""


def install_node_tools(folder: Path) -> Path:
    """Install what checks the page's script and the page, as pinned; skip where npm is missing."""
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm is not installed: apt-get install nodejs npm")
    shutil.copy(CHECKS / "package.json", folder)
    install = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=300)
    assert not done.returncode, done.stdout + done.stderr
    return folder / "node_modules"


def violations(page, modules: Path) -> list[str]:
    """Return what axe finds on a page, and where."""
    page.evaluate((modules / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]
