"""JupyterLab as ``kjfp lab`` starts it, without a window, and a page of it in a real browser."""

import os
import random
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from kjfp_helpers.panels.lab import lab_launcher
from support.project import PROJECT

TOKEN = "practice"
MOST = 60
"""Seconds after which what must come is given up: generous, for a machine that has much else to do."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--js-flags=--no-opt --no-maglev",  # pages are loaded more than they run
)
ASKED_FOR_ITS_NAME = "Window name candidate"
"""What Lab calls an error in a page that stands beside another one of Lab."""
IDLE = """() => {
  const context = window.jupyterapp.shell.currentWidget?.sessionContext;
  return context?.isReady && context.session?.kernel && context.kernelDisplayStatus === 'idle';
}"""


@contextmanager
def running_lab(session, root: Path, scratch: Path):
    """Serve a folder that holds the round's workbook; yield the address of Lab."""
    port = next(filter(_free, random.SystemRandom().sample(range(20_000, 30_000), 50)))
    own = {
        name: str(scratch / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
            "IPYTHONDIR",
            "JUPYTER_RUNTIME_DIR",
        )
    }
    environment = lab_launcher.lab_environment(
        {**os.environ, **own, "KJFP_HOME": str(root), "PYTHONPATH": str(PROJECT)}
    )
    with patch.dict(os.environ, KJFP_HOME=str(root)):
        command = lab_launcher.lab_command(
            session,
            "--no-browser",
            "--LabApp.expose_app_in_browser=True",
            f"--ServerApp.port={port}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={TOKEN}",
        )
    with (scratch / "lab.txt").open("w") as output:
        server = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        try:
            _wait(f"http://127.0.0.1:{port}/api/status?token={TOKEN}", server, scratch)
            yield f"http://127.0.0.1:{port}"
        finally:
            _stop(server)


def open_notebook(page, address: str):
    """Open a prepared notebook at its address and wait until its screen stands and the kernel rests."""
    page.goto(f"{address}&reset")
    page.wait_for_selector("#jupyterlab-splash", state="detached")
    page.wait_for_selector(".jp-Notebook .jp-Cell", state="attached")  # a page shows none
    page.wait_for_selector(".kjfp-panel")
    page.wait_for_function(IDLE)


@contextmanager
def open_browser(chromium):
    """Yield a browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def open_profile(chromium, folder: Path):
    """Yield a browser with a profile, as a person has one: scripts stay compiled between pages."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        profile = playwright.chromium.launch_persistent_context(
            folder, executable_path=chromium, args=list(ARGUMENTS)
        )
        profile.set_default_timeout(1000 * MOST)
        yield profile
        profile.close()


def new_page(browser, width=1440, height=900, **options):
    """Open a window whose console errors are kept in ``problems``."""
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(1000 * MOST)
    page = context.new_page()
    watch(page)
    return page


def watch(page):
    """Keep what the console calls an error, and the address without its query."""
    page.problems = []

    def on_said(said):
        if said.type == "error":
            address = said.location["url"].partition("?")[0]
            page.problems.append(f"{said.text} {address}".strip())

    page.on("console", on_said)
    page.on("pageerror", lambda error: page.problems.append(str(error)))


def kernel_process(page) -> int:
    """Return the process of the page's kernel: a forked one by its name, else by its command."""
    kernel = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"
    )
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        name, command = _read(folder / "comm"), _read(folder / "cmdline")
        if name.strip() == f"kernel-{kernel}"[:15] or f"kernel-{kernel}.json" in command:
            return int(folder.name)
    raise AssertionError("the kernel has no process")


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def _free(port: int) -> bool:
    """Return whether a port is free: of those that no kernel and no connection is given by chance."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _wait(url: str, server, scratch: Path) -> None:
    end = time.monotonic() + MOST
    while time.monotonic() < end:
        assert server.poll() is None, (scratch / "lab.txt").read_text()
        try:
            urllib.request.urlopen(url, timeout=1)
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError((scratch / "lab.txt").read_text())


def _stop(server) -> None:
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        server.send_signal(how)
        try:
            server.wait(timeout=8)
            return
        except subprocess.TimeoutExpired:
            continue
