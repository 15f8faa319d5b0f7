"""Bodies, read strictly: raw bytes are judged before anything is built from them.

Refused before the type is even looked at: another content type or encoding, too many bytes (by Content-Length, and
while they arrive), a byte order mark, bytes that are no UTF-8, nesting deeper than 64, more than 1,000 keys in one
object, a key that stands twice, NUL and lone surrogates, NaN, Infinity, and numbers that JSON readers disagree about.
Each of these became a 500, or was quietly read as something else, in other people's servers.
"""

import json
import math
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import msgspec

from viertakt.api import refusals
from viertakt.api.refusals import ClientGone, Malformed, TooLarge, UnsupportedMediaType
from viertakt.errors import Fault, Invalid

DEPTH_MAX = 64
KEYS_MAX = 1_000
INTEGER_MAX = 2**53 - 1
INTEGER_DIGITS_MAX = 17

# A string to its end, or to the body's: the closing quote is optional and nothing is given back, so that no body makes
# the search start over (it would, once for each quote of a text that never ends).
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_INNERMOST = re.compile(rb"\[\]|\{\}")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_INDEX = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


async def read_body(receive: Receive, headers: Mapping[bytes, bytes], *, bytes_max: int) -> bytes:
    """The whole body, never more than `bytes_max` of it. Raises `TooLarge`, `Malformed`, `ClientGone`."""
    announced = headers.get(b"content-length", b"")
    if announced:
        if not announced.isdigit():
            raise Malformed("Content-Length is no number.")
        if len(announced) > 15 or int(announced) > bytes_max:
            raise _too_large(bytes_max)
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body"):
        chunks, length = [body], len(body)
        while message.get("more_body"):
            message = await receive()
            chunks.append(message.get("body", b""))
            length += len(chunks[-1])
            if length > bytes_max:
                raise _too_large(bytes_max)
        body = b"".join(chunks)
    if message["type"] == "http.disconnect":
        raise ClientGone
    if len(body) > bytes_max:
        raise _too_large(bytes_max)
    return body


def check_media_type(headers: Mapping[bytes, bytes], accepted: tuple[str, ...]) -> str:
    """The content type without its parameters. Raises `UnsupportedMediaType` for another type, charset or encoding."""
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        raise UnsupportedMediaType("Compressed bodies are not read; send it as it is.")
    given = headers.get(b"content-type", b"").decode("latin-1").lower()
    if given == accepted[0]:
        return given
    essence, _, parameters = (part.strip() for part in given.partition(";"))
    charset = parameters.partition("charset=")[2].strip('" ') if "charset=" in parameters else "utf-8"
    if essence not in accepted or charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType(
            f"This takes {' or '.join(accepted)} in UTF-8, not {given or 'a body without a content type'!r}."[
                :300
            ]
        )
    return essence


def read_text(raw: bytes) -> str:
    """The text of a body. Raises `Malformed` where it is no plain UTF-8."""
    if raw.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Malformed("The body begins with a byte order mark; send plain UTF-8.")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"Byte {error.start} of the body is no UTF-8.") from None


