"""Modules loaded before the kernels of report notebooks are forked."""

from kjfp_helpers.notebook_kernels.process.kernel_process import KernelPreload


def draw_sample_figure() -> None:
    """Draw a figure of the kind that reports show, so that fonts and glyphs are cached."""
    from kjfp_helpers.reports.charts.target_completion_chart import draw_completion_bars

    rates = {f"{prefix}_rate": 0.9 for prefix in ("assoc", "experts", "people")}
    states = {f"{prefix}_state": "" for prefix in ("assoc", "experts", "people")}
    row = {"short_name": "", "rate": 0.9, "state": "", **rates, **states}
    draw_completion_bars([row], heading="", rehearsal=True)


REPORT_PRELOAD = KernelPreload(
    modules=(
        "matplotlib.backends.backend_agg",
        "kjfp_helpers.reports.sections.unit_report",
        "kjfp_helpers.reports.sections.unit_materials",
        "kjfp_helpers.reports.report_input",
        "kjfp_helpers.reports.sections.case_report",
        "kjfp_helpers.reports.sections.member_report",
        "kjfp_helpers.reports.sections.overall_report",
        "kjfp_helpers.reports.sections.overall_list",
        "kjfp_helpers.reports.charts.cutoff_chart",
        "kjfp_helpers.reports.charts.severity_chart",
        "kjfp_helpers.reports.charts.tile_map",
    ),
    warm_up=draw_sample_figure,
)
"""For notebooks 07 to 10: no report uses pandas, pyplot, widgets or the models of the rules."""
