"""The wire between the devices and the books: contract, bridge, broker, simulator.

Plain Python, never importing Odoo; ``ttcs_devices`` imports it.  The contract itself is
published in ``docs/device-protocol.md``.
"""
