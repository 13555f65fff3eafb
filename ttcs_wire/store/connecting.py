"""A connection to the database that notices within seconds when the network has swallowed it.

With TCP's own patience a cable pulled between bridge and database is noticed after a quarter of an
hour (Linux, ``tcp_retries2``), an idle connection after two hours; and the server would hold the
locks of a bridge that is gone for as long.
"""

from __future__ import annotations

import psycopg

CONNECT_SECONDS = 5
# Unanswered for so long: gone.
PATIENCE_SECONDS = 20
IDLE_SECONDS, PROBE_SECONDS, PROBES = 10, 5, 2
# A transaction of ours takes milliseconds; one that waits for so long has lost its client.
IDLE_IN_TRANSACTION_SECONDS = 30


def connect(dsn: str) -> psycopg.Connection:
    """Connect; both ends give up on a silent network soon.

    :raises psycopg.OperationalError: when the database does not answer
    """
    server_side = {
        "tcp_keepalives_idle": IDLE_SECONDS,
        "tcp_keepalives_interval": PROBE_SECONDS,
        "tcp_keepalives_count": PROBES,
        "tcp_user_timeout": PATIENCE_SECONDS * 1_000,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_SECONDS * 1_000,
    }
    return psycopg.connect(
        dsn,
        autocommit=True,
        connect_timeout=CONNECT_SECONDS,
        keepalives_idle=IDLE_SECONDS,
        keepalives_interval=PROBE_SECONDS,
        keepalives_count=PROBES,
        tcp_user_timeout=PATIENCE_SECONDS * 1_000,
        options=" ".join(f"-c {name}={value}" for name, value in server_side.items()),
    )
