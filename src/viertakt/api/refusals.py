"""Refusals that only the door knows: a request that cannot be read, or goes nowhere.

ViertaktError
├── Malformed               the bytes are no request we read; `code` says what is wrong with them
├── TooLarge                more bytes than this route takes
├── UnsupportedMediaType    another content type or encoding than this route takes
├── NoRoute                 nothing answers at this path
├── MethodNotAllowed        this path answers other methods
└── NotSameOrigin           a cookie was sent from somewhere else than the console
"""

from viertakt.errors import Fault, Forbidden, Invalid, NotFound, ViertaktError


class Malformed(ViertaktError):
    code = "malformed_json"


class TooComplex(Malformed):
    code = "too_complex"


class DuplicateKey(Malformed):
    code = "duplicate_key"


class InvalidNumber(Malformed):
    code = "invalid_number"


class InvalidHeader(Malformed):
    code = "invalid_header"


class TwoCredentials(Malformed):
    code = "two_credentials"


class InvalidCharacters(Invalid):
    code = "invalid_characters"


class TooLarge(ViertaktError):
    code = "payload_too_large"


class TargetTooLong(ViertaktError):
    code = "uri_too_long"


class HeadersTooLarge(ViertaktError):
    code = "headers_too_large"


class UnsupportedMediaType(ViertaktError):
    code = "unsupported_media_type"


class NoRoute(NotFound):
    code = "no_route"


class MethodNotAllowed(ViertaktError):
    code = "method_not_allowed"


class NotSameOrigin(Forbidden):
    code = "not_same_origin"


class ClientGone(Exception):
    """The caller hung up before its request was whole."""


def invalid(pointer: str, code: str, detail: str) -> Invalid:
    """One fault of what was sent, as a refusal."""
    return Invalid(detail, faults=(Fault(pointer, code, detail),))
