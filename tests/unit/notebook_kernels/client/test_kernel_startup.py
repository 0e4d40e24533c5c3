"""A forked kernel starts as its kernelspec and environment say, as under papermill's own engine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec

from kjfp_helpers.notebook_kernels.client.kernelspecs import is_own_interpreter
from kjfp_helpers.reports.batch import notebook_runner
from support.processes.engine_cases import notebook
from support.processes.engine_steps import ALLOWED, run_both, run_steps
from support.project import PROJECT

pytestmark = pytest.mark.slow

ARGUMENTS = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
TELLS = [
    "import os, sys, time, locale, warnings\nimport tells; tells.WHO",
    "[time.strftime('%H', time.localtime(0)), locale.setlocale(locale.LC_ALL, ''), sys.warnoptions,\n"
    " os.environ.get('PYTHONHASHSEED') and hash('abc'), sys.flags.utf8_mode, os.environ.get('RUN'),\n"
    " [path for path in sys.path if 'caller' in path], vars(sys.modules['__main__']).get('run_steps')]",
    "started_in = globals().get('STARTED_IN')\n[started_in is None, started_in == os.getpid()]",
    "try:\n    warnings.warn('beware', UserWarning)\nexcept UserWarning:\n    print('raised')",
    "import matplotlib\n[matplotlib.rcParams['font.size'], matplotlib.get_backend()]",
    "import numpy, threadpoolctl\n"
    "[one['num_threads'] for one in threadpoolctl.threadpool_info() if one['user_api'] == 'blas']",
    "get_ipython().ast_node_interactivity",
]
PROFILE = "settings/profile_default"
STEPS = [
    {
        "environment": {
            "PYTHONPATH": "first",
            "RUN": "1",
            "OPENBLAS_NUM_THREADS": None,
            "OMP_NUM_THREADS": None,
            "MPLBACKEND": None,
        },
        "files": {"first/tells.py": "WHO = 'first'", "second/tells.py": "WHO = 'second'"},
    },
    {
        "environment": {
            "PYTHONPATH": "second",
            "RUN": "2",
            "TZ": "Asia/Shanghai",
            "LC_ALL": "C",
            "PYTHONHASHSEED": "7",
            "PYTHONWARNINGS": "error::UserWarning",
            "MPLBACKEND": "svg",
            "OPENBLAS_NUM_THREADS": "1",
            "IPYTHONDIR": "settings",
        },
        "files": {f"{PROFILE}/startup/00.py": "import os\nSTARTED_IN = os.getpid()\nprint('up')"},
    },
    {
        "files": {
            "matplotlibrc": "font.size: 21",
            f"{PROFILE}/ipython_kernel_config.py": "c.InteractiveShell.ast_node_interactivity = 'last_expr_or_assign'",
        },
    },
]
AGAIN = [
    {"cells": ["import os\n[os.getppid(), os.environ['RUN']]"], "environment": {"RUN": number}}
    for number in "12"
]
PLACES = (0, 2, 3)
"""Where the notebooks of ``STEPS`` stand among those that are run."""
SELF = [
    "import os, sys, json, ipykernel\nfound = ipykernel.get_connection_file()\n"
    "[os.path.dirname(found), sys.argv[:2], sys.argv[2] == found, sys.argv[3:]]",
    "told = json.load(open(found))\n"
    "[sorted(told), told['kernel_name'], told['ip'], told['transport'], told['signature_scheme']]",
    "json.loads(ipykernel.get_connection_info()) == told",
    "int(os.environ['JPY_PARENT_PID']) == os.getppid() or bool(os.environ['JPY_PARENT_PID'])",
    "breakpoint()\nprint('passed')",
    (ALLOWED, "import pdb\npdb.set_trace()"),
    (ALLOWED, "input('asked: ')"),
    "'matplotlib' in sys.modules",
    "os.environ['MPLBACKEND'] = 'agg'\nimport matplotlib.pyplot as plt\nlines = plt.plot([1, 2]);",
    "plt.show()\n[matplotlib.get_backend() for matplotlib in [sys.modules['matplotlib']]]",
    "[hook.__name__ for hook in get_ipython().events.callbacks['post_execute']]",
]


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """What each notebook saw, between which the environment and files were changed.

    The first is followed by one that asks for its kernel; the last by two that ask for the process
    theirs was forked from, on this engine only.
    """
    first, *others = ({"cells": TELLS, **step} for step in STEPS)
    folder = tmp_path_factory.mktemp("changed")
    (folder / "temporary").mkdir()
    return run_both(
        [first, {"cells": SELF}, *others], folder, AGAIN, TMPDIR=str(folder / "temporary")
    )


@pytest.mark.parametrize("number", PLACES)
def test_each_notebook_sees_the_environment_and_settings_of_its_own_run(changed, number):
    stock, ours = (made[number] for made in changed)
    assert ours == stock and ours["raised"] is None


def test_the_environments_differ_in_what_notebooks_see(changed):
    first, second, third = (changed[1][number]["cells"] for number in PLACES)
    for number in (0, 1, 2, 3, 4):
        assert first[number] != second[number]
    assert second[4] != third[4] and second[6] != third[6]


def test_a_notebook_finds_its_kernel_as_under_papermills_own_engine(changed):
    stock, ours = (made[1] for made in changed)
    assert ours["states"] == stock["states"]
    for code, theirs, own in zip(SELF, stock["cells"], ours["cells"], strict=True):
        assert (code, own) == (code, theirs)


def test_notebooks_of_a_like_environment_are_forked_from_one_process(changed):
    told = [
        json.loads(one["cells"][0][0][1]["text/plain"].replace("'", '"')) for one in changed[1][-2:]
    ]
    assert [run for _, run in told] == ["1", "2"] and told[0][0] == told[1][0]


def test_connection_files_stand_where_jupyters_do_and_are_taken_away(changed):
    for made in changed:
        folder = Path(made[1]["cells"][0][0][1]["text/plain"].split("'")[1])
        assert folder.name == "temporary" and not list(folder.glob("*.json"))


def test_a_folder_whose_files_are_named_like_pythons_own_modules_hinders_nobody(tmp_path):
    for name in ("socket", "signal", "json", "random"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('not this one')")
    code = (
        "import os, papermill\n"
        "from kjfp_helpers.reports.batch.notebook_runner import register_engine\n"
        "from kjfp_helpers.notebook_kernels.process.kernel_process import KernelPreload\n"
        f"register_engine()\nos.chdir({str(tmp_path)!r})\n"
        "papermill.execute_notebook('in.ipynb', 'out.ipynb', engine_name='kjfp', progress_bar=False,"
        " preload=KernelPreload())"
    )
    nbformat.write(notebook(["type(get_ipython().kernel).__module__"]), tmp_path / "in.ipynb")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    assert done.returncode == 0, done.stderr
    (cell, *_) = nbformat.read(tmp_path / "out.ipynb", 4).cells
    assert "notebook_kernels" in cell.outputs[0].data["text/plain"] and not done.stderr


@pytest.fixture(scope="module")
def other_python(tmp_path_factory):
    """A folder of Jupyter's whose kernelspec ``python3`` is another environment, with a variable."""
    folder = tmp_path_factory.mktemp("other")
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", folder / "venv"],
        check=True,
    )
    (packages,) = (folder / "venv").glob("lib/python*/site-packages")
    (packages / "here.pth").write_text(
        "\n".join(path for path in sys.path if "site-packages" in path)
    )
    spec = folder / "jupyter" / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        json.dumps(
            {
                "argv": [str(folder / "venv" / "bin" / "python"), *ARGUMENTS],
                "display_name": "Other",
                "language": "python",
                "env": {"SPOKEN": "${SPEAKS} aloud"},
            }
        )
    )
    return folder


