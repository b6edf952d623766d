"""One Valkey of our own: started, adopted after a crash, stopped; never a stranger's."""

import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from embedded import processes
from embedded.binaries import Account
from embedded.postgres import StartFailed, free_port, tail
from embedded.processes import Identity

PATIENCE = 20.0
TRIES = 5


@dataclass
class Valkey:
    """The doorbell's server. Losing its data loses nothing; it is kept all the same."""

    program: Path
    data: Path
    log: Path
    record: Path
    password: str
    account: Account
    port: int = 0
    _child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def ensure(self) -> int:
        """Have the server running and return its port.

        :raises StartFailed: it does not come up.
        """
        _who, facts = processes.read_record(self.record)
        port = facts.get("port")
        self.port = port if isinstance(port, int) else self.port
        who = self.running()
        if who is not None and self._wait(who):
            return self.port
        self.stop()
        self._configure()
        for _ in range(TRIES):
            if self._start(self.port or free_port()):
                return self.port
            self.port = 0
        raise StartFailed(f"Valkey did not start. The end of {self.log}:\n{tail(self.log)}")

    def running(self) -> Identity | None:
        """The server that was recorded, while it lives."""
        who, _facts = processes.read_record(self.record)
        return who if processes.alive(who) else None

    def stop(self) -> None:
        processes.stop(self.running(), first=signal.SIGTERM, seconds=10.0)
        if self._child is not None:
            self._child.wait(timeout=10)
            self._child = None
        self.record.unlink(missing_ok=True)

    def _configure(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)
        # The password stands in a private file, never on a command line.
        path = self.data / "valkey.conf"
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(
            f'bind 127.0.0.1\nrequirepass {self.password}\nappendonly yes\nsave ""\ndir "{self.data}"\n'
        )
        for owned in (self.data, path):
            self.account.own(owned)

    def _start(self, port: int) -> bool:
        with self.log.open("ab") as out:
            self._child = subprocess.Popen(
                [str(self.program), str(self.data / "valkey.conf"), "--port", str(port), "--daemonize", "no"],
                cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, **self.account.drop,
            )  # fmt: skip
        who = processes.identify(self._child.pid)
        if who is None:
            return False
        self.port = port
        processes.write_record(self.record, who, port=port)
        if self._wait(who):
            return True
        self.stop()
        return False

    def _wait(self, who: Identity) -> bool:
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit and processes.alive(who):
            answer = self._ask()
            if answer is not None:
                # It names its own process: a stranger on the port cannot be mistaken for it.
                return f"process_id:{who.pid}\r\n" in answer
            time.sleep(0.02)
        return False

    def _ask(self) -> str | None:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as link:
                link.sendall(f"AUTH {self.password}\r\nINFO server\r\nQUIT\r\n".encode())
                answer = b""
                while part := link.recv(65536):
                    answer += part
        except OSError:
            return None
        text = answer.decode(errors="replace")
        return None if "LOADING" in text else text
