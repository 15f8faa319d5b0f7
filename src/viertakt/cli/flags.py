"""The flags that several commands share, each with the environment variable that is its twin."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="VIERTAKT_DATA",
        metavar="DIR",
        show_default=False,
        help="Folder of the embedded database [default: /var/lib/viertakt, or ~/.local/share/viertakt].",
    ),
]
Host = Annotated[
    str | None,
    typer.Option(
        "--host",
        metavar="HOST",
        envvar="VIERTAKT_HOST",
        help="Address to listen on [default: 127.0.0.1].",
        show_default=False,
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        metavar="N",
        envvar="VIERTAKT_PORT",
        min=0,
        max=65535,
        show_default=False,
        help="Port to listen on [default: 8484]; 0 takes a free one.",
    ),
]
NUMBER_MAX = 2**53 - 1  # of what is counted; the contract's bound
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]
