from odoo import fields, models


class TtcsDeviceHour(models.Model):
    """The samples of a device summed up by the hour: what charts read."""

    _name = "ttcs.device.hour"
    _description = "Hour of a device"
    _inherit = ["ttcs.telemetry.row"]
    _auto = False
    _order = "hour desc, id desc"
    _rec_name = "hour"
    _id_moment = "hour"
    _id_seconds = 3_600
    _id_shift = 24
    _id_device_bits = 24

    device_id = fields.Many2one("ttcs.device", readonly=True)
    equipment_id = fields.Many2one("maintenance.equipment", string="Asset", readonly=True)
    agency_id = fields.Many2one("ttcs.agency", readonly=True)
    unit_id = fields.Many2one("ttcs.unit", string="Place", readonly=True)
    hour = fields.Datetime(readonly=True)
    samples = fields.Integer(readonly=True)
    on_air_samples = fields.Integer(string="Samples on air", readonly=True)
    faulty_samples = fields.Integer(string="Samples with a fault", readonly=True)
    volume_average = fields.Float(string="Volume (%)", readonly=True, aggregator="avg")
    temperature_average = fields.Float(string="Temperature (°C)", readonly=True, aggregator="avg")
    temperature_highest = fields.Float(
        string="Highest temperature (°C)", readonly=True, aggregator="max"
    )
    battery_lowest = fields.Float(
        string="Lowest battery voltage (V)", readonly=True, aggregator="min"
    )
    mains_lowest = fields.Float(string="Lowest mains voltage (V)", readonly=True, aggregator="min")
    signal_average = fields.Float(string="Signal (dBm)", readonly=True, aggregator="avg")

    def init(self):
        self.env["ttcs.telemetry"]._upgrade()
        # The id is an expression of the row: row_number() would read everything at each look.
        self.env.cr.execute("DROP VIEW IF EXISTS ttcs_device_hour")
        self.env.cr.execute(
            """
            CREATE VIEW ttcs_device_hour AS
            SELECT ((extract(epoch FROM rolled.hour)::bigint / 3600) << 24) | rolled.device_id
                    AS id,
                device.equipment_id, device.agency_id, device.unit_id,
                rolled.device_id, rolled.hour, rolled.samples, rolled.on_air_samples,
                rolled.faulty_samples, rolled.volume_average, rolled.temperature_average,
                rolled.temperature_highest, rolled.battery_lowest, rolled.mains_lowest,
                rolled.signal_average
            FROM ttcs_tele.sample_hour rolled
            JOIN ttcs_device device ON device.id = rolled.device_id
            """
        )
