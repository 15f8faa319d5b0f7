"""WHO may act: people, roles, tokens, sessions, and the decision whether somebody may.

Lives here: the actors (`model`), the decision about a right (`rules`), passwords, authenticators, secrets and the brake on
guessing them (`passwords`, `second_factor`, `secret_text`, `sealing`, `brake`), OpenID providers (`providers…`), what the
tables hold (`store`, `…_store`), and what a door asks for (`actions`, `signing_in…`, `accounts`).
Does not live here: what a kind permits (`kinds`, `operations.rules`), cookies and headers (`api`).
May ask: `language`, `db`, `settings`, `errors`.
"""
