"""The contract as OpenAPI 3.1, made from the table of routes: `python -m viertakt.api.openapi > openapi.json`.

The schemas come from the structs that read and write the bodies, so the contract says what is kept and nothing else.
"""

import re
import sys
from typing import Any

import msgspec

from viertakt.api import replies
from viertakt.api.problems import STATUS
from viertakt.api.route import Answers, Route
from viertakt.api.routes import ROUTES
from viertakt.reports.catalogue import REPORTS

REFERENCES = "#/components/schemas/{name}"
PROBLEM_TYPE = "application/problem+json"

DESCRIPTION = """One status engine for every operation of a back office.

Errors are problem documents (RFC 9457) with a stable `code`. Every write takes an `Idempotency-Key`: the same key and
body again get the first successful answer with `Idempotent-Replayed: true`, another body is refused, and a refusal is
decided anew. Money is a decimal string with its ISO 4217 currency; times are RFC 3339 in UTC; ids are UUIDv7.
Unknown fields and unknown parameters are refused."""

REFUSED = {
    400: "The request cannot be read: broken JSON, a bad header, query or cursor.",
    401: "Nobody known calls.",
    403: "The caller may not.",
    404: "Nothing there that the caller may see.",
    409: "The world is not as the request expects: reload and decide again.",
    412: "The operation has moved on since it was read.",
    413: "Too many bytes.",
    415: "Another content type, charset or encoding than this takes.",
    422: "The request itself is wrong; `errors` points at each fault.",
    429: "Too many at once; `Retry-After` says when to come again.",
}
HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {"description": "The operation's version, quoted.", "schema": {"type": "string"}},
    "Location": {
        "description": "Where to go on: where the operation is read, or the next page.",
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "An earlier request with this key did it.",
        "schema": {"type": "string", "const": "true"},
    },
    "Content-Disposition": {
        "description": "Of a file: its name, with the report and its first and last day.",
        "schema": {"type": "string"},
    },
    "Journal-Position": {
        "description": "Of a file: where in the journal it is exact.",
        "schema": {"type": "string"},
    },
    "Set-Cookie": {"description": "The session's cookie.", "schema": {"type": "string"}},
}
KEY_PARAMETER = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Your name for this request; item i of a batch has key/i.",
    "schema": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
    "example": "payout-1001-send",
}
IF_MATCH_PARAMETER = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag it was read with; refused with `stale` when it has moved on since.",
    "schema": {"type": "string", "pattern": '^("[1-9][0-9]{0,8}"|[*])$'},
    "example": '"3"',
}
PATH_PARAMETERS: dict[str, dict[str, Any]] = {
    "id": {"schema": {"type": "string", "format": "uuid"}, "example": replies.EXAMPLE_ID},
    "endpoint": {"schema": {"type": "string", "format": "uuid"}, "example": replies.EXAMPLE_ID},
    "approval": {"schema": {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}, "example": 42},
    "session": {"schema": {"type": "string", "format": "uuid"}, "example": replies.EXAMPLE_ID},
    "provider": {"schema": {"type": "string"}, "example": "company"},
    "grant": {"schema": {"type": "string", "pattern": "^[0-9]{1,18}$"}, "example": "17"},
    "person": {
        "schema": {"type": "string", "maxLength": 100},
        "example": f"person:{replies.EXAMPLE_ID}",
    },
    "source": {"schema": {"type": "string", "pattern": "^[a-z][a-z0-9_-]{0,39}$"}, "example": "stripe"},
    "secret": {"schema": {"type": "string", "format": "uuid"}, "example": replies.EXAMPLE_ID},
    "number": {"schema": {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}, "example": 42},
    "role": {"schema": {"type": "string"}, "example": "payments"},
    "link": {"schema": {"type": "string"}, "example": f"{replies.EXAMPLE_ID}.secret"},
    "kind": {"schema": {"type": "string"}, "example": "withdrawal"},
    "name": {"schema": {"type": "string", "enum": list(REPORTS)}, "example": "statuses"},
}
NUMBER_MAX = 2**53 - 1
KEEPABLE = "^[^\\u0000]*$"  # the database keeps no NUL, so no text and no name here holds one
VALUE = {
    "description": "Any JSON value; numbers up to 2^53 - 1, nesting up to 64.",
    "anyOf": [
        {"type": "string", "pattern": KEEPABLE},
        {"type": "number", "minimum": -NUMBER_MAX, "maximum": NUMBER_MAX},
        {"type": "boolean"},
        {"type": "null"},
        {"type": "array", "items": {"$ref": "#/components/schemas/Value"}},
        {
            "type": "object",
            "additionalProperties": {"$ref": "#/components/schemas/Value"},
            "maxProperties": 1000,
        },
    ],
}
# Control, invisible and direction characters, as far as the basic plane goes; and no blanks at an end.
_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
)
IDENTIFIER = {
    "description": "What names something: no control, invisible or direction characters, no blanks at an end.",
    "type": "string",
    "minLength": 1,
    "maxLength": 200,
    "pattern": rf"^[^{_UNSEEN}\s]([^{_UNSEEN}]*[^{_UNSEEN}\s])?$",
}
TOKEN_PARAMETER = {"schema": {"type": "string"}, "example": f"token:{replies.EXAMPLE_ID}"}


