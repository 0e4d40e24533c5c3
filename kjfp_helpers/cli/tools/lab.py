"""``kjfp lab``: start JupyterLab on the workbook of a round."""

import click

from kjfp_helpers.cli.command_classes import Command
from kjfp_helpers.cli.options import RoundChoice, round_argument


@click.command("lab", cls=Command, help="打开中文 JupyterLab 工作簿")
@round_argument()
def lab(choice: RoundChoice) -> int:
    """Start JupyterLab on the workbook of the round, which is prepared where it is missing."""
    from kjfp_helpers import reports
    from kjfp_helpers.panels.lab import lab_launcher

    with choice.open() as session:
        if not lab_launcher.start_notebook(session).exists():
            reports.write_workbook_notebooks(session)
    return lab_launcher.launch_lab(session)
