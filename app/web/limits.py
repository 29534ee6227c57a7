"""What one visitor may take of the server, and all together: every number, with its reason.

The numbers are chosen so that a class of thirty behind one address notices none of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.streamlit_internals.connections import Bounds

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits(Bounds):
    """Times are in seconds, sizes in bytes. A *share* is seconds of work that a client had lately.

    A client is a connection: a websocket is one visitor, and so is a browser's connection. Behind
    a proxy that the operator names, requests count for the forwarded address.
    """

    # Connections
    connections: int = 1_000  # each of a browser's six takes 10 kB; a process has 1,024 files
    websockets: int = 300  # twice what one process can answer (docs/hosting.md, Sizing)
    head_seconds: float = 10  # for a request's line and headers, which are one packet
    body_seconds: float = 15  # for a body, and a second more for each of these bytes of it:
    body_bytes: int = 16 * 1024  # a phone at the edge of its network sends more
    bodies_all: int = 64 * MIB  # that have come in part: those of large models have a megabyte each
    idle_upload_seconds: float = 15  # without a byte of a body: the sender has gone
    reading_seconds: float = 30  # in which a reader must take these bytes of an answer:
    reading_bytes: int = 64 * 1024
    shutdown_seconds: int = 4  # Docker kills after ten, and TensorFlow ends after this
    message_bytes: int = 25 * MIB  # of a websocket: what Inspect sends of a large model
    frames: int = 50  # a second, of pings and small parts; a browser sends one in thirty seconds
    partial_bytes: int = 64 * MIB  # of all messages that have come in part; the largest goes

    # Turns: how much is worked on at once, least served client first (`turns.py`)
    at_once: int = 2  # a third run at once would take others three times as long
    new_at_once: int = 1  # of these for clients who had nothing yet: a storm of them stays outside
    new_share: float = 0.1  # where a newcomer stands in the line: after who had less than this
    share: float = 0.3  # a second's quick strokes; who had more waits until the server is free
    refund: float = 0.05  # of a share, each second: a twentieth of the server for who never stops
    message_seconds: float = 0.01  # that a message counts beside its run, merged with others or not
    counts_seconds: float = 0.1  # a run that takes longer waits for something, mostly
    greedy_seconds: float = 1.0  # the same for clients above their share
    rest: float = 3.0  # times its work, after which the next of them goes on: others meet none
    rest_seconds: float = 1.0  # of these, at most
    patience_seconds: float = 3.0  # then one client above its share goes on, free or not
    address_visitors: int = 30  # that stand behind one forwarded address: a class
    waiting: int = 400  # requests and runs; more are refused, and a page tries again

    # Messages of a websocket that wait for their turn. A run takes them all: Streamlit merges them.
    messages: int = 64  # then the socket is not read
    pending_bytes: int = MIB // 2
    small_bytes: int = MIB // 4  # a drawing, a report, a click; larger ones are from Inspect
    large_bytes: int = 128 * MIB  # of all larger ones: Streamlit keeps each socket's last one,
    kept_seconds: float = 120  # and so long after the socket has closed

    # Uploads, in memory from the first byte on: the service stays below 1.5 GiB
    upload_session: int = 208 * MIB  # one file of the largest size, with its form
    upload_all: int = 256 * MIB
    uploads_at_once: int = 8  # of a session: a browser sends six
    uploads_at_once_all: int = 48
    upload_overhead: int = 2_048  # what a file takes beside its bytes
    upload_grace_seconds: float = 3.0  # for a socket that reconnects; then its files are freed


LIMITS = Limits()
