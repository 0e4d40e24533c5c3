"""What tests share: tools that may be absent, and one small round made once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.forms.sample_files import PERSON, TEAM, form
from support.project import RULES


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


@pytest.fixture(scope="session")
def converted(soffice, tmp_path_factory):
    """The two forms as LibreOffice saves them in every other format."""
    folder = tmp_path_factory.mktemp("forms")
    (folder / "team.docx").write_bytes(form(TEAM))
    (folder / "person.docx").write_bytes(form(PERSON))
    for ending in ("doc", "rtf", "odt", "pdf"):
        subprocess.run(
            [
                soffice,
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                ending,
                "--outdir",
                folder,
                folder / "team.docx",
                folder / "person.docx",
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return folder


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
def assigned(tmp_path_factory):
    """A small assigned round whose packets can be exported; tests take copies."""
    from support.rounds.packet_files import small_round

    root = tmp_path_factory.mktemp("assigned")
    small_round(root).ledger.close()
    return root


@pytest.fixture(scope="session")
def rules_folder() -> Path:
    return RULES


def pytest_sessionfinish(session, exitstatus):
    """Where everything is installed (KJFP_NO_SKIP), a skipped test is a failed run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if os.environ.get("KJFP_NO_SKIP") and skipped and exitstatus == 0:
        reporter.write_line(f"{len(skipped)} tests were skipped where none may be", red=True)
        session.exitstatus = 1
