from odoo import fields, models


class BenchTelemetrySample(models.Model):
    """A sample as a plain model keeps it."""

    _name = "bench.telemetry.sample"
    _description = "Sample"
    _log_access = False

    device = fields.Integer(required=True, index=True)
    seq = fields.Integer(required=True)
    received_at = fields.Datetime(required=True, default=fields.Datetime.now)
    volume = fields.Integer()
    temperature = fields.Float()
