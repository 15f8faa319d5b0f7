"""WHO may act: people, roles, tokens, sessions, and the decision whether somebody may.

Lives here: the actors (`model`), the decision about a right (`rules`), passwords, secrets and the brake on guessing
them (`passwords`, `secret_text`, `throttle`), what the tables hold (`store`), and what a door asks for (`actions`).
Does not live here: what a kind permits (`kinds`, `operations.rules`), cookies and headers (`api`).
May ask: `language`, `db`, `settings`, `errors`.
"""