def test_a_kernelspec_of_the_users_own_is_honoured_and_said(other_python, tmp_path):
    steps = [{"cells": ["import os, sys\n[sys.prefix, os.environ['SPOKEN']]"]}]
    ((made,), said) = run_steps(
        "kjfp", steps, tmp_path, JUPYTER_PATH=str(other_python / "jupyter"), SPEAKS="it"
    )
    shown = made["cells"][0][0][1]["text/plain"]
    assert shown == str([str(other_python / "venv"), "it aloud"])
    assert str(other_python / "jupyter" / "kernels" / "python3") in said and "kernel.json" in said


def test_reports_run_in_the_projects_own_python_whatever_the_kernelspec(
    other_python, tmp_path, monkeypatch
):
    monkeypatch.setenv("JUPYTER_PATH", str(other_python / "jupyter"))
    nbformat.write(notebook(["import sys\nprint(sys.prefix)"]), tmp_path / "in.ipynb")
    done = notebook_runner.execute_notebook(tmp_path / "in.ipynb", {}, folder=tmp_path, seconds=60)
    assert done.notebook.cells[0].outputs[0].text == f"{sys.prefix}\n"


def _spec(program=sys.executable, arguments=ARGUMENTS, **more):
    return KernelSpec(argv=[program, *arguments], language="python", **more)


