"""Awkward notebooks, and what papermill makes of them on either engine.

    python tests/support/processes/engine_cases.py FOLDER ENGINE NAME...

runs each notebook and leaves ``<name>.<engine>.json`` in the folder: cells and what was raised.
"""

import json
import sys
from pathlib import Path

import nbformat

FAILS = "raises-exception"
AWKWARD = [
    "x = 1\nprint(x)\nx + 1",
    "_, In[1], Out[1], _i1",
    "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
    "async def later():\n    await asyncio.sleep(0)\n    return 'later'\ntask = asyncio.create_task(later())",
    "task.done(), await task",
    (FAILS, "waiting = later()\ntry:\n    asyncio.run(waiting)\nfinally:\n    waiting.close()"),
    "from IPython.display import *\ndisplay('first', display_id='one')\ndisplay('other')",
    "update_display('second', display_id='one')",
    "handle = display('a', display_id=True)\nhandle.update('b')\nhandle.display('c')",
    "display(HTML('<b>x</b>'), Markdown('*x*'), Latex('$x$'), JSON({'a': (1, None)}), SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>'), Math('x'), Javascript('1'))",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.title('a')",
    "fig, axes = plt.subplots(1, 2)\nplt.show()\nprint('after')\nfig",
    "import matplotlib\nmatplotlib.get_backend(), plt.isinteractive(), plt.rcParams['figure.dpi'], plt.rcParams['font.family']",
    "import pandas as pd\nframe = pd.DataFrame({'a': range(100), 'b': ['中文'] * 100})\nprint(frame)\nframe",
    "pd.options.display.max_columns, pd.options.display.max_rows",
    "!echo shell; echo wrong >&2; exit 3",
    "_exit_code",
    "listed = !printf 'a\\nb\\n'\nlisted",
    "%%bash\necho bash\necho wrong >&2",
    (FAILS, "%%bash\nexit 7"),
    "%%script python3\nprint('script')",
    "%%capture held\nprint('held')",
    "held.stdout",
    "import subprocess, os, time, sys\nprint('before', flush=True)\nsubprocess.run(['echo', 'to descriptor 1'])\ntime.sleep(0.3)",
    "os.write(2, b'raw to 2\\n')\ntime.sleep(0.3)",
    "print('to stderr', file=sys.stderr)\nprint('to stdout')",
    "sys.stdout.write('no newline')",
    "print('a\\rb\\x08c \\x1b[31mred\\x1b[0m \\x00 \\u4e2d')",
    (FAILS, "def fails():\n    return 1 / 0\nfails()"),
    (
        FAILS,
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError('中文') from error",
    ),
    (FAILS, "raise ExceptionGroup('group', [ValueError(1), KeyError('k')])"),
    (FAILS, "if True print(1)"),
    (FAILS, "import nothing_of_this_name"),
    (FAILS, "raise KeyboardInterrupt"),
    (FAILS, "assert False, 'why'"),
    (
        FAILS,
        "from kjfp_helpers.core.errors import OutputError\nraise OutputError('某处', expected='甲', found='乙', advice='改')",
    ),
    (FAILS, "input('asked: ')"),
    (FAILS, "import getpass\ngetpass.getpass()"),
    (FAILS, "%no_such_magic"),
    "import warnings\nwarnings.warn('beware')\nwarnings.warn('old', DeprecationWarning)",
    "import logging\nlogging.warning('logged')\nlogging.getLogger('own').error('own')",
    "for n in range(3):\n    clear_output(wait=True)\n    print(n)",
    "print('gone')\nclear_output()\nprint('stays')",
    "import threading\ndef work():\n    print('in a thread')\nthread = threading.Thread(target=work)\nthread.start(); thread.join()",
    "import concurrent.futures\nwith concurrent.futures.ThreadPoolExecutor(4) as pool:\n    print(sum(pool.map(abs, range(-100, 0))))",
    "import multiprocessing\ndef child(queue):\n    queue.put(os.getpid() != parent)\nparent = os.getpid()\ncontext = multiprocessing.get_context('fork')\nqueue = context.Queue()\nprocess = context.Process(target=child, args=(queue,))\nprocess.start()\nprint(queue.get()); process.join(); process.exitcode",
    "import ipywidgets\nslider = ipywidgets.IntSlider(value=3)\nslider",
    "out = ipywidgets.Output()\nwith out:\n    print('into the widget')\n    display('shown')\nout",
    "from comm import create_comm\ncreate_comm(target_name='nobody', data={'a': 1}).send({'b': 2})",
    (
        FAILS,
        "class Odd:\n    def _repr_html_(self):\n        raise RuntimeError('no html')\n    def __repr__(self):\n        return 'odd'\nOdd()",
    ),
    "class Rich:\n    def _repr_mimebundle_(self, **_):\n        return {'text/plain': 'rich', 'text/html': '<i>rich</i>'}, {'text/html': {'isolated': True}}\nRich()",
    "%%time\nsum(range(10))",
    "%who_ls int",
    "%pwd",
    "%%html\n<b>cell magic</b>",
    "%%writefile note.py\nprint('noted', __name__)",
    "%run note.py",
    "%env KJFP_AWKWARD=1\nos.environ['KJFP_AWKWARD']",
    "get_ipython().run_cell('print(\"inner\")\\n5')\nNone",
    "type(get_ipython()).__mro__[-6:], type(get_ipython().kernel).__mro__[-6:]",
    "get_ipython().set_next_input('next')\n%page frame",
    "sorted(name for name in globals() if name.startswith('__')), __name__",
    "[os.environ.get(name) for name in ('MPLBACKEND', 'TERM', 'FORCE_COLOR', 'PAGER', 'CLICOLOR', 'OPENBLAS_NUM_THREADS', 'OMP_NUM_THREADS')]",
    "[path for path in sys.path if 'tests' not in path], os.getcwd() == os.environ['PWD_OF_TEST'], sys.flags, sys.warnoptions",
    "import random\nimport numpy as np\nrandom.seed(1); np.random.seed(1)\nrandom.random(), np.random.rand(2)",
    "np.arange(2000)",
    "from tqdm.auto import tqdm\ntqdm.__name__",
    "import signal\nsignal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGCHLD)",
    "threading.current_thread() is threading.main_thread(), asyncio.get_running_loop().is_running()",
    "print('x' * 11_000_000)",
    "list(range(1500))",
    "   ",
    ("skip-execution", "print('skipped')"),
    "%reset -f\n'x' in globals()",
    "x = 5;",
    "5;",
    "exit_hook = 'done'\nexit_hook",
]
TIRED = """import time
print('begun')
try:
    time.sleep(60)
finally:
    print('cleaned up')
"""
CHATTY = "import time\nwhile True:\n    print('said', flush=True)\n    time.sleep(0.05)"
STUBBORN = """import time
for chance in range(2):
    try:
        time.sleep(60)
    except KeyboardInterrupt:
        print('woken')
        if chance:
            raise
"""
NOTEBOOKS = {
    "awkward": AWKWARD,
    "error": ["1", "def f():\n    raise ValueError('中文')\nf()", "print('never')"],
    "exit": ["1", "import sys\nsys.exit()", "print('never')"],
    "exit-3": ["import sys\nsys.exit(3)", "print('never')"],
    "dies": ["1", "import os\nprint('begun', flush=True)\nos._exit(1)", "print('never')"],
    "killed": ["1", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "2"],
    "tired": ["1", TIRED, "2"],
    "chatty": ["1", CHATTY, "2"],
    "stubborn": ["1", STUBBORN, "2"],
    "stuck": ["1", "import re\nre.match('(a+)+$', 'a' * 64 + 'b')", "2"],
    "hungry": ["1", "print('begun')\nheld = bytearray(4 << 30)", "2"],
    "hungrier": ["held = [0]\nwhile True:\n    held += held", "2"],
    "parameters": [
        ("parameters", "amount = 1\nname = 'a'  # str"),
        "amount, name",
    ],
}
SETTINGS = {
    "tired": {"execution_timeout": 3},
    "chatty": {"execution_timeout": 3},
    "stubborn": {"execution_timeout": 2, "interrupt_on_timeout": True},
    "stuck": {"execution_timeout": 2},  # it spins all the while
    "parameters": {
        "parameters": {
            "amount": 2.5,
            "name": '中\'文\n"引号"',
        }
    },
}
LIMITED = {"hungry": 1 << 30, "hungrier": 1 << 30}


