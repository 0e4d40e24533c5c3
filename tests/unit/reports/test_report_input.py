"""Data for a report's notebook: only those of the kind and the key that were asked for."""

import json

import pytest

from kjfp_helpers.core.errors import KjfpError, ParameterError
from kjfp_helpers.reports import report_input
from kjfp_helpers.reports.data.report_data_file import load_report_data


def _write(folder, *names):
    for name in names:
        path = folder / "reports" / "data" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"title": name}), "utf-8")
        assert load_report_data(path)["title"] == name


@pytest.mark.parametrize("standing", [("office/41",), ("office/41", "unit/41")])
def test_a_path_is_no_unit(tmp_path, monkeypatch, standing):
    monkeypatch.setattr(report_input, "require_declared_parameters", lambda: None)
    _write(tmp_path, *standing)
    (tmp_path / "reports/data/unit").mkdir(exist_ok=True)
    with pytest.raises(ParameterError if "unit/41" in standing else KjfpError):
        report_input.open_unit_report("", str(tmp_path), "../office/41", "unit")
    assert report_input.open_unit_report("", str(tmp_path), 41, "office")["title"] == "office/41"
