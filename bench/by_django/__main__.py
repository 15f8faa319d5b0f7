"""One process of the Django side: `fill` makes and fills its tables, `move` moves for a while and prints the rate."""

import json
import random
import sys
import time
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import django
from django.conf import settings

WARM_UP_SECONDS = 1.0


def configure(url: str) -> None:
    """A site with nothing but what the work needs, on this database, with connections that stay open."""
    parts = urlsplit(url)
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": parts.path[1:],
                "USER": parts.username,
                "HOST": parse_qs(parts.query)["host"][0],
                "CONN_MAX_AGE": None,
            }
        },
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django_fsm",
            "django_fsm_log",
            "bench.by_django",
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()


def fill(operations: int) -> float:
    """Tables, a user, and so many operations."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.utils.timezone import now

    from bench.by_django.models import Operation

    call_command("migrate", run_syncdb=True, verbosity=0)
    User.objects.create_user("bench")
    at = now()
    Operation.objects.bulk_create(
        Operation(
            id=n + 1, kind="withdrawal", reference=f"W-{n}", subject=f"player-{n % 5_000}", amount="12.50",
            currency="EUR", version=1, created_at=at, changed_at=at,
        )
        for n in range(operations)
    )  # fmt: skip
    return 0


def move(*, operations: int, seconds: float, threads: int, part: int, parts: int) -> float:
    """Moves per second of some threads, each with operations of its own."""
    from django.contrib.auth.models import User

    from bench.by_django.models import move_operation

    user = User.objects.get()
    counts = [0] * threads
    stopped = False

    def work(thread: int) -> None:
        mine = range(1 + part * threads + thread, operations + 1, threads * parts)
        while not stopped:
            move_operation(random.choice(mine), user, uuid4())
            counts[thread] += 1

    running = [Thread(target=work, args=(n,)) for n in range(threads)]
    for thread in running:
        thread.start()
    time.sleep(WARM_UP_SECONDS)
    before, begun_at = sum(counts), time.perf_counter()
    time.sleep(seconds)
    rate = (sum(counts) - before) / (time.perf_counter() - begun_at)
    stopped = True
    for thread in running:
        thread.join()
    return rate


def main() -> None:
    """Run the command in the arguments."""
    asked: dict[str, Any] = json.loads(sys.argv[2])
    configure(asked.pop("url"))
    print(fill(**asked) if sys.argv[1] == "fill" else move(**asked))


if __name__ == "__main__":
    main()
