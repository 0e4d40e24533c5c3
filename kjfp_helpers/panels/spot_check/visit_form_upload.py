"""Upload of filled-in visit forms and their photos, imported as the command does it."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import ipywidgets as widgets

from kjfp_helpers.panels.lab.short_command import ShortCommand
from kjfp_helpers.panels.widgets.decision_form import labelled
from kjfp_helpers.panels.widgets.html_templates import render_template
from kjfp_helpers.panels.widgets.screen_frame import add_classes, hbox, html_widget, vbox
from kjfp_helpers.panels.widgets.uploaded_files import store_uploads

FORM = ".xlsx"
HINT = (
    "选填好的检查表（.xlsx）和其中写明的照片，一并导入；逐格对照制发时的空白表，"
    "填错的格写明位置和应填什么，该行不收。"
)
TAKE = "与另一名检查人员所填不同时，以这次导入的为准"


class VisitFormUpload:
    """The form: ``command`` shows what was printed, ``on_imported`` is called after it."""

    def __init__(self, command: ShortCommand, on_imported: Callable[[], None]) -> None:
        self._command, self._on_imported = command, on_imported
        self._files = widgets.FileUpload(description="选择文件", multiple=True)
        self._take = widgets.Checkbox(description=TAKE, indent=False, layout={"width": "auto"})
        self._button = widgets.Button(description="导入检查表", button_style="danger")
        self._button.on_click(lambda _: self._import())
        head = html_widget(render_template("form_title", title="导入检查表", hint=HINT))
        files = hbox(labelled("检查表和照片", self._files))
        self.widget = add_classes(
            vbox(head, files, self._take, hbox(self._button), classes=("kj-pane",)), "kj-decision"
        )

    def _import(self) -> None:
        with TemporaryDirectory() as folder:
            forms = self._store(Path(folder))
            if not forms:
                told = f"没有选中检查表（{FORM}）。请按“选择文件”选填好的表。"
                self._command.say(told, failed=True)
                return
            take = [part for form in forms for part in ("--take", form) if self._take.value]
            words = ["spotcheck", "import", *forms, *take, "--round"]
            if self._command.run(words, button=self._button):
                self._files.value, self._take.value = (), False
        self._on_imported()

    def _store(self, folder: Path) -> list[str]:
        """Write the files where the command finds the photos beside the forms; return the forms."""
        paths = store_uploads(self._files.value, folder)
        return [str(path) for path in paths if path.suffix.lower() == FORM]
