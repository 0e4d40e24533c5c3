"""What tests share: tools that may be absent, and one small round made once.

What is dear to import is imported by the fixtures: the process that only hands out tests to the
workers reads this file too.
"""

import gc
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from support.project import RULES, TESTS
from support.thoroughness import times

pytest_plugins = ["support.cpu_seconds"]
# no deadline: a busy machine is no failure; in CI the same examples in every run, as in fuzzing
settings.register_profile(
    "kjfp",
    deadline=None,
    max_examples=times(20, 100),
    derandomize=bool(os.environ.get("KJFP_NO_SKIP")),
)
settings.load_profile("kjfp")
# It would parse every module that is loaded, in each worker, to draw its literals now and then:
# seconds, and examples that hang on which files a worker ran before.
providers._get_local_constants = lambda: providers._local_constants
# Every worker imports all tests: what pytest compiles with its assertions is kept for the next run.
sys.dont_write_bytecode = False


MEMORY_FOLDER, MEMORY_BYTES = Path("/dev/shm"), 10 << 30
"""Where files cost no disk, and how much of it has to be free: a whole run writes up to 4 GB."""


def _has_memory_for_files():
    if not MEMORY_FOLDER.is_dir() or os.statvfs(MEMORY_FOLDER).f_flag & os.ST_NOEXEC:
        return False
    lines = Path("/proc/meminfo").read_text().splitlines()
    available = next(int(line.split()[1]) << 10 for line in lines if "MemAvailable" in line)
    return min(available, shutil.disk_usage(MEMORY_FOLDER).free) > MEMORY_BYTES


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Keep temporary files in memory where there is room, unless a folder was asked for."""
    if "TMPDIR" not in os.environ and not config.option.basetemp and _has_memory_for_files():
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY_FOLDER)


def pytest_xdist_make_scheduler(config, log):
    """One worker runs all browser files, so that Lab and Chromium are started once."""
    if config.option.dist != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class BrowserTogether(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file = super()._split_scope(nodeid)
            return BROWSER if file.startswith(BROWSER) else file

    return BrowserTogether(config, log)


def pytest_xdist_auto_num_workers(config):
    """One worker more than cores: browsers and commands are waited for, but by no fast test."""
    return len(os.sched_getaffinity(0)) + (config.option.markexpr != "not slow")


def _tool(*names, install):
    found = next((path for path in map(shutil.which, names) if path), None)
    if not found:
        pytest.skip(f"{names[0]} is not installed: {install}")
    return found


@pytest.fixture(scope="session")
def chromium() -> str:
    return _tool("chromium", "chromium-browser", install="apt-get install chromium")


@pytest.fixture(scope="session")
def soffice() -> str:
    install = "apt-get install libreoffice-writer libreoffice-calc"
    return _tool("soffice", "libreoffice", install=install)


NO_PREVIEWS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Save/Document">
<prop oor:name="GenerateThumbnail" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""
"""Settings of LibreOffice: a picture of the first page in each file takes longer than the file."""


@pytest.fixture(scope="session")
def office_convert(soffice, tmp_path_factory):
    """Convert files with LibreOffice; its profile is kept for the session and draws no previews."""
    profile = tmp_path_factory.mktemp("libreoffice") / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(NO_PREVIEWS)

    def convert(ending, folder, *paths):
        command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless"]
        command += ["--convert-to", ending, "--outdir", folder, *paths]
        subprocess.run(command, check=True, capture_output=True, timeout=300)

    return convert


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory, worker_id):
    """A folder that all worker processes of this run see."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent


@pytest.fixture(scope="session")
def converted(office_convert, run_folder):
    """The two forms as LibreOffice saves them in every other format."""
    from support.forms.sample_files import PERSON, TEAM, form
    from support.made_once import made_once

    def make(folder):
        folder.mkdir()
        (folder / "team.docx").write_bytes(form(TEAM))
        (folder / "person.docx").write_bytes(form(PERSON))
        for ending in ("doc", "rtf", "odt", "pdf"):
            office_convert(ending, folder, folder / "team.docx", folder / "person.docx")

    return made_once(run_folder / "converted_forms", make)


@pytest.fixture(scope="session")
def rehearsal_copy(pytestconfig):
    """Copy a rehearsal round as ``kjfp rehearse`` makes it; each size is made once."""
    from support.made_once import REHEARSAL_UNITS, rehearsal_round

    cache = Path(pytestconfig.cache.mkdir("rehearsal_rounds"))

    def copy(folder, units=REHEARSAL_UNITS):
        return Path(shutil.copytree(rehearsal_round(cache, units), folder))

    return copy


@pytest.fixture(scope="session")
def received_copy(rehearsal_copy, run_folder):
    """Copy a rehearsal round whose mail was read; each size is read once for all workers."""
    from support.made_once import REHEARSAL_UNITS, made_once, played_round, run_once

    def copy(root, units=REHEARSAL_UNITS):
        def make(folder):
            rehearsal_copy(played_round(folder).folder, units)
            run_once(folder, "intake")

        made = made_once(run_folder / f"received_{units}", make)
        shutil.copytree(made, root, dirs_exist_ok=True)
        return played_round(root)

    return copy


@pytest.fixture(scope="session")
def reviewed(received_copy, run_folder):
    """A rehearsal round run to its end, once for all workers; who changes it takes a copy."""
    from support.made_once import made_once, played_round, run_once

    def make(folder):
        received_copy(folder)
        run_once(folder, "run")

    return played_round(made_once(run_folder / "reviewed_round", make))


