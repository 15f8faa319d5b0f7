"""A name server on loopback that says what it is told, and a resolver that asks it: DNS over UDP, as RFC 1035 has it."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

A, IN, RECURSION, ANSWER, NOT_THERE = 1, 1, 0x0100, 0x8180, 0x8183


class Names:
    """`answers`: what each question is answered, in turn; the last one again and again. `asked`: the names, in order."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []
        self._server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def resolve(self, host: str, _port: int) -> list[str]:
        """The addresses of a name, asked anew each time. Raises OSError where there are none."""
        labels = b"".join(bytes([len(part)]) + part.encode("ascii") for part in host.split("."))
        question = struct.pack("!6H", 7, RECURSION, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", A, IN)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(10)
            asking.sendto(question, self._server.getsockname())
            answer = asking.recv(512)
        count = struct.unpack("!H", answer[6:8])[0]
        records = answer[len(question) :]
        if not count:
            raise OSError("there is no such name")
        return [socket.inet_ntoa(records[at + 12 : at + 16]) for at in range(0, count * 16, 16)]

    def _answer(self, question: bytes) -> bytes:
        at, labels = 12, []
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode("ascii"))
            at += question[at] + 1
        self.asked.append(".".join(labels))
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        flags = ANSWER if addresses else NOT_THERE
        head = question[:2] + struct.pack("!5H", flags, 1, len(addresses), 0, 0)
        # Each record names the question by a pointer, and may not be kept for a second.
        records = [
            b"\xc0\x0c" + struct.pack("!2HIH", A, IN, 0, 4) + socket.inet_aton(one) for one in addresses
        ]
        return head + question[12 : at + 5] + b"".join(records)

    def serve(self) -> None:
        """Answer until the socket is closed."""
        while True:
            question, whose = self._server.recvfrom(512)
            if not question:
                return
            self._server.sendto(self._answer(question), whose)


@contextmanager
def naming(*answers: list[str]) -> Iterator[Names]:
    """A name server that runs."""
    names = Names(*answers)
    names._server.bind(("127.0.0.1", 0))
    thread = Thread(target=names.serve, daemon=True)
    thread.start()
    try:
        yield names
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", names._server.getsockname())
        thread.join()
        names._server.close()
