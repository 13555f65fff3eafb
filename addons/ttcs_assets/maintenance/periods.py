"""Periods that people name: this quarter, the last year."""

from __future__ import annotations

from datetime import date

from dateutil.relativedelta import relativedelta


def period_days(period: str, today: date) -> tuple[date, date]:
    """First and last day of a period, seen from today; the current one goes on until today.

    >>> [f"{day:%d/%m/%Y}" for day in period_days("last_quarter", date(2026, 2, 9))]
    ['01/10/2025', '31/12/2025']
    >>> [f"{day:%d/%m/%Y}" for day in period_days("last_12_months", date(2024, 2, 29))]
    ['01/03/2023', '29/02/2024']
    """
    if period == "last_12_months":
        return today - relativedelta(months=12) + relativedelta(days=1), today
    quarter = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    year = today.replace(month=1, day=1)
    start, months = {
        "this_quarter": (quarter, 3),
        "last_quarter": (quarter - relativedelta(months=3), 3),
        "this_year": (year, 12),
        "last_year": (year - relativedelta(years=1), 12),
    }[period]
    return start, min(start + relativedelta(months=months, days=-1), today)
