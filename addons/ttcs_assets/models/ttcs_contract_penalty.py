from odoo import api, fields, models


class TtcsContractPenalty(models.Model):
    """Orders of a service contract closed in a month, how many too late, and the penalty.

    The percentages of the month's orders add up to the limit of the contract at most; fee and
    limit are those on the day when an order was closed.  The id is that of the first order
    counted.
    """

    _name = "ttcs.contract.penalty"
    _description = "Penalties of a service contract"
    _auto = False
    _order = "month desc, id desc"
    _rec_name = "contract_id"

    contract_id = fields.Many2one("ttcs.service.contract", readonly=True)
    contractor_id = fields.Many2one("ttcs.agency", readonly=True)
    agency_id = fields.Many2one("ttcs.agency", string="Agency that pays", readonly=True)
    month = fields.Date(readonly=True)
    month_in_words = fields.Char(compute="_compute_month_in_words", string="Month and year")
    order_count = fields.Integer(string="Work orders closed", readonly=True)
    late_response_count = fields.Integer(string="Answered late", readonly=True)
    late_repair_count = fields.Integer(string="Repaired late", readonly=True)
    late_minutes = fields.Integer(string="Late by (minutes)", readonly=True)
    counted_percent = fields.Float(string="Counted (%)", digits=(8, 2), readonly=True)
    percent = fields.Float(string="Penalty (%)", digits=(6, 2), readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(string="Penalty", readonly=True)

    @property
    def _table_query(self):
        return """
            SELECT month.*,
                round(LEAST(month.counted_amount, month.most_amount)) AS amount
            FROM (
                SELECT min(request.id) AS id, contract.id AS contract_id, contract.contractor_id,
                    contract.agency_id,
                    min(company.currency_id) AS currency_id,
                    date_trunc('month', ttcs_day_of(request.closed_at))::date AS month,
                    count(*)::integer AS order_count,
                    (count(*) FILTER (
                        WHERE request.responded_at > request.response_due))::integer
                        AS late_response_count,
                    (count(*) FILTER (
                        WHERE request.closed_at > request.repair_due))::integer
                        AS late_repair_count,
                    COALESCE(sum(request.repair_late_minutes), 0)::integer AS late_minutes,
                    COALESCE(sum(request.penalty_percent), 0) AS counted_percent,
                    LEAST(COALESCE(sum(request.penalty_percent), 0),
                        COALESCE(max(request.penalty_limit), 0)) AS percent,
                    COALESCE(sum(request.penalty_percent * request.penalty_fee / 100), 0)
                        AS counted_amount,
                    COALESCE(max(request.penalty_limit * request.penalty_fee / 100), 0)
                        AS most_amount
                FROM maintenance_request request
                JOIN res_company company ON company.id = request.company_id
                JOIN ttcs_service_contract contract
                    ON contract.id = request.service_contract_id
                WHERE request.closed_at IS NOT NULL AND request.repair_due IS NOT NULL
                GROUP BY contract.id, date_trunc('month', ttcs_day_of(request.closed_at))::date
            ) month
        """

    @api.depends("month")
    def _compute_month_in_words(self):
        for penalty in self:
            penalty.month_in_words = f"{penalty.month:%m/%Y}"

    def action_open_orders(self):
        """The orders that this row counts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "ttcs_assets.maintenance_request_action"
        )
        self.env.cr.execute(
            """
            SELECT id FROM maintenance_request
            WHERE service_contract_id = %(contract)s AND repair_due IS NOT NULL
                AND date_trunc('month', ttcs_day_of(closed_at))::date = %(month)s
            """,
            {"contract": self.contract_id.id, "month": self.month},
        )
        action["domain"] = [("id", "in", [row[0] for row in self.env.cr.fetchall()])]
        action["context"] = {}
        return action