@pytest.mark.parametrize(
    "spec",
    [
        _spec(),
        _spec("python"),
        _spec("python3"),
        _spec(arguments=["-Xfrozen_modules=off", *ARGUMENTS]),
        _spec(arguments=["-m", "ipykernel", "-f", "{connection_file}"]),
        _spec(str(Path(sys.executable).parent / "python3")),
        _spec(
            metadata={
                "debugger": True,
                "kernel_provisioner": {"provisioner_name": "local-provisioner"},
            }
        ),
    ],
)
def test_a_kernelspec_that_starts_this_interpreter_is_served_by_a_fork(spec):
    assert is_own_interpreter(spec)


@pytest.mark.parametrize(
    "spec",
    [
        _spec(os.path.realpath(sys.executable)),
        _spec("/no/such/python"),
        _spec("R", ["--slave"]),
        _spec(arguments=["-O", *ARGUMENTS]),
        _spec(arguments=[*ARGUMENTS, "--matplotlib=agg"]),
        _spec(arguments=["-m", "bash_kernel", "-f", "{connection_file}"]),
        _spec(env={"A": "1"}),
        _spec(metadata={"kernel_provisioner": {"provisioner_name": "remote"}}),
        KernelSpec(argv=[]),
    ],
)
def test_any_other_kernelspec_is_not(spec):
    assert not is_own_interpreter(spec)


TRACED = """
import os
read = set()
class Traced(type(os.environ)):
    def __getitem__(self, name):
        read.add(name)
        return super().__getitem__(name)
os.environ.__class__ = Traced
from kjfp_helpers.notebook_kernels.process.kernel_process import COMMON_PRELOAD, prepare_kernel
from kjfp_helpers.reports.batch.kernel_preload import REPORT_PRELOAD
prepare_kernel(REPORT_PRELOAD)
prepare_kernel(COMMON_PRELOAD)
from kjfp_helpers.notebook_kernels.servers.process_fingerprint import is_read_at_start
print([name for name in sorted(read) if not is_read_at_start(name)])
"""
OWN = {
    "ANDROID_DATA",
    "IN_SPHINX_RUN",
    "NOTEBOOK_KERNELS_SPAWN",
    "JPY_INTERRUPT_EVENT",
    "JPY_PARENT_PID",
    "JPY_SESSION_NAME",
    "_PYTHON_PROJECT_BASE",
    "_PYTHON_SYSCONFIGDATA_NAME",
}
"""Variables of other systems, and those that Jupyter or the project set for each process."""


def test_every_variable_that_is_read_before_a_fork_makes_a_process_of_its_own():
    done = subprocess.run(
        [sys.executable, "-c", TRACED], capture_output=True, text=True, check=True
    )
    assert set(json.loads(done.stdout.replace("'", '"'))) <= OWN


FRESH = """
import os, sys
sys.path.insert(0, "/caller")
import papermill
from kjfp_helpers.reports.batch.notebook_runner import register_engine
register_engine()
from kjfp_helpers.notebook_kernels.process.kernel_process import KernelPreload
spoils = "the program's own"
os.environ["TZ"] = "Asia/Shanghai"
papermill.execute_notebook(
    "in.ipynb", "out.ipynb", engine_name="kjfp", progress_bar=False, preload=KernelPreload()
)
"""
SEES = """import sys, time
main = sys.modules["__main__"]
["/caller" in sys.path, hasattr(main, "spoils"), time.strftime("%H", time.localtime(0))]"""


def test_where_nothing_is_forked_any_program_may_run_notebooks_and_change_its_environment(tmp_path):
    (tmp_path / "program.py").write_text(FRESH)
    nbformat.write(notebook([SEES]), tmp_path / "in.ipynb")
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "NOTEBOOK_KERNELS_SPAWN": "1",
            "TZ": "UTC",
        },
    )
    assert done.returncode == 0, done.stderr
    (cell, *_) = nbformat.read(tmp_path / "out.ipynb", 4).cells
    assert cell.outputs[0].data["text/plain"] == "[False, False, '08']"
