from .cadence import STEPS, Cadence
from .cost import labour_amount, part_amount
from .plan_document import PlannedWork, plan_document, total_cost
from .reliability import Reliability
from .schedule import Due, Schedule, Season

__all__ = [
    "STEPS",
    "Cadence",
    "Due",
    "PlannedWork",
    "Reliability",
    "Schedule",
    "Season",
    "labour_amount",
    "part_amount",
    "plan_document",
    "total_cost",
]
