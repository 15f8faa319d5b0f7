"""The examples of the guide page run as they stand, one after the other, against a real database."""

import re
from urllib.parse import urlencode

from psycopg.conninfo import conninfo_to_dict

from tests.host.conftest import by_django
from tests.operations.conftest import House, euros
from tests.tidy.tree import ROOT

PAGE = ROOT / "docs" / "guide" / "in-your-own-transaction.md"


def address(conninfo: str) -> str:
    """The same as an address: what a test's database is known by are keywords."""
    known = {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}
    return f"postgresql:///{known.pop('dbname')}?{urlencode(known)}"


def test_the_examples_run(house: House, name: str) -> None:
    """A reader copies them, and they work."""
    operation = house.open("withdrawal", name, amount=euros("120.00"))
    house.move(operation, "approve")
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    with by_django(house.url):
        for n, block in enumerate(blocks):
            known = {"DATABASE_URL": address(house.url), "operation_id": operation.id}
            exec(compile(block, f"{PAGE.name} {n}", "exec"), known)
    stages = house.sql("SELECT stage FROM viertakt.operation WHERE operation_id = %s", operation.id)
    assert stages == [("paid",)]
    notes = house.sql(
        "SELECT note FROM public.ledger WHERE note IN ('sent', 'paid', 'settled') ORDER BY note"
    )
    assert notes == [("paid",), ("sent",), ("settled",)]
