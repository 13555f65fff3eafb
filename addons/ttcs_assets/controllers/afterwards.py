"""What may be done when the answer is on its way: it neither delays nor breaks the page."""

from __future__ import annotations

import logging
from collections.abc import Callable

from odoo import SUPERUSER_ID, api
from odoo.http import Response
from odoo.modules.registry import Registry

_logger = logging.getLogger(__name__)


def afterwards(response: Response, database: str, work: Callable[[api.Environment], None]) -> None:
    """Run some work in a short transaction of its own once the answer has been sent.

    The route's own cursor may be read-only and is closed by then.  A failure is logged and
    otherwise forgotten: use it only for what may be lost.
    """

    def run():
        try:
            with Registry(database).cursor() as cursor:
                # A crash of the database may take the last moments of it along.
                cursor.execute("SET LOCAL synchronous_commit TO off")
                work(api.Environment(cursor, SUPERUSER_ID, {}))
        except Exception:  # whatever it is, the answer has gone out already
            _logger.warning("The work after an answer failed.", exc_info=True)

    response.call_on_close(run)
