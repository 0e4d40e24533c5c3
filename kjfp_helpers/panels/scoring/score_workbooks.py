"""Score workbooks of members who do not use the page: written, taken back in, previewed first."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import ipywidgets as widgets

from kjfp_helpers.panels.lab.file_links import file_link, join_links
from kjfp_helpers.panels.lab.short_command import ShortCommand
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import (
    add_classes,
    hbox,
    html_widget,
    set_visible,
    vbox,
)
from kjfp_helpers.panels.widgets.uploaded_files import store_uploads
from kjfp_helpers.state import RoundSession

FOLDER = "packets"
HINT = (
    "供不用评分页的评委：导出评分表（.xlsx）交其填写，收回后选一份或几份，先预览，再确认导入。"
    "只收导出后改动的；填错的格写明位置，该件不收；台账另有评分的列出，不收。"
)
TAKE = "与台账冲突的，以这些表为准（表中空白即撤回）"


class WorkbookUpload:
    """The card; ``on_imported`` is called after an import."""

    def __init__(self, session: RoundSession, on_imported: Callable[[], None]) -> None:
        self._session, self._on_imported = session, on_imported
        self._command, self._written = ShortCommand(session), html_widget()
        self._files = widgets.FileUpload(
            description="选择填好的评分表", multiple=True, accept=".xlsx", layout={"width": "190px"}
        )
        self._take = widgets.Checkbox(description=TAKE, indent=False, layout={"width": "auto"})
        self._preview, export, issue = (
            widgets.Button(description=words, layout={"width": "auto"})
            for words in ("预览", "导出评分表", "备好评分笔记本")
        )
        self._confirm = widgets.Button(description="确认导入", button_style="danger")
        self._preview.on_click(lambda _: self._run("--preview"))
        self._confirm.on_click(lambda _: self._run())
        export.on_click(lambda _: self._write("export", export))
        issue.on_click(lambda _: self._write("issue", issue))
        for control in (self._files, self._take):
            control.observe(lambda _: set_visible(self._confirm, False), "value")
        head = html_widget(render_template("form_title", title="评分表", hint=HINT))
        lines = (
            hbox(export, issue, self._written),
            hbox(self._files, self._take),
            hbox(self._preview, self._confirm),
        )
        parts = (head, *lines, self._command.widget)
        self.widget = add_classes(vbox(*parts, classes=("kj-pane",)), "kj-decision")
        set_visible(self._confirm, False)
        self._list_written()

    def _run(self, *options: str) -> None:
        """Preview or import what is chosen, as the command does it, with its lock."""
        with TemporaryDirectory() as folder:
            paths = [str(one) for one in store_uploads(self._files.value, Path(folder), apart=True)]
            if not paths:
                self._command.say(
                    "没有选中评分表。请按“选择填好的评分表”选一份或几份。", failed=True
                )
                return
            take = [part for path in paths for part in ("--take", path) if self._take.value]
            words = ["packet", "import", *paths, *take, *options, "--round"]
            button = self._preview if options else self._confirm
            done = self._command.run(words, button=button)
        if options:
            set_visible(self._confirm, True)
            return
        set_visible(self._confirm, False)
        if done:
            self._files.value, self._take.value = (), False
        self._on_imported()

    def _write(self, command: str, button: widgets.Button) -> None:
        self._command.run(["packet", command], button=button)
        self._list_written()

    def _list_written(self) -> None:
        paths = sorted((self._session.outputs / FOLDER).glob("M*.xlsx"))
        links = [file_link(self._session, path, path.name) for path in paths]
        self._written.value = join_links(links)
