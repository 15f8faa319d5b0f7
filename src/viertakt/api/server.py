"""Serves the application: uvicorn with uvloop and httptools, and limits on everything a stranger can send."""

import socket

import uvicorn

from viertakt.api.app import App
from viertakt.wiring import Application

CONNECTIONS_MAX = 2_000
BACKLOG = 2_048
KEEP_ALIVE_SECONDS = 75  # longer than common proxies keep theirs, so that it is they who close
SHUTDOWN_SECONDS = 5


class Server(uvicorn.Server):
    """A server that ends its streams before it waits for requests under way: a stream never ends by itself."""

    def __init__(self, config: uvicorn.Config, application: Application) -> None:
        super().__init__(config)
        self._application = application

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: first what never ends, then the rest."""
        self._application.tail.end()
        self._application.bell.end()
        await super().shutdown(sockets)


def server(application: Application, *, host: str, port: int) -> uvicorn.Server:
    """A server that is not yet running; whoever runs it may also stop it by `should_exit`."""
    return Server(
        uvicorn.Config(
            App(application),
            host=host,
            port=port,
            loop="auto",
            http="httptools",
            ws="none",
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            date_header=True,
            limit_concurrency=CONNECTIONS_MAX,
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        ),
        application,
    )


def serve(application: Application, *, host: str, port: int) -> None:
    """Serve until told to stop (SIGINT, SIGTERM); requests under way are finished first."""
    server(application, host=host, port=port).run()
