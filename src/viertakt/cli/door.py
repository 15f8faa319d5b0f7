"""Runs one command and turns however it ends into an exit status; nobody is shown a traceback.

done                     0
refused                  1    the refusal's sentence, and each fault on a line of its own
misused                  2    a sentence about the command line or the environment, or what is wrong with what was typed in
interrupted (Ctrl-C)   130    what was started has been stopped
a bug                    1    a sentence that names it; VIERTAKT_TRACEBACK=1 shows the whole of it
"""

import os
import sys
from collections.abc import Sequence

import typer
from typer._click.exceptions import ClickException

from viertakt.cli.program import app

DONE, REFUSED, MISUSED, INTERRUPTED = 0, 1, 2, 130


def main() -> None:
    """The entry point of the command `viertakt`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """The exit status of one command line."""
    try:
        return int(app(list(arguments), prog_name="viertakt", standalone_mode=False) or DONE)
    except ClickException as misuse:
        # Its own words: usage, where help is, and the fault.
        misuse.show()
        return MISUSED
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # `viertakt operations list | head`: whoever read has seen enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the edge: whatever a command dies of, its user gets a sentence
        return _refused(error)


def _refused(error: Exception) -> int:
    from psycopg import Error

    from viertakt.cli.output import talk
    from viertakt.errors import Invalid, ViertaktError

    if os.environ.get("VIERTAKT_TRACEBACK"):
        raise error
    if isinstance(error, ViertaktError):
        talk(error.detail)
        for fault in error.faults if len(error.faults) > 1 else ():
            talk(f"  {fault.pointer or '/'}: {fault.detail} {fault.remedy or ''}".rstrip())
        return MISUSED if isinstance(error, Invalid) else REFUSED
    if isinstance(error, Error):
        talk(f"The database refused: {str(error).strip() or type(error).__name__}.")
    elif isinstance(error, OSError):
        talk(f"The system refused: {error}.")
    else:
        talk(f"This is a fault of ours ({type(error).__name__}: {error}). VIERTAKT_TRACEBACK=1 shows where.")
    return REFUSED
