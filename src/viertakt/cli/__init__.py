"""The command line: `viertakt NOUN VERB`, a thin door like any other.

Lives here: the commands (one file a noun), what they share — flags (`flags`), the database in use (`place`), what they
print (`output`), their log (`logs`) —, and `door`, the one place that turns a refusal into a sentence and an exit status.
Does not live here: anything a command does; each reads its flags, asks one action and prints the answer.
May ask: everybody. Data goes to stdout and talk to stderr; exit 0 done, 1 refused, 2 misused.

`viertakt --help` must answer at once, so what a command needs is imported inside it.
"""

from viertakt.cli.door import main

__all__ = ["main"]
