"""Builds the demo province in a database in which Đồng Tháp is loaded."""

from __future__ import annotations

from odoo.api import Environment

from odoo.addons.ttcs_base.province_data import province_table

from .plan import USUAL_SCALE, plan_province
from .write_assets import write_assets, write_tags, write_technologies
from .write_checklists import write_checklists
from .write_costs import write_costs
from .write_decisions import write_decisions
from .write_inventories import write_inventories
from .write_orders import write_orders
from .write_people import Credentials, write_accounts, write_staff
from .write_places import write_places
from .write_rules import write_rules

PROVINCE = "82"
MARKER = "ttcs_assets.demo_province"
# Nobody is to be told of any of this.
SILENT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "no_reset_password": True,
}


def build_demo_province(env: Environment, scale: int = USUAL_SCALE) -> list[Credentials]:
    """Build the demo network, once; gives the accounts with their passwords.

    A database that has it already is left as it is, and the list is empty.

    :param scale: how many items the register shall hold (see ``plan.plan_province``)
    :raises UserError: when the province is not loaded
    """
    parameters = env["ir.config_parameter"].sudo()  # sudo: a mark that belongs to nobody
    if parameters.get_param(MARKER):
        return []
    env = env(su=True, context={**env.context, **SILENT})
    table = province_table(PROVINCE)
    plan = plan_province(table, env.company._today(), scale)
    province_key = next(
        row["xmlid"] for row in table.units if not row["parent_xmlid"] and not row["valid_to"]
    )
    ground = write_places(env, plan.places, province_key)
    persons = write_staff(env, plan.staff, ground)
    accounts = write_accounts(env, plan.places, ground)
    users = {user.login: user.id for user in env["res.users"].search([])}
    ids = write_assets(env, plan.assets, plan.staff.custodians, ground, persons)
    write_technologies(env, plan.technologies, ids)
    write_tags(env, plan.tags, plan.assets, plan.places, ground, ids, users["taisan"])
    write_orders(env, plan.orders, ids, users["kythuat"], users["taisan"])
    write_costs(env, ground.units[province_key], ground.department)
    write_rules(env, ground.units[province_key], ground.department, users["taisan"])
    write_checklists(env, users["kythuat"])
    env.flush_all()
    env.invalidate_all()
    write_inventories(env, users["taisan"], users["xa.thanhbinh"])
    write_decisions(env, users["xa.thanhbinh"], users["lanhdao"])
    env.flush_all()
    parameters.set_param(MARKER, PROVINCE)
    return accounts
