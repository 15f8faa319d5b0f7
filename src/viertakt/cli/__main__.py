"""`python -m viertakt.cli`, where the command itself is not on the path."""

from viertakt.cli.door import main

main()
