"""The list's keys in the page: whatever the kernel's delay, each acts on the item shown when it was typed."""

import json
import random
import shutil
import subprocess

import pytest

from kjfp_helpers.infra.page_scripts.esm_bundle import bundle_modules
from kjfp_helpers.panels.widgets.screen_frame import HERE

pytestmark = pytest.mark.node

PAGE = """
class Part {
  constructor() { this.parts = []; this.named = {}; this.classList = { toggle() {} }; this.offsetParent = this; }
  setAttribute(name, value) { this.named[name] = value; }
  getAttribute(name) { return this.named[name]; }
  append(...parts) { this.parts.push(...parts); }
  replaceChildren(...parts) { this.parts = parts; }
  all() { return this.parts.flatMap((part) => (part instanceof Part ? [part, ...part.all()] : [])); }
  querySelectorAll() { return this.all().filter((part) => part.named.role === "option"); }
  closest() { return root; }
  addEventListener(kind, act) { this[kind] = act; }
  scrollIntoView() {}
  matches() { return false; }
}
globalThis.document = { createElement: () => new Part() };
const root = new Part();
const { keys, rows } = JSON.parse(process.argv[2]);
const state = { rows, current: rows[0].key, heard: 0 }, watch = {}, sent = [], log = [];
const model = { get: (name) => state[name], on: (name, act) => { watch[name] = act; }, send: (message) => sent.push(message) };
page.default.render({ model, el: new Part() });
const shown = () => root.marked().getAttribute("data-key");
root.marked = () => list.querySelectorAll().find((part) => part.named["aria-selected"] === "true");
let kernel = state.current;
function hear() { // the kernel acts on one message, and the page learns of it
  const message = sent.shift();
  if (message.type === "show") kernel = message.key;
  else if (message.key === kernel) log.push([kernel, message.number]);
  state.heard = message.sent;
  state.current = kernel;
  watch["change:heard"]();
}
for (const [code, heard] of keys) {
  root.keydown({ code, target: root, preventDefault() {}, stopPropagation() {} });
  for (let n = 0; n < heard && sent.length; n += 1) hear();
}
while (sent.length) hear();
console.log(JSON.stringify({ log, last: shown() }));
"""


def test_no_key_is_lost_and_none_acts_on_another_item_however_late_the_kernel_is(tmp_path):
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed: apt-get install nodejs npm")
    (tmp_path / "list.mjs").write_text(bundle_modules(HERE / "page" / "itemList.js"), "utf-8")
    script = PAGE.replace("el: new Part()", "el: { append(part) { globalThis.list = part; } }")
    (tmp_path / "walk.mjs").write_text('import * as page from "./list.mjs";\n' + script, "utf-8")
    rows = [
        {"key": f"k{n}", "group": "g", "about": "", "told": "", "done": False} for n in range(9)
    ]
    for seed in range(12):
        chance, at, keys, wanted = random.Random(seed), 0, [], []
        for _ in range(60):
            code = chance.choice(["KeyJ", "KeyJ", "KeyK", "Digit1", "Digit2", "Digit3"])
            keys.append((code, chance.choice([0, 0, 1, 3])))
            if code.startswith("Digit"):
                wanted.append([f"k{at}", int(code[-1])])
            else:
                at = min(max(at + (1 if code == "KeyJ" else -1), 0), 8)
        given = json.dumps({"keys": keys, "rows": rows})
        done = subprocess.run(
            [node, tmp_path / "walk.mjs", given], capture_output=True, text=True, check=False
        )
        assert not done.returncode, done.stderr
        assert json.loads(done.stdout) == {"log": wanted, "last": f"k{at}"}, seed
