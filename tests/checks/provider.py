"""A provider in a process of its own: it keeps a ledger, pays once a key, and answers as it is told to.

    python provider.py LEDGER MODE

Each request is written to the ledger and flushed before anything is answered: `asked <key> <attempt> <signed>`; `paid
<key>` once. MODE is a file that says how it answers from now on: `cut` hangs up after paying, `hang` keeps waiting,
otherwise the JSON document that it answers with status 200; `202` alone says later.
"""

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

LEDGER, MODE = Path(sys.argv[1]), Path(sys.argv[2])


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        key = self.headers["idempotency-key"]
        note(f"asked {key} {body['data']['attempt']} {self.headers['webhook-signature'][:3]}")
        if f"paid {key}" not in LEDGER.read_text().splitlines():
            note(f"paid {key}")
        mode = MODE.read_text()
        if mode == "hang":
            time.sleep(60)
        if mode in {"cut", "hang"}:
            self.connection.close()
            return
        status, said = (202, "") if mode == "202" else (200, mode)
        self.send_response(status)
        self.send_header("content-length", str(len(said)))
        self.end_headers()
        self.wfile.write(said.encode())

    def log_message(self, *_: object) -> None:
        return


def note(line: str) -> None:
    with LEDGER.open("a") as ledger:
        ledger.write(line + "\n")
        ledger.flush()
        os.fsync(ledger.fileno())


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_port, flush=True)  # noqa: T201 - how the test learns where it listens
    server.serve_forever()
