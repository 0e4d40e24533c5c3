"""Python, the libraries, and the other programs that some work needs."""

import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from packaging.requirements import Requirement

from kjfp_helpers.commands.environment.check_result import Check
from kjfp_helpers.infra.code_version import DISTRIBUTION

LEAST_PYTHON = (3, 11)
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_START_SECONDS = 20
_REINSTALL = "在程序所在文件夹运行 .venv/bin/pip install -c constraints.txt -e ."


def check_python() -> Check:
    """Check the version of Python."""
    found = platform.python_version()
    if sys.version_info >= LEAST_PYTHON:
        return Check("Python", "fine", found)
    least = ".".join(map(str, LEAST_PYTHON))
    return Check("Python", "required", found, "程序不能运行", f"安装 Python {least} 或更高版本")


def check_libraries() -> Check:
    """Check every declared library: present, and of a version that the program was made for."""
    from packaging.requirements import Requirement

    try:
        declared = [Requirement(line) for line in requires(DISTRIBUTION) or ()]
    except PackageNotFoundError:
        return Check("程序库", "required", "没有登记安装", "命令可能缺少程序库", _REINSTALL)
    needed = [each for each in declared if each.marker is None or each.marker.evaluate()]
    wrong = list(_list_wrong(needed))
    if not wrong:
        return Check("程序库", "fine", f"{len(needed)}个，版本都在范围内")
    return Check("程序库", "required", "；".join(wrong), "有的步骤不能运行或结果不同", _REINSTALL)


def _list_wrong(needed: "list[Requirement]") -> Iterator[str]:
    for each in needed:
        try:
            found = version(each.name)
        except PackageNotFoundError:
            yield f"{each.name} 没有安装"
            continue
        if not each.specifier.contains(found, prereleases=True):
            yield f"{each.name} {found}，应为 {each.specifier}"


def check_libreoffice() -> Check:
    """Check LibreOffice, which converts old formats and prints papers as PDF."""
    from kjfp_helpers.intake.files.libreoffice import find_libreoffice
    from kjfp_helpers.intake.files.tool_versions import tool_versions_of

    if find_libreoffice() is None:
        cost = "来件里的 .doc、.wps、.rtf、.odt 读不了，列为待核实；函件不能转成 PDF"
        cure = "apt-get install libreoffice-writer libreoffice-calc，装好后重新收件"
        return Check("LibreOffice", "optional", "没有安装", cost, cure)
    return Check("LibreOffice", "fine", tool_versions_of(["LibreOffice"])["LibreOffice"])


def check_unar() -> Check:
    """Check the program that unpacks rar archives."""
    from kjfp_helpers.intake.files.tool_versions import tool_versions_of

    found = tool_versions_of(["unar"])["unar"]
    if found:
        return Check("unar", "fine", found)
    cost = "来件里的 rar 压缩包读不了，列为待核实"
    return Check("unar", "optional", "没有安装", cost, "apt-get install unar，装好后重新收件")


def check_browser() -> Check:
    """Check that a browser is installed on this machine."""
    path = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if path is None:
        cost = "本机没有 Chromium 类浏览器；各页请在另一台电脑的浏览器里打开"
        return Check("浏览器", "optional", "没有找到", cost, "apt-get install chromium")
    try:
        run = subprocess.run(
            [path, "--version"], capture_output=True, text=True, timeout=_START_SECONDS, check=False
        )
        found = run.stdout.strip() or "已安装"
    except (OSError, subprocess.TimeoutExpired):
        found = "已安装，版本未能读取"
    return Check("浏览器", "fine", found)


def check_fonts() -> Check:
    """Check the font of the figures, and that papers find a Song and a Fangsong face."""
    from kjfp_helpers.core.errors import OutputError
    from kjfp_helpers.reports.charts.fonts import find_chinese_font_file

    try:
        font = find_chinese_font_file()
    except OutputError as error:
        return Check("图表字体", "required", "没有找到", "图上的汉字成为方框", str(error))
    return Check("图表字体", "fine", font.name)


def check_system_fonts() -> Check:
    """Check that the system has a Chinese font, which LibreOffice and Chromium draw with."""
    listing = shutil.which("fc-list")
    if listing is None:
        return Check("系统中文字体", "optional", "没有 fc-list，未能检查", cure="安装 fontconfig")
    run = subprocess.run(
        [listing, ":lang=zh-cn", "family"],
        capture_output=True,
        text=True,
        timeout=_START_SECONDS,
        check=False,
    )
    families = sorted({line.partition(",")[0].strip() for line in run.stdout.splitlines()} - {""})
    if families:
        return Check("系统中文字体", "fine", "、".join(families[:6]))
    cost = "在本机转成 PDF 或打印时，汉字成为方框"
    return Check("系统中文字体", "optional", "没有找到", cost, "apt-get install fonts-noto-cjk")
