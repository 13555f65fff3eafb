from odoo import http
from odoo.http import request


class Telemetry(http.Controller):
    """Takes one sample a request."""

    @http.route("/bench/telemetry", type="jsonrpc", auth="none", methods=["POST"], csrf=False)
    def keep(self, device, seq, volume, temperature):
        """Keep a sample."""
        # sudo: a benchmark on a scratch database, nobody signs in.
        request.env["bench.telemetry.sample"].sudo().create(
            {"device": device, "seq": seq, "volume": volume, "temperature": temperature}
        )
        return True
