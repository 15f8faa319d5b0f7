"""The environment, read once: every `VIERTAKT_*` variable there is, its default and its meaning.

A field `port` is the variable VIERTAKT_PORT. A secret may stand in a file named by its `_FILE` twin instead
(VIERTAKT_DATABASE_URL_FILE=/run/secrets/database). An unknown VIERTAKT_* variable is refused: a misspelt setting that is
silently ignored is found on the worst day.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from viertakt import errors

PREFIX = "VIERTAKT_"
SECRETS = frozenset({"database_url", "secret_key", "sign_in_providers", "smtp_password"})
# Read elsewhere, each by one program: tests, the build, and the client.
OTHERS = frozenset({
    "VIERTAKT_TEST_POSTGRES", "VIERTAKT_TEST_DATABASE_URL", "VIERTAKT_TEST_DATA", "VIERTAKT_TEST_CASES",
    "VIERTAKT_TEST_KILLS", "VIERTAKT_TEST_FAMILIES", "VIERTAKT_SKIP_CONSOLE", "VIERTAKT_URL", "VIERTAKT_TOKEN", "VIERTAKT_TOKEN_FILE", "VIERTAKT_OUTBOX_URL",
    "VIERTAKT_PASSWORD", "VIERTAKT_PASSWORD_FILE", "VIERTAKT_SOURCE_SECRET", "VIERTAKT_SOURCE_SECRET_FILE", "VIERTAKT_TRACEBACK",
})  # fmt: skip


def default_data() -> Path:
    """Where data lies when nobody says: /var/lib/viertakt for root, else the user's own data folder."""
    if os.geteuid() == 0:
        return Path("/var/lib/viertakt")
    home = os.environ.get("XDG_DATA_HOME", "")
    return (Path(home) if home else Path.home() / ".local" / "share") / "viertakt"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the environment says; the doors hand it to `wiring`, nobody else reads the environment."""

    # A PostgreSQL of your own; None means the embedded one over `data`.
    database_url: str | None = None
    # The folder of the embedded server and of everything else this machine keeps.
    data: Path = msgspec.field(default_factory=default_data)
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 8484
    # How many people a change of access takes over HTTP and in the console: with 2 it waits for another who manages.
    access_persons: Literal[1, 2] = 1
    # How many requests a caller makes within a minute, in each server process; 0 means without limit.
    requests_per_minute: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 60_000
    # The major version of the embedded server.
    postgres: Literal[18, 16] = 18
    # How people reach the console, such as https://viertakt.example.com; None means as each request says.
    public_url: str | None = None
    # What authenticators' secrets are sealed with: at least 32 random characters, the same for all servers; a second one,
    # after a comma, still opens. None means the file `secret.key` in `data`, made when it is needed.
    secret_key: str | None = None
    # A session nobody uses for so many minutes ends, and each one after so many hours.
    session_idle_minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] = 30
    session_hours: Annotated[int, msgspec.Meta(ge=1, le=168)] = 12
    # For so many minutes after proving who they are, people may do what asks for it.
    step_up_minutes: Annotated[int, msgspec.Meta(ge=1, le=60)] = 10
    # OpenID providers by which people sign in, as a JSON list; the guide page on signing in shows one.
    sign_in_providers: str = ""
    # Networks besides public ones that webhooks may be sent to, as CIDR, separated by commas.
    webhook_allow: str = ""
    # The mail server; without one no mail is sent.
    smtp_host: str | None = None
    # Where the mail server listens.
    smtp_port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    # How what is sent to it is kept secret: `starttls`, asked for after connecting; `tls`, from the first byte; or `none`.
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    # As whom to sign in at the mail server; None means without.
    smtp_user: str | None = None
    # What this account signs in with.
    smtp_password: str | None = None
    # From whom mails come: an address, or a name with one in angle brackets.
    smtp_from: str = "Viertakt <viertakt@localhost>"
    # Mails a minute that one process sends at most.
    smtp_per_minute: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 120
    # Seconds that a bulk job with effects outside waits before it begins, and can be cancelled.
    bulk_countdown: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 30
    # A bulk job of more operations than this needs the consent of a second person.
    bulk_consent_above: Annotated[int, msgspec.Meta(ge=0)] = 1000
    # The same for one that moves more than this in any one currency.
    bulk_consent_sum: Annotated[int, msgspec.Meta(ge=0)] = 100_000
    # Operations a second that a bulk job with effects outside takes at most; 0: as many as can be.
    bulk_rate: Annotated[int, msgspec.Meta(ge=0)] = 0
    # For so many days the payloads of providers are kept; 0: as long as their signals.
    signal_payload_days: Annotated[int, msgspec.Meta(ge=0, le=36_500)] = 400
    # The entry point of `viertakt.re_ask` that is asked where the one that a kind names is not installed; empty: nobody is.
    re_ask: str = ""
    # Other limits by role, as JSON: {"payments": {"operations": 200, "sums": {"EUR": "50000"}, "rate": 20}}.
    bulk_roles: str = ""


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; raises `Invalid` with every fault at once: unknown names, values of a wrong type."""
    given = {k: v for k, v in (os.environ if environ is None else environ).items() if k.startswith(PREFIX)}
    faults: list[errors.Fault] = []
    values: dict[str, str] = {}
    for variable, raw in sorted(given.items()):
        name = variable.removeprefix(PREFIX).lower()
        secret = name.removesuffix("_file")
        if variable in OTHERS:
            continue
        if name in Settings.__struct_fields__:
            values[name] = raw
        elif secret in SECRETS and name.endswith("_file"):
            values[secret] = _read_secret(variable, raw, given, faults)
        else:
            faults.append(_unknown(variable))
    settings = _convert(values, faults)
    if faults:
        raise errors.Invalid(
            "The environment is not usable: " + " ".join(f.detail for f in faults), faults=tuple(faults)
        )
    return settings


