"""What may be asked of devices, without Odoo."""

from .operations import EMERGENCY_OPERATIONS, OPERATIONS, Operation
