"""Mosquitto with the settings and accounts of this suite: ``python -m ttcs_wire.broker``."""

from .mosquitto import BRIDGE_USER, PLUGIN_ITERATIONS, Broker, device_commands, hashed
