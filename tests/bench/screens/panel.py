"""How the scoring panel behaves over an afternoon, beside a plain ipywidgets form in the same run.

    python tests/bench/screens/panel.py [--kills 1000] [--members 30] [--saves 20] [--tries 60] [--reopens 20] [--openings 5]

Prints, from a real Chromium against a real JupyterLab with 70 cases of about 2,000 characters: from
address to usable packet and to the plain form in turn, next case until painted, mark until the ledger has it, moving while the
kernel is busy, killed kernels until the veil and until the page is open again. Then, without a browser: acknowledged marks after
random kills, and many members at once. With ``KJFP_DATABASE_URL`` the ledger is PostgreSQL.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from kjfp_helpers.core.events import ScoreGiven  # noqa: E402
from support.browser.keyboard import Member, reopen  # noqa: E402
from support.browser.lab_server import (  # noqa: E402
    IDLE,
    TOKEN,
    kernel_process,
    new_page,
    open_browser,
    running_lab,
)
from support.processes.page_kernel import Kernel, Scorer, crowd  # noqa: E402
from support.rounds.panel_round import open_afternoon, open_round, prepare  # noqa: E402

PAINTED = """async ([from, to, act]) => {
  const read = () => document.querySelector(to)?.textContent;
  const before = read(), start = performance.now();
  if (act) document.querySelector(from).click();
  else (document.activeElement ?? document.body).dispatchEvent(
    new KeyboardEvent('keydown', {code: from, key: from, bubbles: true, cancelable: true}));
  while (read() === before) {
    if (performance.now() - start > 20000) throw new Error(`${from}: nothing changed on the page`);
    await new Promise((done) => { const c = new MessageChannel();
      c.port1.onmessage = done; c.port2.postMessage(0); });
  }
  const changed = performance.now() - start;
  await new Promise((done) => requestAnimationFrame(() => { const c = new MessageChannel();
    c.port1.onmessage = done; c.port2.postMessage(0); }));
  return [changed, performance.now() - start];
}"""
SAVED = """async (code) => {
  const state = document.querySelector('.kp-state');
  const number = () => /已保存 #(\\d+)/.exec(state.textContent)?.[1];
  const before = number(), start = performance.now();
  document.activeElement.dispatchEvent(
    new KeyboardEvent('keydown', {code, key: code, bubbles: true, cancelable: true}));
  await new Promise((done, fail) => { const watch = new MutationObserver(() => {
    if (number() && number() !== before) { watch.disconnect(); done(); } });
    setTimeout(() => fail(new Error(`not saved: ${state.textContent}`)), 20000);
    watch.observe(state, {childList: true, characterData: true, subtree: true}); });
  return performance.now() - start;
}"""


def told(what: str, milliseconds: list[float]) -> float:
    """Print median and p95; return the p95."""
    ordered = sorted(milliseconds)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    print(f"{what}: median {statistics.median(ordered):.1f} ms, p95 {p95:.1f} ms, n {len(ordered)}")
    return p95


def wander(page, tries: int) -> list[list[float]]:
    """Go from case to case by key, back from either end; return milliseconds to the DOM and to paint."""
    page.focus(".kp-mark")
    moves, key = [], "KeyJ"
    for _ in range(tries):
        at, last = page.eval_on_selector(".kp-jump", "e => [e.selectedIndex, e.length - 1]")
        key = "KeyJ" if at == 0 else "KeyK" if at == last else key
        moves.append(page.evaluate(PAINTED, [key, "#kj-case-title", False]))
    return moves


def killed(page, count: int) -> None:
    """Kill the page's kernel again and again, by one key each time open the page once more."""
    veils, whole, member = [], [], Member(page)
    for n in range(count):
        page.focus(".kp-mark")
        page.keyboard.type(str(60 + n % 30))
        page.keyboard.press("Enter")
        process, start = kernel_process(page), time.perf_counter()
        os.kill(process, signal.SIGKILL)
        page.wait_for_selector(".kp-cover", state="visible", timeout=20_000)
        veils.append(1000 * (time.perf_counter() - start))
        reopen(page)
        member.saved()
        whole.append(1000 * (time.perf_counter() - start))
    told("killed kernel to veil", veils)
    told("killed kernel to open again by one key, all saved", whole)


def openings(browser, address: str, count: int) -> None:
    """Open packet and plain form in turn, each in a fresh browser profile and with a fresh kernel."""
    packet, form, root = [], [], f"{address}/doc/tree/outputs/practice"
    for _ in range(count):
        packet.append(opened(browser, f"{root}/packets/M01.ipynb", ".kp-declare", run=False))
        form.append(opened(browser, f"{root}/workbook/plain.ipynb", ".plain-next", run=True))
    told("address to usable packet", packet)
    told("address to usable plain form, run at once by the program", form)
    ratio = statistics.median(packet) / statistics.median(form)
    print(f"packet to plain form, medians: {ratio:.2f} to 1")


def opened(browser, url: str, usable: str, run: bool) -> float:
    """Return the milliseconds from an address to its usable page; its kernel is ended afterwards."""
    page = new_page(browser, 1366, 633)
    start = time.perf_counter()
    page.goto(f"{url}?token={TOKEN}", wait_until="commit")
    if run:
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function(IDLE, timeout=60_000)
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
    page.wait_for_selector(usable, timeout=60_000)
    taken = 1000 * (time.perf_counter() - start)
    page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
    page.context.close()
    return taken


