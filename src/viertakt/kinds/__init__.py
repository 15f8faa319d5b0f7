"""WHAT an operation can be: kinds as documents, their rules, and the reason catalogue.

Here live the nouns of a kind (`model`), its reading and writing (`document`), its judgement (`rules` and the files beside
it), the reasons and foreign codes (`reasons`), its graph (`flow`), differences (`diff`), and the published, immutable
versions (`actions` over `store`). The built-in kinds are `builtin/*.yaml`, nothing more.

Not here: operations and their moves (`operations`), who may do what (`access`). May ask `access`, `language`, `db`, `errors`.
"""
