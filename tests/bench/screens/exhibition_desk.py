"""How long the desk of the exhibition takes from one item to the next, with 2,000 pictures waiting.

    python tests/bench/screens/exhibition_desk.py FOLDER [--units 200] [--pictures 10] [--singles 200] [--looking 1]

Makes a round of so many units in FOLDER, each with an exhibit of so many pictures of 5 MB, and
drives the controls of the screen as its keys do: first singles one by one, then unit by unit with one
key, to the end, looking at each for so many seconds. Prints CPU seconds of the kernel's thread and
wall time of a key press until the next card stands.
"""

import argparse
import hashlib
import itertools
import statistics
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

import ipywidgets as widgets  # noqa: E402
import numpy as np  # noqa: E402
from PIL import Image  # noqa: E402

from kjfp_helpers import intake, panels  # noqa: E402
from kjfp_helpers.core.events import ExhibitionItemsDecided, MailReceived  # noqa: E402
from kjfp_helpers.core.records import Exhibit, Intake, Mail, Picture, Record, Section  # noqa: E402
from kjfp_helpers.panels.queue.item_list import ListWidget  # noqa: E402
from kjfp_helpers.state import RoundSession  # noqa: E402
from support.pages.widget_tree import everything, of_kind  # noqa: E402
from support.rounds.panel_round import make_round  # noqa: E402

FILES = 12
SIZE = (4000, 2667)


def draw_files(folder):
    """A few different JPEGs of about 5 MB; the pictures of the round are links to them."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(1)
    grain = rng.normal(0, 9, (SIZE[1], SIZE[0], 1)).astype(np.float32)
    for number in range(FILES):
        coarse = rng.integers(40, 210, (8, 12, 3)).astype("uint8")
        plain = np.asarray(Image.fromarray(coarse).resize(SIZE, Image.Resampling.BICUBIC))
        shot = np.clip(plain + np.roll(grain, 37 * number, 0), 0, 255).astype("uint8")
        Image.fromarray(shot).save(folder / f"{number}.jpg", quality=93)
        yield folder / f"{number}.jpg"


def tagged(data, words):
    """A JPEG of the same picture and other bytes: a comment is put in."""
    note = words.encode()
    return data[:2] + b"\xff\xfe" + (len(note) + 2).to_bytes(2, "big") + note + data[2:]


def make_exhibits(session, pictures, *, own_files=False):
    """An exhibit for each unit, with copies of its pictures; nothing is read from mail.

    With ``own_files`` each picture is a file of its own with its SHA-256, as the site needs it.
    """
    drawn, rng = list(draw_files(session.received.folder / "drawn")), np.random.default_rng(2)
    parts, mails, records = session.round.notice.exhibition.parts, [], []
    for receipt, unit in enumerate(session.round.units, start=1):
        folder, shots = session.received.materials / unit.code, []
        folder.mkdir(parents=True)
        for number in range(pictures):
            source = drawn[(receipt + number) % FILES]
            target, sha256 = folder / f"{number}.jpg", rng.bytes(32).hex()
            if own_files:
                data = tagged(source.read_bytes(), f"{unit.code}/{number}")
                target.write_bytes(data)
                sha256 = hashlib.sha256(data).hexdigest()
            else:
                target.hardlink_to(source)
            shots.append(
                Picture(
                    name=f"{number:02}田间指导.jpg",
                    sha256=sha256,
                    size=target.stat().st_size,
                    format="JPEG",
                    width=SIZE[0],
                    height=SIZE[1],
                    stored=f"materials/{unit.code}/{number}.jpg",
                    look=rng.bytes(32).hex(),
                )
            )
        body = Exhibit(
            sections=tuple(Section(heading=one.title, text="专家到田间指导。") for one in parts),
            pictures=tuple(shots),
            captions={one.name.removesuffix(".jpg"): "专家在田间指导农户。" for one in shots},
        )
        path = f"{unit.code}.eml"
        mails.append(
            Mail(
                receipt=receipt,
                path=path,
                sha256=f"{receipt:064x}",
                message_id="",
                sender="",
                unit=unit.code,
                subject="展览素材",
                sent=None,
                received=None,
                files=(),
                findings=(),
            )
        )
        records.append(
            Record(
                id=f"{receipt}-1",
                kind="exhibit",
                unit=unit.code,
                receipt=receipt,
                source=path,
                sha256="",
                body=body,
            )
        )
    session.record(
        *(MailReceived(number=one.receipt, path=one.path, sha256=one.sha256) for one in mails)
    )
    intake.save(Intake(mails=tuple(mails), records=tuple(records)), session.received.file)


def press(acts, number, times, looking):
    time.sleep(looking)
    cpu, wall = time.thread_time(), time.perf_counter()
    acts.value = acts.options[number - 1]
    times.append((time.thread_time() - cpu, time.perf_counter() - wall))


def tell(what, times):
    for name, values in zip(("CPU", "wall"), zip(*times, strict=True), strict=True):
        listed = sorted(values)
        most = listed[max(0, int(len(listed) * 0.95) - 1)]
        told = f"median {statistics.median(listed):.3f}, 95% {most:.3f}, most {listed[-1]:.3f}"
        print(
            f"{what}, {len(listed)} presses, {name} s: {told}, in all {sum(listed):.1f}", flush=True
        )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--pictures", type=int, default=10)
    parser.add_argument("--singles", type=int, default=200)
    parser.add_argument("--looking", type=float, default=1.0, help="seconds before each key")
    given = parser.parse_args()
    folder = make_round(given.folder, societies=given.units - 2)
    session = RoundSession.open(folder, given.folder / "outputs", create=True)
    make_exhibits(session, given.pictures)
    session.current_state()
    start = time.process_time()
    page = panels.show_exhibition(session)
    print(f"screen opened in {time.process_time() - start:.2f} CPU s", flush=True)
    walk = next(one for one in everything(page) if isinstance(one, ListWidget))
    acts = next(
        one
        for one in of_kind(page, widgets.ToggleButtons)
        if one.options and one.options[0] == "1 批准"
    )
    tick = next(i for i, name in enumerate(acts.options, 1) if name.startswith("6"))
    print(f"{len(session.round.units)} units, {len(walk.rows)} items wait", flush=True)
    singles, units = [], []
    while len(singles) < given.singles:
        acts.value = acts.options[tick - 1]
        press(acts, 1, singles, given.looking)
    tell("one by one", singles)
    for _ in itertools.count():
        waiting = len(walk.rows)
        press(acts, 7, units, given.looking)
        if len(walk.rows) == waiting:
            acts.value = acts.options[tick - 1]
            press(acts, 1, units, given.looking)
        if not walk.rows or len(units) > 3 * given.units:
            break
    tell("unit by unit", units)
    decided = session.events().bodies(ExhibitionItemsDecided)
    print(f"{sum(len(one.items) for one in decided)} items decided by {len(decided)} acts")


if __name__ == "__main__":
    main()
