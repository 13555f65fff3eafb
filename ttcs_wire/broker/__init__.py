"""Mosquitto with the settings and accounts of this suite: ``python -m ttcs_wire.broker``."""

from .mosquitto import BRIDGE_USER, Broker, device_commands
