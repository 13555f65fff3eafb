from .cadence import STEPS, Cadence
from .plan_document import PlannedWork, plan_document, total_cost
from .schedule import Due, Schedule, Season

__all__ = [
    "STEPS",
    "Cadence",
    "Due",
    "PlannedWork",
    "Schedule",
    "Season",
    "plan_document",
    "total_cost",
]
