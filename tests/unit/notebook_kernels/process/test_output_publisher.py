"""Whatever a cell says and whenever it says it, it ends as under papermill's own engine."""

import re
import time
from multiprocessing import Pipe
from threading import Event, Lock

import pytest
from ipykernel.iostream import OutStream

from kjfp_helpers.notebook_kernels.process import transport
from kjfp_helpers.notebook_kernels.process.output_publisher import OrderedFlush, OutputPublisher
from support.processes.engine_steps import ALLOWED, run_both

pytestmark = pytest.mark.slow

SETTINGS = {"execution_timeout": 60}
TIMED_OUT = "IOStream.flush timed out"
HALF = [
    "half = '\\ud83d'  # the first half of a pair of surrogates",
    (ALLOWED, "print(half)"),
    (ALLOWED, "print(half + 'a' * 200_000)"),
    (ALLOWED, "import sys\nprint(half, file=sys.stderr)"),
    (ALLOWED, "half"),
    (ALLOWED, "display({'text/plain': half}, raw=True)"),
    (ALLOWED, "display({'text/plain': 'x'}, metadata={'a': half}, raw=True)"),
    (ALLOWED, "display({'application/json': {half: [half]}}, raw=True)"),
    (ALLOWED, "from IPython.display import HTML\nHTML(half)"),
    (ALLOWED, "raise ValueError(half)"),
    (ALLOWED, "import logging\nlogging.error(half)"),
    (ALLOWED, "from comm import create_comm\ncreate_comm(target_name='n', data={'a': half})"),
    (ALLOWED, "print('\\udcff')"),
    (ALLOWED, "import os, time\nos.write(1, b'\\xed\\xa0\\xbd\\n')\ntime.sleep(0.2)"),
    (ALLOWED, "!printf '\\xed\\xa0\\xbd\\n'"),
    (ALLOWED, "display({'application/json': float('nan')}, raw=True)"),
    (ALLOWED, "display({'application/json': object()}, raw=True)"),
    "print('end')",
]
TICKS = """
import signal
count = 0
def on_tick(*_):
    global count
    count += 1
    {what}
    signal.setitimer(signal.ITIMER_REAL, 0.004)
signal.signal(signal.SIGALRM, on_tick)
signal.setitimer(signal.ITIMER_REAL, 0.004)
for n in range(8):
    print('x' * 400_000, flush=True)
while count < 20:
    pass
signal.signal(signal.SIGALRM, signal.SIG_IGN);
"""
SENT = """
import os, signal, subprocess
def on_signal(*_):
    print('signal')
signal.signal(signal.{name}, on_signal)
sender = subprocess.Popen(
    ['bash', '-c', f'for i in {{{{1..8}}}}; do kill -{number} {{os.getpid()}}; sleep 0.02; done'])
while sender.poll() is None:
    print('x' * 400_000, flush=True)
"""
NOISY = [
    TICKS.format(what="print('tick')"),
    TICKS.format(what="print('tick', flush=True)"),
    TICKS.format(what="display('tick')"),
    SENT.format(name="SIGUSR1", number="USR1"),
    SENT.format(name="SIGINT", number="INT"),
    "import sys\nwith sys.stdout._buffer_lock:  # as in the middle of a write\n    display('held')",
    "print('end')",
]
WORDS = {0: ("tick", 20), 1: ("tick", 20), 3: ("signal", 1), 4: ("signal", 1)}


def _told(outputs):
    """Return kinds of outputs and their texts; of a traceback printed by the kernel its last line.

    How often it is printed depends on how the stream is cut, hence on the clock.
    """
    told = []
    for kind, said in outputs:
        text = str(said)
        if "Traceback (most recent call last)" in text:
            text = re.sub(r"position \d+", "position", text.strip().splitlines()[-1])
        told.append([kind, re.sub(r"0x[0-9a-f]+|position \d+|ipykernel_\d+", "N", text)])
    return told


REPLY = ["get_ipython().set_next_input('\\ud83d')", "print('end')"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What the cells gave: ``HALF`` on papermill's own engine, and all three lists on this one."""
    half, *more = ({"cells": cells, "settings": SETTINGS} for cells in (HALF, REPLY, NOISY))
    (stock,), ours = run_both([half], tmp_path_factory.mktemp("made"), more)
    return stock, ours


def test_half_a_surrogate_pair_ends_a_cell_as_under_papermills_own_engine(made):
    stock, (ours, *_) = made
    assert ours["raised"] == stock["raised"]
    for (_, code), theirs, own in zip(
        ((None, cell) if isinstance(cell, str) else cell for cell in HALF),
        stock["cells"],
        ours["cells"],
        strict=True,
    ):
        assert TIMED_OUT not in str(own), code
        if TIMED_OUT in str(
            theirs
        ):  # ipykernel waited in vain for its thread, which the load decides
            assert [kind for kind, _ in own] == [kind for kind, _ in theirs], code
        else:
            assert (code, _told(own)) == (code, _told(theirs))
    assert ours["cells"][-1] == [["stdout", "end\n"]]


def test_half_a_surrogate_pair_in_a_reply_hinders_no_later_cell(made):
    """papermill's own engine never hears of such a reply."""
    reply = made[1][1]
    assert reply["raised"] is None and reply["cells"][-1] == [["stdout", "end\n"]]


@pytest.fixture(scope="module")
def noisy(made):
    return made[1][2]


def test_a_signals_handler_may_print_while_a_large_output_is_written(noisy):
    assert noisy["raised"] is None and set(noisy["states"]) == {"completed"}
    assert noisy["cells"][-1] == [["stdout", "end\n"]]


@pytest.mark.parametrize("place", WORDS)
def test_nothing_of_either_is_lost(noisy, place):
    ((kind, text),) = noisy["cells"][place]
    word, times = WORDS[place]
    assert kind == "stdout"
    assert text.count(word) >= times
    assert text.count("x") > 0 and text.count("x") % 400_000 == 0


def test_a_handler_may_display(noisy):
    shown = [said for kind, said in noisy["cells"][2] if kind == "display_data"]
    assert len(shown) >= 20 and {one["text/plain"] for one in shown} == {"'tick'"}


def test_what_is_printed_after_a_widgets_message_follows_it_even_when_a_flush_is_due():
    ours, theirs = Pipe()
    publisher = OutputPublisher(
        transport.Channel(transport.MessageWriter(theirs, Lock()), transport.IOPUB)
    )
    session = transport.ConnectionSession(key=transport.UNSIGNED)
    stream = OutStream(session, publisher, "stdout", watchfd=False)
    stream._io_loop = OrderedFlush(publisher, stream)
    stream.write("before, ")  # to be flushed some moments later
    released = Event()
    publisher.schedule(released.wait)
    time.sleep(2 * stream.flush_interval)
    session.send(publisher.background_socket, "comm_msg", {})
    stream.write("after")
    released.set()
    sent = [
        session.deserialize(frames[1:])
        for _ in range(2)
        for _, *frames in transport.receive_messages(ours)
    ]
    publisher.stop()
    assert [one["msg_type"] for one in sent] == ["comm_msg", "stream"]
    assert sent[1]["content"]["text"] == "before, after"
