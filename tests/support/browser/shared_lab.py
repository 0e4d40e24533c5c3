"""One JupyterLab and one Chromium for the browser files that a worker process runs one after another.

Every file has a round of its own: Lab serves the folder in which the worker makes its rounds. The
browser has one profile, so that it compiles Lab's scripts once; what a window left in the storage
of its address goes with the window. Both end with the last file in a row, since Playwright's loop would be in the way
of other tests.
"""

import json
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from support.browser.lab_server import TOKEN, open_profile, running_lab, watch

STORED = "local_storage,indexeddb,cache_storage,service_workers"
"""Kinds of what an address stores in a browser, beside cookies."""


class Lab:
    """A running JupyterLab; ``scratch`` holds its settings and what it printed."""

    def __init__(self, address: str, root: Path, scratch: Path, start: Path) -> None:
        self.address, self.root, self.scratch, self.start = address, root, scratch, start

    def again(self, scratch: Path):
        """Another server of the same folder, as a context that yields its address."""
        return running_lab(_workbook_of(self.start), self.root, scratch)

    def place(self, path: Path) -> str:
        """Path of a notebook as Lab's addresses have it."""
        return quote(path.resolve().relative_to(self.root).as_posix())

    def end_kernels(self) -> None:
        """Let no kernel of a file that is done go on."""
        with urlopen(f"{self.address}/api/kernels?token={TOKEN}") as reply:
            kernels = [kernel["id"] for kernel in json.load(reply)]
        for kernel in kernels:
            url = f"{self.address}/api/kernels/{kernel}?token={TOKEN}"
            with suppress(HTTPError):  # a killed one that is gone meanwhile
                urlopen(Request(url, method="DELETE")).close()

    def page_of(self, path: Path, *, address: str = "", mode: str = "lab", workspace: str = ""):
        """Address of a notebook, by another line or in a workspace of its own."""
        inside = f"{mode}/workspaces/{workspace}" if workspace else mode
        return f"{address or self.address}/{inside}/tree/{self.place(path)}?token={TOKEN}"


class SharedLab:
    """Starts Lab and Chromium when a test first asks for them."""

    def __init__(self) -> None:
        self._stack, self._lab, self._browser = ExitStack(), None, None

    def browser(self, chromium: str):
        """Return the browser: a context with a profile."""
        if self._browser is None:
            folder = self._stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
            self._browser = self._stack.enter_context(open_profile(chromium, Path(folder)))
        return self._browser

    def lab(self, root: Path) -> Lab:
        """Return Lab, which serves the files below a folder."""
        if self._lab is None:
            root = root.resolve()
            folder = root / "shared_lab"
            start = folder / "outputs" / "workbook" / "00_start.ipynb"
            start.parent.mkdir(parents=True, exist_ok=True)
            start.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
            address = self._stack.enter_context(running_lab(_workbook_of(start), root, folder))
            self._lab = Lab(address, root, folder, start)
        return self._lab

    def close(self) -> None:
        """End both; the next test that asks starts them again."""
        self._lab = self._browser = None
        self._stack.close()


@contextmanager
def window_of(browser, width: int = 1440, height: int = 900):
    """A window; what its address has stored ends with it."""
    page = browser.new_page()
    page.set_viewport_size({"width": width, "height": height})
    watch(page)
    yield page
    place = urlsplit(page.url)
    page.close()
    browser.clear_cookies()
    if place.netloc:
        tool = browser.new_cdp_session(browser.pages[0])
        stored = {"origin": f"{place.scheme}://{place.netloc}", "storageTypes": STORED}
        tool.send("Storage.clearDataForOrigin", stored)
        tool.detach()


def _workbook_of(start: Path) -> SimpleNamespace:
    """What starting Lab reads of a session: where the outputs of its round are."""
    return SimpleNamespace(outputs=start.parents[1])
