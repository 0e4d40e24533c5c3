"""Modules loaded before the kernels of report notebooks are forked."""

from kjfp_helpers.notebook_kernels.process.kernel_process import KernelPreload


def draw_sample_figure() -> None:
    """Draw a figure of the kind that reports show, so that fonts and glyphs are cached."""
    from kjfp_helpers.reports.figures.target_completion_chart import draw_unit_bars

    row = {
        "label": "",
        "measure": "",
        "target": 10,
        "done": 9,
        "rate": 0.9,
        "peer_rate": 1.0,
        "peer_count": 6,
        "state": "",
    }
    draw_unit_bars([row, row | {"rate": 2.0}, row | {"rate": None}], peers="", rehearsal=True)


REPORT_PRELOAD = KernelPreload(
    modules=(
        "matplotlib.backends.backend_agg",
        "kjfp_helpers.reports.sections.unit_report",
        "kjfp_helpers.reports.sections.unit_overview",
        "kjfp_helpers.reports.sections.case_report",
        "kjfp_helpers.reports.sections.member_report",
        "kjfp_helpers.reports.sections.overall_report",
        "kjfp_helpers.reports.sections.overall_list",
        "kjfp_helpers.reports.figures.cutoff_chart",
        "kjfp_helpers.reports.figures.member_score_chart",
        "kjfp_helpers.reports.figures.tile_map",
    ),
    warm_up=draw_sample_figure,
)
"""For notebooks 07 to 10: no report uses pandas, pyplot, widgets or the models of the rules."""
