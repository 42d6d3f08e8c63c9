# SPDX-License-Identifier: GPL-2.0-or-later
"""Receiving sockets: what the program under test sends is kept and compared."""
import os
import socket
import threading

from .case import ENC


class Listener:
    """One receiving socket; keeps datagrams, or bytes per connection."""

    def __init__(self, kind, name, work):
        self.kind, self.name = kind, name
        self.data, self.conns = [], []
        self.stop = False          # once nothing more has come for a moment
        self.threads = []
        self.lock = threading.Lock()
        self.sock, self.port, self.listening = None, None, False
        fam = {"udp": socket.AF_INET, "tcp": socket.AF_INET, "udp6": socket.AF_INET6,
               "tcp6": socket.AF_INET6, "dgram": socket.AF_UNIX, "stream": socket.AF_UNIX}[kind]
        self.dgram = kind in ("udp", "udp6", "dgram")
        self.sock = socket.socket(fam, socket.SOCK_DGRAM if self.dgram else socket.SOCK_STREAM)
        if fam == socket.AF_UNIX:
            self.path = os.path.join(work, name)
        else:
            self.sock.bind(("127.0.0.1" if fam == socket.AF_INET else "::1", 0))
            self.port = self.sock.getsockname()[1]

    def start(self):
        if self.listening:
            return
        self.listening = True
        if self.kind in ("dgram", "stream"):
            self.sock.bind(self.path)
        if not self.dgram:
            self.sock.listen(16)
        self.sock.settimeout(0.1)
        self._start(self._loop)

    def _start(self, work, *args):
        thread = threading.Thread(target=work, args=args, daemon=True)
        self.threads.append(thread)
        thread.start()

    def _loop(self):
        while True:
            try:
                if self.dgram:
                    pkt = self.sock.recv(65536)
                    with self.lock:
                        self.data.append(pkt)
                else:
                    conn, _ = self.sock.accept()
                    buf = bytearray()
                    with self.lock:
                        self.data.append(buf)
                        self.conns.append(conn)
                    self._start(self._conn, conn, buf)
            except socket.timeout:
                if self.stop:
                    return
            except OSError:
                return

    def _conn(self, conn, buf):
        conn.settimeout(0.1)
        while True:
            try:
                chunk = conn.recv(65536)
            except socket.timeout:
                if self.stop:
                    return
                continue
            except OSError:
                return
            if not chunk:
                return
            with self.lock:
                buf.extend(chunk)

    def finish(self):
        """All that was sent has been taken."""
        self.stop = True
        for thread in self.threads:      # grows while it is gone through
            thread.join()

    def drop(self):
        """Close the accepted connections, keep listening."""
        for c in self.conns:
            try:
                c.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.stop = True
        for c in self.conns:
            try:
                c.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            c.close()
        self.sock.close()

    def text(self):
        with self.lock:
            out = ["-- %s %s" % (self.kind, self.name)]
            for i, d in enumerate(self.data, 1):
                out.append("%s %d: %s" % ("datagram" if self.dgram else "connection", i,
                                          bytes(d).decode(ENC)))
        return "\n".join(out)
