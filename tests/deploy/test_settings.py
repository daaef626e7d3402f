"""What the papers of an installation say is what the program reads."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from tests.deploy.conftest import ROOT

settings = runpy.run_path(str(ROOT / "deploy" / "settings.py"))
DEPLOY = ROOT / "deploy"


def test_every_setting_is_in_the_table():
    source = (ROOT / "config.py").read_text()
    read = set(re.findall(r"""(?:environ\.get|_flag|_kept_secret)\((?:instance, )?"([A-Z0-9_]+)""", source))

    assert {name for name, _default, _meaning in settings["rows"]()} == read
    assert all(meaning for _name, _default, meaning in settings["rows"]())


def test_the_table_in_the_page_is_current():
    page = (ROOT / "docs" / "deployment.md").read_text()

    assert settings["with_table"](page) == page, "python deploy/settings.py"


def test_the_example_names_real_settings():
    example = (DEPLOY / "mentors.env.example").read_text()
    named = set(re.findall(r"^(?:# )?([A-Z0-9_]+)=", example, re.MULTILINE))

    assert named <= {name for name, _default, _meaning in settings["rows"]()}


def test_the_files_agree_on_places():
    nginx = (DEPLOY / "nginx.conf").read_text()
    env = (DEPLOY / "mentors.env.example").read_text()
    units = [path.read_text() for path in sorted((DEPLOY / "systemd").glob("mentors*.service"))]

    prefix = re.search(r"ACCEL_PREFIX=(\S+)", env)
    assert prefix
    assert f"location {prefix[1]}/ {{\n        internal;" in nginx
    assert "INSTANCE_DIR=/var/lib/mentors\n" in env
    assert "alias /var/lib/mentors/media/;" in nginx
    assert len(units) == 3
    assert all("EnvironmentFile=/etc/mentors/mentors.env" in unit for unit in units)
    assert all("NoNewPrivileges=yes" in unit and "ProtectSystem=strict" in unit for unit in units)


def test_every_file_the_page_names_exists():
    page = (ROOT / "docs" / "deployment.md").read_text()
    named = set(re.findall(r"deploy/[\w./@-]+\w", page))

    assert named >= {"deploy/backup.sh", "deploy/restore.sh", "deploy/nginx.conf", "deploy/systemd"}
    assert [name for name in named if not Path(ROOT, name).exists()] == []
