"""Check the machine: software, folders, database, clock, each with what a lack of it costs."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kjfp_helpers.commands.environment import installed_software
from kjfp_helpers.commands.environment.check_result import Check
from kjfp_helpers.rules.round_folders import project_folder

ZONE = "Asia/Shanghai"
LEAST_FREE_BYTES = 2_000_000_000
"""Free space below which an intake of a few hundred messages may fail."""
DATABASE = "KJFP_DATABASE_URL"


def check_environment() -> Iterator[Check]:
    """Yield the result of every check, those that everything rests on first.

    A check that itself fails is a result like any other.
    """
    checks: tuple[Callable[[], Check], ...] = (
        installed_software.check_python,
        installed_software.check_libraries,
        _check_folders,
        _check_space,
        _check_database,
        _check_clock,
        _check_kernel,
        installed_software.check_fonts,
        installed_software.check_system_fonts,
        installed_software.check_libreoffice,
        installed_software.check_unar,
        installed_software.check_browser,
    )
    for check in checks:
        try:
            yield check()
        except Exception as error:
            # one check that fails must not hide the others
            title = check.__name__.removeprefix("check_").removeprefix("_check_")
            cost = "这一项未能检查"
            yield Check(title, "optional", f"{type(error).__name__}", cost, "请告知维护人员")


def _check_folders() -> Check:
    """Check that files can be made below ``data/`` and ``outputs/``."""
    home = project_folder()
    for name in ("data", "outputs"):
        folder = home / name
        target = folder if folder.is_dir() else home
        try:
            with tempfile.TemporaryFile(dir=target):
                pass
        except OSError as error:
            found = f"{name} 不能写入（{error.strerror}）"
            cure = f"把 {target} 的写入权限交给当前账号，或在别的文件夹运行（设 KJFP_HOME）"
            return Check("文件夹", "required", found, "台账和文件都不能保存", cure)
    return Check("文件夹", "fine", f"{home} 的 data、outputs 可以写入")


def _check_space() -> Check:
    free = shutil.disk_usage(project_folder()).free
    found = f"剩余{free / 1e9:,.1f} GB"
    if free >= LEAST_FREE_BYTES:
        return Check("磁盘空间", "fine", found)
    return Check("磁盘空间", "optional", found, "来件多时收件会中断", "清理磁盘，留出 2 GB 以上")


def _check_database() -> Check:
    """Check the server that holds the ledgers, where one is named; else the ledger is a file."""
    url = os.environ.get(DATABASE)
    if not url:
        return Check("台账数据库", "fine", "SQLite 文件 data/<轮次>/review.db")
    from sqlalchemy import create_engine, text
    from sqlalchemy.exc import SQLAlchemyError

    try:
        engine = create_engine(url)
        with engine.connect() as connection:
            found = str(connection.execute(text("select version()")).scalar_one())
        engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        cure = f"核对 {DATABASE}、数据库服务和账号；用文件台账时不设 {DATABASE}"
        return Check("台账数据库", "required", type(error).__name__, "台账打不开", cure)
    return Check("台账数据库", "fine", found.partition(" on ")[0])


def _check_clock() -> Check:
    """Check that the time zone of the notice is known, and that the clock is not long past."""
    try:
        now = datetime.now(ZoneInfo(ZONE))
    except ZoneInfoNotFoundError:
        cure = ".venv/bin/pip install tzdata"
        return Check("时区", "required", f"没有 {ZONE} 的数据", "时间不能换算", cure)
    built = datetime.fromtimestamp(Path(__file__).stat().st_mtime, UTC)
    if now < built:
        found = f"{now:%Y-%m-%d %H:%M}，早于程序文件的时间"
        return Check("时钟", "optional", found, "登记的时间不可信", "校准系统时间")
    return Check("时区和时钟", "fine", f"北京时间 {now:%Y-%m-%d %H:%M}")


def _check_kernel() -> Check:
    from jupyter_client.kernelspec import KernelSpecManager

    if "python3" in KernelSpecManager().find_kernel_specs():
        return Check("Jupyter 内核", "fine", "python3")
    cure = ".venv/bin/python -m ipykernel install --sys-prefix"
    return Check("Jupyter 内核", "required", "没有 python3 内核", "页面和报告打不开", cure)
