"""The process between broker and database: ``python -m ttcs_wire.bridge``.

Two connections to the broker, so that a flood of telemetry never delays a command, and two threads
beside theirs: one writes what comes up, one carries what goes down.
"""

from .downward import Downward
from .session import BrokerAddress, Session
from .upward import Upward
