from .cadence import STEPS, Cadence
from .cost import labour_amount, part_amount
from .checklist import (
    AnswerError,
    Limits,
    parse_figure,
    read_value,
    verdict,
)
from .order_document import (
    LabourDone,
    OrderPaper,
    PartUsed,
    acceptance_minutes,
    repair_minutes,
)
from .plan_document import PlannedWork, plan_document, total_cost
from .reliability import Reliability
from .schedule import Due, Schedule, Season
from .service_clock import ServiceClock, parse_hours, started

__all__ = [
    "STEPS",
    "AnswerError",
    "Cadence",
    "Due",
    "Limits",
    "LabourDone",
    "OrderPaper",
    "PartUsed",
    "PlannedWork",
    "Reliability",
    "Schedule",
    "Season",
    "ServiceClock",
    "acceptance_minutes",
    "labour_amount",
    "parse_figure",
    "parse_hours",
    "part_amount",
    "plan_document",
    "read_value",
    "repair_minutes",
    "started",
    "total_cost",
    "verdict",
]