def notebook(cells):
    """Return a notebook; a cell is its code, or a tag and its code."""
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    for number, cell in enumerate(cells):
        tag, source = cell if isinstance(cell, tuple) else (None, cell)
        metadata = {"tags": [tag]} if tag else {}
        made.cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}", metadata=metadata))
    made.cells.insert(1, nbformat.v4.new_markdown_cell("# words", id="words"))
    return made


def run(folder, engine, name):
    """Run a notebook; return its cells as written and what was raised."""
    import papermill

    from kjfp_helpers.reports.batch.notebook_runner import register_engine

    register_engine()
    source, target = folder / f"{name}.ipynb", folder / f"{name}.{engine}.ipynb"
    if not source.exists():
        nbformat.write(notebook(NOTEBOOKS[name]), source)
    settings = dict(SETTINGS.get(name, {}))
    if engine == "kjfp" and name in LIMITED:
        settings["memory_limit"] = LIMITED[name]
    raised = None
    try:
        papermill.execute_notebook(
            str(source),
            str(target),
            engine_name=engine,
            progress_bar=False,
            cwd=str(folder),
            **settings,
        )
    except Exception as error:
        raised = [type(error).__name__, str(error)]
    made = json.loads(target.read_text("utf-8"))
    return {"cells": made["cells"], "metadata": made["metadata"], "raised": raised}


def main():
    """Run what was asked for."""
    folder, engine, *names = sys.argv[1:]
    for name in names:
        made = run(Path(folder), engine, name)
        path = Path(folder) / f"{name}.{engine}.json"
        path.write_text(json.dumps(made, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
