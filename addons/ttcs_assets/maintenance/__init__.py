from .cadence import STEPS, Cadence
from .cost import labour_amount, part_amount
from .checklist import (
    AnswerError,
    Limits,
    parse_figure,
    read_value,
    verdict,
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
    "PlannedWork",
    "Reliability",
    "Schedule",
    "Season",
    "ServiceClock",
    "labour_amount",
    "parse_figure",
    "parse_hours",
    "part_amount",
    "plan_document",
    "read_value",
    "started",
    "total_cost",
    "verdict",
]