def _convert(values: dict[str, str], faults: list[errors.Fault]) -> Settings:
    """Settings of all values that fit; each that does not adds a fault."""
    fit: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        if field.name not in values:
            continue
        raw = values[field.name]
        try:
            if field.type is Path:
                fit[field.name] = Path(raw).expanduser()
            else:
                fit[field.name] = msgspec.convert(
                    int(raw) if raw.isdecimal() else raw, field.type, strict=False
                )
        except msgspec.ValidationError as fault:
            variable = PREFIX + field.name.upper()
            shown = None if field.name in SECRETS else raw
            detail = f"{variable} does not read: {fault}."
            faults.append(
                errors.Fault(pointer=f"/{variable}", code="invalid_setting", detail=detail, value=shown)
            )
    return Settings(**fit)  # type: ignore[arg-type]


def _read_secret(variable: str, path: str, given: Mapping[str, str], faults: list[errors.Fault]) -> str:
    """The content of the file without its last line end; both a value and a file is a fault."""
    plain = variable.removesuffix("_FILE")
    if plain in given:
        detail = f"Both {plain} and {variable} are set; keep one."
        faults.append(errors.Fault(pointer=f"/{variable}", code="two_settings", detail=detail))
    try:
        return Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as fault:
        detail = f"{variable} names {path}, which cannot be read: {fault.strerror}."
        faults.append(
            errors.Fault(pointer=f"/{variable}", code="unreadable_secret", detail=detail, value=path)
        )
        return ""


def _unknown(variable: str) -> errors.Fault:
    known = {PREFIX + name.upper() for name in Settings.__struct_fields__} | OTHERS
    known |= {f"{PREFIX}{name.upper()}_FILE" for name in SECRETS}
    meant = difflib.get_close_matches(variable, sorted(known), n=1, cutoff=0.6)
    remedy = f"Did you mean {meant[0]}?" if meant else "Known are " + ", ".join(sorted(known)) + "."
    detail = f"There is no setting {variable}. {remedy}"
    return errors.Fault(
        pointer=f"/{variable}", code="unknown_setting", detail=detail, value=variable, remedy=remedy
    )
