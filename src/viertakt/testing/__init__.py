"""For the tests of those who use Viertakt: a pytest plugin with a real back office, and a clock that the test holds.

    def test_a_solved_ticket_closes_by_itself(viertakt):
        ticket = viertakt.client.open("ticket", reference="case-1")
        viertakt.client.outcome(ticket.id, "success")
        viertakt.advance(timedelta(days=5))
        assert_history(viertakt.client, ticket.id, ["new", "solve > solved", "close > closed"])

What lives here: the fixture `viertakt` (`plugin`), what it gives (`back_office`), `assert_history`. What does not: a fake of
anything. It is the real server on a real PostgreSQL, of which each test gets a database of its own.
"""

from viertakt.testing.back_office import BackOffice, assert_history

__all__ = ["BackOffice", "assert_history"]