def read_json(raw: bytes) -> Any:
    """The plain values of a JSON body. Raises `Malformed` and its kin, and `InvalidCharacters`."""
    text = read_text(raw)
    if raw.count(b"[") + raw.count(b"{") > DEPTH_MAX and _is_too_deep(raw):
        raise refusals.TooComplex(f"The body is nested deeper than {DEPTH_MAX}.")
    try:
        tree = _decoder.decode(text)
    except json.JSONDecodeError as error:
        raise Malformed(
            f"This is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise refusals.TooComplex(f"The body is nested deeper than {DEPTH_MAX}.") from None
    if b"\\u" in raw:  # written out, NUL and surrogates pass for text; raw, they could not have come this far
        faults = tuple(
            Fault(pointer, "invalid_characters", "NUL and lone surrogates are no text.")
            for pointer in _unkeepable(tree, "")
        )
        if faults:
            raise refusals.InvalidCharacters("A text holds characters that are none.", faults=faults)
    return tree


def convert(tree: Any, wanted: Any, *, strict: bool = True, where: str = "body") -> Any:
    """The values as the struct a route takes. Raises `Invalid` with a JSON Pointer and what was expected."""
    try:
        return msgspec.convert(tree, wanted, strict=strict)
    except msgspec.ValidationError as error:
        fault = _fault(str(error))
        raise Invalid(f"The {where} is not as this route takes it: {fault.detail}", faults=(fault,)) from None


def _is_too_deep(raw: bytes) -> bool:
    """Whether brackets are nested deeper than `DEPTH_MAX`, strings left out. Peels one level a round, in C."""
    brackets = _STRING.sub(b"", raw).translate(None, _NO_BRACKETS)
    for _ in range(DEPTH_MAX):
        peeled = _INNERMOST.sub(b"", brackets)
        if len(peeled) == len(brackets):
            # Not balanced, so it is no JSON and the parser will say so, if it can go that deep.
            return brackets.count(b"[") + brackets.count(b"{") > DEPTH_MAX
        brackets = peeled
    return bool(brackets)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(pairs) > KEYS_MAX:
        raise refusals.TooComplex(f"An object has more than {KEYS_MAX:,} keys.")
    if len(members) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        shown = twice.encode("utf-8", "replace").decode()[:100]
        raise refusals.DuplicateKey(
            f"The key {shown!r} stands twice in one object; readers disagree on which counts."
        )
    return members


def _integer(text: str) -> int:
    if len(text) > INTEGER_DIGITS_MAX or abs(int(text)) > INTEGER_MAX:
        raise refusals.InvalidNumber("A whole number goes up to 2^53 - 1; send greater ones as text.")
    return int(text)


def _float(text: str) -> float:
    number = float(text) if len(text) <= 400 else math.inf
    if not abs(number) <= INTEGER_MAX:
        raise refusals.InvalidNumber("A number goes up to 2^53 - 1; send greater ones as text.")
    return number


def _constant(text: str) -> float:
    raise refusals.InvalidNumber(f"{text} is no number in JSON.")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)


def _unkeepable(value: Any, pointer: str) -> Iterator[str]:
    match value:
        case str():
            if _UNKEEPABLE.search(value):
                yield pointer
        case dict():
            for name, member in value.items():
                if _UNKEEPABLE.search(name):
                    yield pointer
                else:
                    yield from _unkeepable(member, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}")
        case list():
            for place, member in enumerate(value):
                yield from _unkeepable(member, f"{pointer}/{place}")


def _fault(message: str) -> Fault:
    """msgspec's complaint as ours: "Expected `str`, got `int` - at `$.items[0].reason`"."""
    said, _, at = message.partition(" - at `")
    pointer = "".join(f"/{name or index}" for name, index in _INDEX.findall(at.rstrip("`")))
    named = re.search(r"(?:unknown|required) field `([^`]*)`", said)
    if named:
        pointer += "/" + named[1].replace("~", "~0").replace("/", "~1")
    detail = said + "."
    if "unknown field" in said:
        return Fault(
            pointer, "unknown_field", detail, remedy="Leave it out, or look at openapi.json for its name."
        )
    if "required field" in said:
        return Fault(pointer, "required", detail)
    if "/amount" in pointer:
        return Fault(
            pointer, "invalid_amount", detail, remedy='An amount is {"value": "12.50", "currency": "EUR"}.'
        )
    if "Invalid enum value" in said:
        return Fault(pointer, "unknown_value", detail)
    if "of length" in said:
        return Fault(pointer, "invalid_length", detail)
    return Fault(pointer, "invalid_value", detail)


def _too_large(bytes_max: int) -> TooLarge:
    return TooLarge(f"This takes at most {bytes_max:,} bytes.", bytes_max=bytes_max)
