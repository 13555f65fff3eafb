from .cadence import STEPS, Cadence
from .schedule import Due, Schedule, Season

__all__ = ["STEPS", "Cadence", "Due", "Schedule", "Season"]
