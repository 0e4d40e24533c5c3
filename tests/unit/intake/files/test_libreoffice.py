import pytest

from kjfp_helpers.intake.files import libreoffice


@pytest.mark.parametrize(
    ("command", "seconds", "waiting"), [("while :; do :; done", 0.2, 600), ("sleep 600", 600, 0.3)]
)
def test_a_file_is_given_up_by_its_cpu_time_and_one_that_only_waits_by_the_clock(
    tmp_path, monkeypatch, command, seconds, waiting
):
    monkeypatch.setattr(libreoffice, "LIBREOFFICE_FILE_SECONDS", seconds)
    monkeypatch.setattr(libreoffice, "LIBREOFFICE_WAITING_SECONDS", waiting)
    (tmp_path / "out").mkdir()
    office = tmp_path / "soffice"
    office.write_text(f"#!/bin/sh\n{command}\n")
    office.chmod(0o700)
    libreoffice.run_libreoffice(str(office), tmp_path, ["a.doc"])
    assert not list((tmp_path / "out").iterdir())