def contract() -> dict[str, Any]:
    """The whole document."""
    schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Viertakt",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "vt_…, shown once when issued."},
                "session": {"type": "apiKey", "in": "cookie", "name": "viertakt"},
            },
        },
    }


def contract_bytes() -> bytes:
    """The document as it is committed: indented, with a line end."""
    return msgspec.json.format(msgspec.json.encode(contract()), indent=1) + b"\n"


class _Schemas(msgspec.Struct):
    by_type: dict[Any, dict[str, Any]]
    components: dict[str, Any]


def _schemas() -> _Schemas:
    """The schema of every type on the wire, shared ones as components."""
    types: list[Any] = [replies.Problem]
    for route in ROUTES:
        types += [route.query] + ([route.body] if route.body is not None else [])
        types += [answers.type for answers in route.answers.values() if answers.type not in {None, dict}]
    unique = list(dict.fromkeys(types))
    made, components = msgspec.json.schema_components(unique, ref_template=REFERENCES)
    queries = {route.query.__name__ for route in ROUTES}
    kept = {name: _as_kept(schema) for name, schema in sorted(components.items()) if name not in queries}
    by_type = dict(zip(unique, map(_as_kept, made), strict=True))
    for route in ROUTES:
        by_type[route.query] = _as_kept(components[route.query.__name__])
    kept["Value"] = VALUE
    kept["Identifier"] = IDENTIFIER
    kept["Problem"]["properties"]["code"]["examples"] = sorted(STATUS)
    return _Schemas(by_type, kept)


def _as_kept(schema: Any) -> Any:
    """The schema in the words of other languages, and with the limits that hold for every body."""
    if isinstance(schema, list):
        return [_as_kept(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _as_kept(part) for name, part in schema.items()}
    if isinstance(kept.get("pattern"), str):
        kept["pattern"] = kept["pattern"].replace("\\Z", "$")
    if kept.get("$ref", "").endswith("/Identifier"):
        return {"$ref": kept["$ref"]} | {
            name: kept[name] for name in ("description", "examples") if name in kept
        }
    if kept.get("type") == "string" and not kept.keys() & {"pattern", "enum", "const", "format"}:
        kept["pattern"] = KEEPABLE
    if kept.get("type") == "object" and isinstance(kept.get("additionalProperties"), dict):
        kept["propertyNames"] = {"pattern": KEEPABLE}
    if isinstance(kept.get("description"), str):
        kept["description"] = re.sub(r"\s*\n\s*", " ", kept["description"]).strip()
    return kept


def _operation(route: Route, schemas: _Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.operation_id,
        "summary": route.summary,
        "description": (route.handler.__doc__ or route.summary).strip(),
        "tags": [route.tag],
        "parameters": [*_path_parameters(route), *_query_parameters(route, schemas)],
        "responses": {},
        "security": [] if route.open_to_all else [{"token": []}, {"session": []}],
    }
    if route.keyed:
        operation["parameters"].append(KEY_PARAMETER)
    if route.if_match:
        operation["parameters"].append(IF_MATCH_PARAMETER)
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _request_content(route, schemas)}
    if route.raw:
        operation["requestBody"] = {"required": True, "content": {"*/*": {"schema": {}}}}
    for status, answers in route.answers.items():
        operation["responses"][str(status)] = _answer(answers, schemas)
    for status in route.refusals:
        operation["responses"][str(status)] = {
            "description": REFUSED[status],
            "content": {PROBLEM_TYPE: {"schema": {"$ref": REFERENCES.format(name="Problem")}}},
        }
    return operation


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", route.path)
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            **(TOKEN_PARAMETER if route.tag == "tokens" else PATH_PARAMETERS[name]),
        }
        for name in names
    ]


def _query_parameters(route: Route, schemas: _Schemas) -> list[dict[str, Any]]:
    schema = schemas.by_type[route.query]
    parameters = []
    for name, part in schema.get("properties", {}).items():
        # A parameter that is left out is simply not there: null is a matter of the struct, not of the wire.
        wanted = dict(part)
        options = [option for option in wanted.get("anyOf", []) if option != {"type": "null"}]
        if options:
            wanted = {**options[0], **{key: value for key, value in wanted.items() if key != "anyOf"}}
        if wanted.get("default", ...) is None:
            del wanted["default"]
        description = wanted.pop("description", name)
        parameters.append({"name": name, "in": "query", "description": description, "schema": wanted})
    return parameters


def _request_content(route: Route, schemas: _Schemas) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for media_type in route.body_types:
        if media_type == "application/json":
            content[media_type] = {"schema": schemas.by_type[route.body], "example": route.example}
        else:
            content[media_type] = {"schema": schemas.by_type[route.body]}
    return content


def _answer(answers: Answers, schemas: _Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": answers.description}
    if answers.headers:
        answer["headers"] = {name: HEADERS[name] for name in answers.headers}
    if answers.type is dict:
        answer["content"] = {"application/json": {"schema": {"type": "object"}}}
    elif answers.type is not None:
        answer["content"] = {answers.media_type: {"schema": schemas.by_type[answers.type]}}
        file = {"schema": {"type": "string", "format": "binary"}}
        answer["content"] |= dict.fromkeys(answers.file_types, file)
    return answer


if __name__ == "__main__":
    sys.stdout.buffer.write(contract_bytes())
