"""Devices for the demo province, and the accounts with which the simulator plays them."""

from .devices import build_demo_devices, enrol_demo_devices
from .orders import order_demo_devices
from .roll_call import call_demo_rolls
