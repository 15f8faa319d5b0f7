"""An authenticator's codes (TOTP, RFC 6238: SHA-1, six digits, thirty seconds) and the recovery codes beside it.

SHA-1 and six digits because every authenticator app knows them, and several know nothing else. A code is taken one step
early or late: clocks differ, and people type slowly.
"""

import hashlib
import io
import re
import secrets
from collections.abc import Iterable

import pyotp
import segno

ISSUER = "Viertakt"
STEP_SECONDS = 30
STEPS_AROUND = (0, -1, 1)
RECOVERY_CODES = 10
_DIGITS = re.compile(r"[0-9]{6}")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read for another; 5 bits each
_GROUPS, _GROUP = 6, 4


def new_secret() -> str:
    """160 random bits in base32, as an authenticator takes them."""
    return pyotp.random_base32()


def otpauth_uri(secret: str, *, account: str) -> str:
    """What an authenticator reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def qr_svg(uri: str) -> str:
    """The QR code as an SVG document without a size of its own, black on nothing."""
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(drawn, kind="svg", xmldecl=False, nl=False, omitsize=True, border=2)
    return drawn.getvalue().decode("ascii")


def accepted_step(secret: str, code: str, *, now: float, last_step: int) -> int | None:
    """The time step whose code this is; None for another code, and for one that was accepted before.

    `now`: seconds since 1970. `last_step`: the last step that was accepted; an earlier one is a replay.
    """
    if not _DIGITS.fullmatch(code):
        return None
    totp = pyotp.TOTP(secret)
    for offset in STEPS_AROUND:
        step = int(now // STEP_SECONDS) + offset
        if secrets.compare_digest(totp.generate_otp(step), code):
            return step if step > last_step else None
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes of 120 random bits, in groups that can be read aloud; shown once."""
    return tuple(
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        for _ in range(RECOVERY_CODES)
    )


def recovery_hash(code: str) -> bytes:
    """The form in which a recovery code is kept; random enough to need neither salt nor slowness."""
    return hashlib.sha256(b"recovery:" + plain_code(code).encode("utf-8", "replace")).digest()


def recovery_hashes(codes: Iterable[str]) -> list[bytes]:
    """The same for all of them."""
    return [recovery_hash(code) for code in codes]


def plain_code(code: str) -> str:
    """A code without what people type between its groups."""
    return re.sub(r"[\s-]", "", code).upper()
