"""Settings: read once, typed, and never misspelt in silence."""

from pathlib import Path

import pytest

from viertakt import errors
from viertakt.settings import default_data, read_settings


def test_nothing_set_gives_an_embedded_server_on_this_machine_only() -> None:
    """The first run needs no configuration and opens nothing to the network."""
    settings = read_settings({"HOME": "/home/anna"})
    assert settings.database_url is None
    assert (settings.host, settings.port, settings.postgres) == ("127.0.0.1", 8484, 18)
    assert settings.data == default_data()


def test_values_are_typed() -> None:
    """A port is a number and a folder may start at home."""
    settings = read_settings({"VIERTAKT_PORT": "9000", "VIERTAKT_DATA": "~/till", "VIERTAKT_POSTGRES": "16"})
    assert (settings.port, settings.data, settings.postgres) == (9000, Path.home() / "till", 16)


def test_a_misspelt_setting_is_refused_with_what_was_meant() -> None:
    """Ignored, it would be found on the day it matters."""
    with pytest.raises(errors.Invalid, match=r"VIERTAKT_DATABSE_URL\. Did you mean VIERTAKT_DATABASE_URL\?"):
        read_settings({"VIERTAKT_DATABSE_URL": "postgresql://db/viertakt"})


def test_all_faults_are_told_at_once() -> None:
    """One restart instead of three."""
    with pytest.raises(errors.Invalid) as caught:
        read_settings({"VIERTAKT_PORT": "many", "VIERTAKT_POSTGRES": "15", "VIERTAKT_COLOUR": "red"})
    assert [fault.code for fault in caught.value.faults] == [
        "unknown_setting",
        "invalid_setting",
        "invalid_setting",
    ]


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    """Container platforms mount secrets as files; their last line end is not part of them."""
    secret = tmp_path / "url"
    secret.write_text("postgresql://db/viertakt\n", encoding="utf-8")
    settings = read_settings({"VIERTAKT_DATABASE_URL_FILE": str(secret)})
    assert settings.database_url == "postgresql://db/viertakt"


def test_a_secret_given_twice_or_unreadably_is_refused(tmp_path: Path) -> None:
    """Which of the two holds would be a guess."""
    environment = {"VIERTAKT_DATABASE_URL": "x", "VIERTAKT_DATABASE_URL_FILE": str(tmp_path / "missing")}
    with pytest.raises(errors.Invalid) as caught:
        read_settings(environment)
    assert {fault.code for fault in caught.value.faults} == {"two_settings", "unreadable_secret"}


def test_variables_of_the_tests_and_the_client_are_no_settings() -> None:
    """They share the prefix, and a shell that has them set must still start the server."""
    assert read_settings({"VIERTAKT_TEST_POSTGRES": "16", "VIERTAKT_TOKEN": "t"}).postgres == 18
