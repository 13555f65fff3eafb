"""Decisions on public assets and custody: who approves, and the documents; no Odoo imports."""

from .approval import ApprovalStep, ValuedAsset, approval_steps, level_value
from .custody import HandedItem, HandoverPaper, custody_minutes
from .documents import (
    Dossier,
    DossierAsset,
    disposal_minutes,
    draft_decision,
    handover_minutes,
    list_sheet,
    loss_minutes,
    proposal,
)

__all__ = [
    "ApprovalStep",
    "Dossier",
    "DossierAsset",
    "HandedItem",
    "HandoverPaper",
    "ValuedAsset",
    "approval_steps",
    "custody_minutes",
    "disposal_minutes",
    "draft_decision",
    "handover_minutes",
    "level_value",
    "list_sheet",
    "loss_minutes",
    "proposal",
]
