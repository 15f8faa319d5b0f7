"""`bench`: the measurements in bench/, ours beside the same work by other means."""

from typing import Annotated

import typer

from viertakt.cli import flags


def add_to(app: typer.Typer) -> None:
    """This command, without a noun before it."""
    app.command()(bench)


def bench(
    *,
    only: Annotated[
        str | None, typer.Option("--only", metavar="LIST", help="Some of them, such as P1,P5.")
    ] = None,
    as_json: flags.Json = False,
) -> None:
    """Run the measurements of this checkout, each with its ratio; with --json the last line holds them all."""
    import subprocess
    import sys
    from pathlib import Path

    import viertakt
    from viertakt.errors import NotFound

    checkout = Path(viertakt.__file__).resolve().parents[2]
    if not (checkout / "bench" / "__main__.py").is_file():
        raise NotFound(
            "The measurements are not installed with the product: run this from a checkout that has bench/."
        )
    arguments = [*(["--only", only] if only else []), *(["--json"] if as_json else [])]
    done = subprocess.run([sys.executable, "-m", "bench", *arguments], cwd=checkout, check=False)  # noqa: S603
    raise typer.Exit(done.returncode)
