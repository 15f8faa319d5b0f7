"""The HTTP door: parse, authenticate, run one action, answer.

Lives here: what is on the wire (`wire`, `shapes`), the table of routes (`route`, `routes/*`), strict reading of bodies
and headers (`bodies`, `headers`), who calls (`credentials`), refusals as problem documents (`problems`), the contract
(`openapi`), the application (`app`) and its server (`server`), the console's files (`console`).
Does not live here: any decision about operations, kinds or people, and any SQL.
May ask: `wiring` for the running parts, and every slice's actions.
"""
