"""Writes dossiers at several steps and hand-overs, as the people of the demo would."""

from __future__ import annotations

from datetime import timedelta

from odoo.api import Environment

WORN_OUT = "Hư hỏng, không còn phụ tùng thay thế; chi phí sửa vượt 30 % nguyên giá"
SPARE = "Xã bố trí lại cụm loa sau sáp nhập ấp, thừa so với nhu cầu"
STOLEN = "Bị cắt trộm trong đêm, đã báo Công an xã"


def write_decisions(env: Environment, officer_id: int, leader_id: int) -> None:
    """Propose, approve and carry out.

    :param officer_id: the officer of a commune, whose assets the dossiers are about
    :param leader_id: the leader of the province, who approves
    """
    officer, leader = env["res.users"].browse([officer_id, leader_id])
    assignment = officer.ttcs_person_ids.assignment_ids[:1]
    assets = env["maintenance.equipment"].search(
        [
            ("agency_id", "=", assignment.agency_id.id),
            ("family", "=", "cluster"),
            ("life_state", "=", "in_use"),
        ],
        order="in_use_date, id",
    )
    worn, spare, stolen = assets[0], assets[-2:], assets[1]
    neighbour = env["ttcs.agency"].search(
        [("kind", "=", "commune_committee"), ("id", "!=", assignment.agency_id.id)], limit=1
    )
    _hand_over(env, assets[2:5], officer)
    _proposed(env, officer, "loss", stolen, WORN_OUT, cause=STOLEN)
    _proposed(env, officer, "disposal", worn, WORN_OUT, method="dismantle").action_submit()
    carried_out, waiting = (
        _proposed(env, officer, "transfer", asset, SPARE, receiver_agency_id=neighbour.id)
        for asset in spare
    )
    (carried_out | waiting).action_submit()
    today = env.company._today()
    carried_out.with_user(leader)._approve("Đồng ý điều chuyển", "418/QĐ-UBND", today)
    carried_out._carry_out(carried_out.line_ids, today)


def _proposed(env: Environment, user, kind: str, assets, reason: str, **values):
    return (
        env["ttcs.asset.decision"]
        .with_user(user)
        .create(
            {
                "kind": kind,
                "agency_id": assets.agency_id.id,
                "date": env.company._today() - timedelta(days=3),
                "reason": reason,
                "line_ids": [(0, 0, {"equipment_id": asset.id}) for asset in assets],
                **values,
            }
        )
    )


def _hand_over(env: Environment, assets, officer) -> None:
    """The commune hands clusters to one of its own; another paper waits for its signatures."""
    agency = assets.agency_id
    # Whoever may read the names of the staff; the officer himself hands over.
    people = agency.sudo().assignment_ids.filtered("in_force").person_id
    receiver = (people - officer.ttcs_person_ids)[:1]
    papers = env["ttcs.handover"].with_user(officer)
    for asset, is_signed in zip(assets[:2], (True, False), strict=False):
        paper = papers.create(
            {
                "agency_id": agency.id,
                "giver_name": officer.name,
                "receiver_person_id": receiver.id,
                "receiver_name": receiver.name,
                "line_ids": [(0, 0, {"equipment_id": asset.id, "condition": asset.condition})],
            }
        )
        if is_signed:
            paper.action_sign()
