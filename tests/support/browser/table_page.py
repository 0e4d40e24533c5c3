"""A table of a screen in a page by itself: the page's script asks the kernel's side without Lab."""

import base64
import json

from kjfp_helpers.infra.page_scripts.table_script import table_style, widget_script
from kjfp_helpers.panels.widgets.screen_frame import stylesheet

MOUNT = """async ([script]) => {
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  const listeners = [];
  const model = {
    on: (event, listener) => listeners.push(listener),
    off: () => undefined,
    async send(message) {
      const [reply, files] = JSON.parse(await window.askKernel(message));
      const bytes = files.map((file) => new DataView(Uint8Array.from(atob(file), (c) => c.charCodeAt(0)).buffer));
      if (reply.type) for (const listener of listeners) listener(reply, bytes);
    },
  };
  widget.render({ model, el: document.querySelector("#table") });
  window.tellPage = (message) => listeners.forEach((listener) => listener(message, []));
}"""


def mount_table(page, table, *, dark=False):
    """Show a table in a page and wait until its rows stand there; return what sends it others."""

    def ask(message):
        reply, buffers = table.answer(message)
        edition = {"edition": table.describe()["edition"]} if reply else {}
        files = [base64.b64encode(buffer).decode() for buffer in buffers]
        return json.dumps([{**edition, **reply}, files], ensure_ascii=False)

    page.expose_function("askKernel", ask)
    page.set_content(
        f'<!doctype html><html lang="zh-CN"><head><title>表</title><style>{stylesheet()}{table_style()}'
        f'</style></head><body data-jp-theme-light="{str(not dark).lower()}">'
        '<main class="kjfp-panel"><div id="table"></div></main></body></html>'
    )
    page.evaluate(MOUNT, [widget_script()])
    page.wait_for_selector(".kt tbody tr[data-row]")

    def show_again(rows):
        table.show(rows)
        page.evaluate("message => window.tellPage(message)", table.describe())

    return show_again
