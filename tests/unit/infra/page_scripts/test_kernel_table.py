"""A screen's table, in Node, while its kernel does not answer."""

import pytest

from kjfp_helpers.infra.page_scripts.table_script import FOLDER
from support.pages.page_modules import PageModules

pytestmark = pytest.mark.node
WIDGET = 'import widget from "./widget.js";'
UNANSWERED = """(times) => {
  const sent = [], timers = [], dropped = [];
  globalThis.setTimeout = (act, wait) => timers.push({ act, wait });
  globalThis.clearTimeout = (timer) => dropped.push(timer);
  const model = { on() {}, off() {}, send: (message) => sent.push(message.type) };
  const close = widget.render({ model, el: {} });
  for (let time = 0; time < times; time++) timers.at(-1).act();
  close();
  return { sent, waits: timers.map((timer) => timer.wait), dropped };
}"""


def test_a_table_that_got_no_answer_asks_again_ever_later_until_it_is_closed(tmp_path):
    (got,) = PageModules(tmp_path / "table", FOLDER).map(WIDGET, UNANSWERED, [2])
    assert got["sent"] == ["hello"] * 3
    assert got["waits"] == [2000, 4000, 8000]
    assert got["dropped"] == [3]
