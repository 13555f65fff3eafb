from odoo import fields, models


class TtcsDeviceSample(models.Model):
    """What a device measured, as it was sent; kept for thirty days."""

    _name = "ttcs.device.sample"
    _description = "Sample of a device"
    _inherit = ["ttcs.telemetry.row"]
    _auto = False
    _order = "ts desc, id desc"
    _rec_name = "ts"

    device_id = fields.Many2one("ttcs.device", readonly=True)
    agency_id = fields.Many2one("ttcs.agency", readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True)
    ts = fields.Datetime(string="Measured on", readonly=True)
    received_at = fields.Datetime(string="Received on", readonly=True)
    boot = fields.Integer(string="Start no.", readonly=True)
    seq = fields.Integer(string="Sample no.", readonly=True)
    volume = fields.Integer(string="Volume (%)", readonly=True, aggregator="avg")
    temperature = fields.Float(string="Temperature (°C)", readonly=True, aggregator="avg")
    battery = fields.Float(string="Battery (V)", readonly=True, aggregator="avg")
    mains = fields.Float(string="Mains (V)", readonly=True, aggregator="avg")
    power = fields.Float(string="Power (W)", readonly=True, aggregator="avg")
    signal = fields.Integer(string="Signal (dBm)", readonly=True, aggregator="avg")
    runtime = fields.Integer(string="Seconds on air", readonly=True, aggregator="max")
    on_air = fields.Boolean(readonly=True)
    faults = fields.Char(readonly=True)

    def init(self):
        self.env["ttcs.telemetry"]._upgrade()
        self.env.cr.execute("DROP VIEW IF EXISTS ttcs_device_sample")
        # Unique for four samples a device and second below a million devices, and below 2^53.
        self.env.cr.execute(
            """
            CREATE VIEW ttcs_device_sample AS
            SELECT (((extract(epoch FROM sample.ts)::bigint) << 22)
                    | ((sample.seq & 3)::bigint << 20)) | sample.device_id AS id,
                device.agency_id, device.unit_id,
                sample.device_id, sample.ts, sample.received_at, sample.boot, sample.seq,
                sample.volume, sample.temperature, sample.battery, sample.mains, sample.power,
                sample.signal, sample.runtime, sample.on_air,
                array_to_string(sample.faults, ', ') AS faults
            FROM ttcs_tele.sample
            JOIN ttcs_device device ON device.id = sample.device_id
            """
        )