def in_browser(tries: int, reopens: int, count: int) -> None:
    """Measure page and plain form in one browser on one Lab."""
    with contextlib.ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        os.environ["KJFP_HOME"] = str(root)
        session = open_afternoon(root)
        prepare("00_start.ipynb", session)
        book = prepare("04_scoring.ipynb", session, member="M01")
        packet = session.outputs / "packets" / "M01.ipynb"
        packet.parent.mkdir()
        packet.write_text(book.read_text())
        plain = json.loads(book.read_text())
        plain["cells"] = [cell for cell in plain["cells"] if cell["cell_type"] == "code"][-1:]
        plain["cells"][0]["source"] = (Path(__file__).parent / "plain_form.py.txt").read_text()
        (book.parent / "plain.ipynb").write_text(json.dumps(plain))
        address = stack.enter_context(running_lab(session, root, scratch))
        browser = stack.enter_context(open_browser("/usr/bin/chromium"))
        openings(browser, address, count)
        page = new_page(browser)
        page.goto(f"{address}/doc/tree/outputs/practice/packets/M01.ipynb?token={TOKEN}")
        Member(page).declare()
        start = time.perf_counter()
        page.reload(wait_until="commit")
        page.wait_for_selector(".kp-mark", timeout=60_000)
        print(f"reload to usable packet, its kernel running: {time.perf_counter() - start:.1f} s")
        page.wait_for_selector(".kp-banner", state="hidden", timeout=60_000)
        page.wait_for_timeout(5000)  # what is read of all cases is here, as it is to who reads
        moves = wander(page, tries)
        painted = told("next case, painted", [one[1] for one in moves])
        told("next case, in the DOM", [one[0] for one in moves])
        saves = []
        for n in range(tries):
            page.locator(".kp-mark").nth(n % 5).focus()
            page.keyboard.type(str(80 + n // 5 % 10))
            saves.append(page.evaluate(SAVED, "Enter"))
        saved = told("mark to durable acknowledgement", saves)
        page.evaluate("""() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
          .requestExecute({code: 'import time; time.sleep(3)'}) }""")
        told("next case while the kernel is busy, painted", [one[1] for one in wander(page, 40)])
        page.wait_for_timeout(3000)
        killed(page, reopens)
        form = new_page(browser)
        form.goto(f"{address}/lab/tree/outputs/practice/workbook/plain.ipynb?token={TOKEN}&reset")
        form.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        form.wait_for_function(IDLE, timeout=60_000)
        form.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
        form.wait_for_selector(".plain-next", timeout=60_000)
        form.wait_for_timeout(2000)
        turns = [
            form.evaluate(PAINTED, [".plain-next", ".plain-number", True]) for _ in range(tries)
        ]
        turned = told("plain ipywidgets form, next case, painted", [one[1] for one in turns])
        print(
            f"ratio, plain form to panel at p95: next case {turned / painted:.1f} to 1; "
            f"a saved mark takes {saved / turned:.2f} of the plain form's next case"
        )


def kills(count: int) -> None:
    """Kill kernels at random moments; every acknowledged mark must be there, once."""
    with tempfile.TemporaryDirectory() as name:
        session = open_round(Path(name))
        state, chance = session.current_state(), random.Random(7)
        session.ledger.close()
        member, start = Scorer(lambda: Kernel(session, state, "M01"), chance), time.perf_counter()
        for _ in range(count):
            for _ in range(chance.randint(0, 2)):
                member.save()
            member.killed(chance.uniform(0, 0.03))
        member.kernel.kill()
        written = [e.body for e in session.ledger.events() if isinstance(e.body, ScoreGiven)]
        exact = [(w.edit, dict(w.scores)) for w in written] == [
            (one["request_id"], one["answers"]) for one in member.typed
        ]
        session.ledger.verify()
        print(
            f"{count} kills in {time.perf_counter() - start:.0f} s: {len(written)} marks, "
            f"exactly what was typed: {exact}, chain verified"
        )


def at_once(members: int, saves: int) -> None:
    """Let many members score at once, each in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        session = open_round(Path(name), members)
        turns = crowd(session, members, saves)
        wall = max(turn.end for turn in turns) - min(turn.start for turn in turns)
        told(f"{members} members at once, a save", [1000 * s for t in turns for s in t.seconds])
        written = [e for e in session.ledger.events() if isinstance(e.body, ScoreGiven)]
        session.ledger.verify()
        print(
            f"{len(written)} of {members * saves} saves in {wall:.1f} s, "
            f"{len(written) / wall:.0f} a second, chain verified"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--members", type=int, default=30)
    parser.add_argument("--saves", type=int, default=20)
    parser.add_argument("--tries", type=int, default=60)
    parser.add_argument("--reopens", type=int, default=20)
    parser.add_argument("--openings", type=int, default=5)
    parser.add_argument("--browser", action=argparse.BooleanOptionalAction, default=True)
    chosen = parser.parse_args()
    print(
        "load average before: {:.1f} {:.1f} {:.1f}, {} cores".format(
            *os.getloadavg(), os.cpu_count()
        )
    )
    if chosen.browser:
        in_browser(chosen.tries, chosen.reopens, chosen.openings)
    if chosen.members:
        at_once(chosen.members, chosen.saves)
    if chosen.kills:
        kills(chosen.kills)


if __name__ == "__main__":
    main()