@pytest.fixture(scope="session")
def finished(rehearsal_copy, run_folder):
    """A round of six units with all its papers, made once for all workers; tests take copies."""
    from support.made_once import made_once
    from support.rounds.finished_round import make_finished_round

    def make(folder):
        folder.mkdir()
        make_finished_round(folder, rehearsal_copy)

    return made_once(run_folder / "finished_round", make)


@pytest.fixture(scope="session")
def postgresql_database(worker_id):
    """Address of a database for tests; each worker process has its own beside the named one."""
    address = os.environ.get("KJFP_TEST_DATABASE_URL")
    if not address:
        pytest.skip(
            "no PostgreSQL named: apt-get install postgresql, make a database, then set "
            "KJFP_TEST_DATABASE_URL=postgresql+psycopg://USER:PASSWORD@127.0.0.1/DATABASE"
        )
    if worker_id == "master":
        yield address
        return
    from sqlalchemy import NullPool, create_engine, make_url

    own = make_url(address)
    own = own.set(database=f"{own.database}_{worker_id}")
    drop = f'DROP DATABASE IF EXISTS "{own.database}" WITH (FORCE)'
    engine = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(drop)
        connection.exec_driver_sql(f'CREATE DATABASE "{own.database}"')
    yield own.render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.exec_driver_sql(drop)


@pytest.fixture
def postgresql_url(postgresql_database):
    """Address of a test database, emptied of the ledger before each test."""
    from sqlalchemy import create_engine

    engine = create_engine(postgresql_database)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS events, requests, seats")
    engine.dispose()
    return postgresql_database


@pytest.fixture(scope="session")
def assigned(run_folder):
    """A small assigned round whose packets can be exported; tests take copies."""
    from support.made_once import made_once
    from support.rounds.packet_files import small_round

    return made_once(run_folder / "assigned_round", lambda root: small_round(root).ledger.close())


@pytest.fixture(scope="session")
def exported(assigned, run_folder):
    """That round, with the first member's workbook exported; tests take copies."""
    from support.made_once import made_once
    from support.rounds.packet_files import export_once

    return made_once(run_folder / "exported_round", partial(export_once, assigned))


@pytest.fixture(scope="session")
def rules_folder() -> Path:
    return RULES


BROWSER = f"{TESTS.name}/browser/"
"""Where the names of browser tests begin."""
PROGRAMS = ("chromium", "libreoffice", "node", "postgresql")
SLOW_FOLDERS = ("browser", "integration", "notebooks", "robustness")
SLOW_FILE = re.compile(
    rf"^pytestmark = .*\bpytest\.mark\.({'|'.join(('slow', *PROGRAMS))})\b", re.MULTILINE
)
"""The line by which every test of a file is slow."""
DEAREST = (
    "test_whole_review.py",
    "test_wheel.py",
    "test_engine_fidelity.py",
    "test_reading_plans.py",
    "test_year_by_notebooks.py",
    "test_output_check.py",
    "test_second_runs.py",
    "test_analysis_notebook.py",
    "test_kept_stages.py",
    "test_decided_year.py",
    "test_kernel_startup.py",
    "test_round_builder.py",
    "test_workbook_exchange.py",
    "test_workbooks.py",
    "test_broken_files.py",
    "test_form_containers.py",
    "test_batch_run.py",
    "test_page_kernel_kills.py",
    "test_bad_input.py",
    "test_hostile_files.py",
    "test_output_publisher.py",
    "test_round_verification.py",
    "test_archive.py",
    "test_notebook_outputs.py",
    "test_stocktake_tables.py",
    "test_member_withdrawals.py",
    "test_regeneration_kills.py",
    "test_queue_page.py",
    "test_revocations.py",
    "test_secretary_pages.py",
    "test_project_rules.py",
)
"""Files that take longest, of the fast ones last; they begin first, after the browser files, which
one worker runs one after another, so that none holds one worker up at the end."""


def _import_nbformat():
    """Import it without the grammar of addresses, which takes a second and which no schema has."""
    from kjfp_helpers.notebook_kernels.process.import_blocking import FORMAT_CHECKS, hidden_modules

    with hidden_modules(*FORMAT_CHECKS):
        import nbformat  # noqa: F401


@pytest.hookimpl(wrapper=True)
def pytest_collection(session):
    """What is imported stays: it is not searched for garbage, now and in every test."""
    gc.disable()
    try:
        if session.config.option.dist == "no":  # not where tests are only handed out
            _import_nbformat()
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)  # tests make much that does not stay
        gc.enable()


def pytest_ignore_collect(collection_path, config):
    """The fast ones alone: a slow folder or file is not even imported."""
    if config.option.markexpr != "not slow":
        return None
    folder = collection_path.relative_to(TESTS).parts[:1]
    is_module = collection_path.suffix == ".py"
    is_slow_file = is_module and SLOW_FILE.search(collection_path.read_text()) is not None
    return True if is_slow_file or (folder and folder[0] in SLOW_FOLDERS) else None


def pytest_collection_modifyitems(items):
    """Mark as slow what needs a program of its own or a whole round; begin with the dearest."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in SLOW_FOLDERS or any(map(item.get_closest_marker, PROGRAMS)):
            item.add_marker("slow")
    ranks = {name: rank for rank, name in enumerate(DEAREST)}
    items.sort(
        key=lambda item: (
            not item.nodeid.startswith(BROWSER),
            ranks.get(item.path.name, len(ranks)),
        )
    )


def pytest_sessionfinish(session, exitstatus):
    """Where everything is installed (KJFP_NO_SKIP), a skipped test is a failed run."""
    gc.freeze()  # what is left goes with the process and is not searched once more
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("KJFP_NO_SKIP") and skipped and exitstatus == 0:
        reporter.write_line(f"{len(skipped)} tests were skipped where none may be", red=True)
        session.exitstatus = 1
