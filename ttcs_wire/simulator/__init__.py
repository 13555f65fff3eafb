"""Devices that exist only in a process: thousands at once, with faults on demand.

``SimulatedDevice`` is what a device does, without any network; ``Link`` is its connection;
``Fleet`` is many of them.  ``python -m ttcs_wire.simulator`` runs a fleet from a list of accounts.
"""

from .device import SimulatedDevice
from .faults import Faults
from .fleet import Account, Fleet
from .link import Link
