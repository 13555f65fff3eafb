"""The process for devices that do not speak MQTT with us: ``python -m ttcs_wire.gateway``.

Whatever a device or a vendor's console sends becomes a message of the contract and goes the way of
all the others (``ttcs_wire.store``): the same limits, the same quarantine, the same tables.  An
adapter acknowledges only what is committed.

``mapping`` and ``heartbeat`` read foreign words, ``settings`` says what a connection is and can
do; these three know neither network nor database.  ``push``, ``poll``, ``files`` and ``foreign``
are the adapters, ``keeper`` writes for them, ``supervisor`` starts and stops them as the books
say.
"""

from .settings import Settings, capabilities, read_settings

__all__ = ["Settings", "capabilities", "read_settings"]
