"""The guide's sixty questions, asked of a small back office: each finds exactly what it says."""

import re
from zoneinfo import ZoneInfo

from psycopg import sql

from tests.language.office import open_office
from tests.language.rows import NOON
from tests.tidy.tree import ROOT
from viertakt.db.pool import Connection
from viertakt.kinds.actions import install_builtin
from viertakt.kinds.searchable import search_fields
from viertakt.language import parse, to_sql, to_text
from viertakt.language.fields import FIELDS, FLAGS, HAS

PAGE = ROOT / "docs/guide/find-anything.md"
LINE = re.compile(r"^\| (?P<english>[^|]+) \| (?P<dutch>[^|]+) \| `(?P<query>[^`]+)` \|$", re.MULTILINE)
# By query, the references in order.
FOUND = {
    "W-1001": "W-1001",
    "w-1001": "W-1001",
    "1001": "W-1001",
    "po_9x": "W-1004",
    "subject:player-7": "B-4001 B-4002 D-2001 K-3001 W-1001 W-1003",
    "jansen": "R-6001",
    "anna@example.com": "T-5001",
    "D-2001 kind:refund": "R-6001",
    "reference:D-2001": "D-2001",
    "reference:W-1001,W-1002,D-2001": "D-2001 W-1001 W-1002",
    "kind:withdrawal status:pending": "W-1001 W-1002 W-1003 W-1006 W-1008",
    "status:error": "D-2003 W-1007",
    "status:error,rejected": "D-2003 D-2004 W-1005 W-1007",
    "waiting_on:operator": "D-2002 G-7001 K-3001 W-1001",
    "waiting_on:customer": "B-4002 W-1002",
    "is:open -waiting_on:operator": "B-4002 R-6001 T-5001 W-1002 W-1003 W-1006 W-1008",
    "stage:under_review,awaiting_documents": "W-1001 W-1002",
    "kind:withdrawal amount>=1000EUR": "W-1001 W-1003 W-1008",
    "amount:950EUR..999.99EUR": "W-1005",
    "amount:..50EUR": "B-4001 B-4002 D-2004 R-6001 W-1006",
    "currency:* -currency:EUR": "D-2003 W-1007",
    "-has:amount": "K-3001 K-3002 T-5001 T-5002",
    "created:2026-11-22": "D-2001 D-2002 D-2004 W-1003 W-1007",
    "created:2026-11-21": "D-2003 K-3001 W-1001",
    "created>-6h": "D-2001 D-2002 W-1003",
    "created:2026-11-16..2026-11-22 kind:deposit": "D-2001 D-2002 D-2003 D-2004",
    "age>1w is:open": "G-7001 T-5001 W-1006 W-1008",
    "age:1d..3d": "K-3001 W-1001 W-1002 W-1004",
    "stage_time>2d is:open": "B-4002 G-7001 R-6001 T-5001 W-1008",
    "closed>-24h": "D-2001 D-2003 D-2004 W-1007",
    "is:overdue": "W-1003",
    "deadline:-0m..+1d": "B-4002",
    "is:stuck": "W-1003 W-1006",
    "is:open -has:deadline kind:withdrawal": "W-1001 W-1006 W-1008",
    "kind:withdrawal amount>1000EUR is:overdue": "W-1003",
    "is:contradiction": "D-2004",
    "is:reopened": "W-1006",
    "is:final": "T-5002 W-1005",
    "is:restricted": "W-1008",
    "has:children": "W-1001",
    "has:parent": "K-3001",
    "tag:vip": "T-5001 W-1001",
    "tag:* -tag:vip": "W-1004",
    "brand:casino-be": "W-1003",
    "kind:withdrawal brand:* -brand:casino-nl": "W-1003 W-1007",
    "attributes.method:card,wallet": "D-2001 D-2002 R-6001 W-1002 W-1005",
    "attributes.country:NL": "D-2001 K-3001 W-1001 W-1002 W-1004 W-1005 W-1006",
    "attributes.wagering_open:true": "W-1005",
    "attributes.wagering_factor>10": "B-4001",
    "attributes.document_expires_on:2026-11-01..2026-11-30": "K-3002",
    "kind:kyc attributes.attempt>=2": "K-3001",
    "kind:dispute attributes.respond_by<+3d": "G-7001",
    "attributes.urgent:true -attributes.channel:chat": "T-5001",
    "path:under_review>approved": "W-1004 W-1006",
    "path:requested>approved": "W-1003 W-1007",
    "path:sending>paid>releasing": "W-1006",
    "was:under_review kind:withdrawal": "W-1001 W-1002 W-1004 W-1005 W-1006 W-1008",
    "reason:fraud": "W-1005",
    "waiting_on:operator (amount>=1000EUR OR stage_time>24h)": "G-7001 W-1001",
    "subject:player-7 is:open NOT (kind:bonus OR kind:ticket)": "K-3001 W-1001 W-1003",
}


def questions() -> list[str]:
    _, _, table = PAGE.read_text(encoding="utf-8").partition("## Sixty questions")
    return [line["query"] for line in LINE.finditer(table)]


def found(conn: Connection) -> dict[str, str]:
    """What each question finds, in order of references."""
    install_builtin(conn)
    names = open_office(conn)
    fields = search_fields(conn)
    answers = {}
    for text in questions():
        query = parse(text, fields=fields)
        assert parse(to_text(query), fields=fields) == query, text
        condition, params = to_sql(query, NOON, ZoneInfo("Europe/Amsterdam"))
        statement = sql.SQL("SELECT o.operation_id FROM viertakt.operation AS o WHERE {}").format(condition)
        answers[text] = " ".join(sorted(names[row[0]] for row in conn.execute(statement, params)))
    return answers


def test_every_question_of_the_guide_finds_what_it_says(conn: Connection) -> None:
    """A guide whose examples do not work teaches people to distrust it."""
    assert found(conn) == FOUND


def test_the_guide_asks_sixty_questions() -> None:
    """Each once: a line that is there twice hides one that is missing."""
    assert len(questions()) == 60
    assert set(questions()) == FOUND.keys()


def test_the_guide_names_every_field_and_flag() -> None:
    """What is not written down is found by nobody."""
    text = PAGE.read_text(encoding="utf-8")
    named = [f"is:{flag}" for flag in FLAGS] + [f"has:{word}" for word in HAS]
    missing = [word for word in [*FIELDS, *named] if not re.search(rf"`{word}[`:>a]", text)]
    assert set(missing) <= {"is", "has"}, missing
