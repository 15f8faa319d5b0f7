"""The pytest plugin: the guide's own examples as a project's tests, and what a test of somebody else would see."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.tidy.tree import ROOT

PAGE = ROOT / "docs" / "guide" / "testing.md"
MORE = '''
import psycopg
import pytest
import viertakt as engine
from viertakt_client import AskedMove

PARCEL = """
kind: parcel
label: {en: Parcel, nl: Pakket}
subject: {en: Customer, nl: Klant}
start: sent
stages:
  sent:      {status: pending, waiting_on: provider, limit: {after: P30D, transition: lose}}
  delivered: {status: success, final: yes}
  lost:      {status: error, final: yes}
transitions:
  deliver: {from: [sent], to: delivered, by: [process]}
  lose:    {from: [sent], to: lost, by: [deadline]}
no_rejected: true
"""


def test_people_and_kinds_and_transactions(viertakt):
    viertakt.publish(PARCEL)
    before = viertakt.now
    lost = viertakt.client.open("parcel", reference="P-1")
    assert lost.created_at == before
    assert [entry.recorded_at for entry in viertakt.client.history(lost.id)] == [before]
    with psycopg.connect(viertakt.database_url) as conn:
        kept = engine.open(conn, "parcel", reference="P-2", actor=engine.system("shop"))
        engine.move(conn, kept.operation.id, "deliver", actor=engine.system("shop"))
    viertakt.advance(timedelta(days=31))
    assert viertakt.now - before == timedelta(days=31)
    assert_history(viertakt.client, lost.id, ["sent", "lose > lost"])
    assert_history(viertakt.client, kept.operation.id, ["sent", "deliver > delivered"])
    ticket = viertakt.client.open("ticket", reference="T-1")
    viertakt.person("support").move(ticket.id, "put_on_hold")
    with pytest.raises(AssertionError, match="put_on_hold > on_hold"):
        assert_history(viertakt.client, ticket.id, ["new"])
'''


def test_a_project_tests_with_the_plugin(folder: Path, server_url: str) -> None:
    """As a reader would: the page's examples in a file, and pytest in a process of its own."""
    (block,) = re.findall(
        r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    (folder / "test_guide.py").write_text(block + MORE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    # The server of these tests, for a second one takes its time to be made; otherwise it is the plugin's own.
    environment["VIERTAKT_TEST_DATABASE_URL"] = server_url
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(folder)]
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert "3 passed" in ran.stdout, ran.stdout + ran.stderr
