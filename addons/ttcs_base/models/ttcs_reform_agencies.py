from collections import defaultdict

from odoo import models
from odoo.fields import Domain

COMMITTEES = ("provincial_committee", "district_committee", "commune_committee")


class TtcsReform(models.Model):
    """Agencies and the assignments of their people."""

    _inherit = "ttcs.reform"

    def _follow_agencies(self):
        """Close what served an ended place and join each committee to those that follow it."""
        ended = self._ended_units()
        followed = self._successors(ended)
        lines = self._close_committees(ended)
        lines += self._join_committees(followed)
        lines += self._serve_successors(ended, followed)
        return lines

    def _close_committees(self, ended):
        committees = self.env["ttcs.agency"].search(
            [
                ("unit_id", "in", ended.ids),
                ("kind", "in", COMMITTEES),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">", self._last_day),
            ]
        )
        # Agencies with a successor of their own end as their places do.
        edges = self.env["ttcs.agency.lineage"].search([("date", "=", self.date)])
        if self.scope_unit_ids:
            edges = edges.filtered(lambda edge: edge.predecessor_id.unit_id in ended)
        committees |= edges.predecessor_id.filtered(
            lambda agency: not agency.valid_to or agency.valid_to > self._last_day
        )
        committees.write({"valid_to": self._last_day})
        note = self.env._("Last day %(date)s", date=f"{self._last_day:%d/%m/%Y}")
        return [{"kind": "agency", "name": agency.name, "note": note} for agency in committees]

    def _join_committees(self, followed):
        """The lineage of committees, as that of their places; gives lines of the new steps."""
        units = self.env["ttcs.unit"].union(*followed, *followed.values())
        committees = self.env["ttcs.agency"].search(
            [("unit_id", "in", units.ids), ("kind", "in", COMMITTEES)]
        )
        of_unit = {agency.unit_id: agency for agency in committees}
        known = {
            (edge.predecessor_id, edge.successor_id)
            for edge in self.env["ttcs.agency.lineage"].search(
                [("predecessor_id", "in", committees.ids)]
            )
        }
        steps, lines = [], []
        for old_unit, new_units in followed.items():
            old = of_unit.get(old_unit)
            for new_unit in new_units if old else ():
                new = of_unit.get(new_unit)
                if new and (old, new) not in known:
                    steps.append((old, new))
                    lines.append({"kind": "agency", "name": old.name, "new_name": new.name})
                elif not new:
                    note = self.env._("%(place)s has no committee yet.", place=new_unit.full_name)
                    lines.append({"kind": "agency", "name": old.name, "note": note})
        self.env["ttcs.agency.lineage"].create(
            [
                {
                    "predecessor_id": old.id,
                    "successor_id": new.id,
                    "date": self.date,
                    "decision": self.legal_document_id.number,
                }
                for old, new in steps
            ]
        )
        return lines

    def _serve_successors(self, ended, followed):
        """Agencies that go on, such as a station board, serve what became of their place."""
        going_on = self.env["ttcs.agency"].search(
            [("unit_id", "in", ended.ids), ("valid_to", "=", False)]
        )
        serving = set(
            self.env["ttcs.agency"]._read_group(
                [("unit_id", "in", self.env["ttcs.unit"].union(*followed.values()).ids)]
                + [("valid_to", "=", False)],
                ["name", "unit_id"],
            )
        )
        lines, by_unit = [], defaultdict(self.env["ttcs.agency"].browse)
        for agency in going_on:
            new_units = followed.get(agency.unit_id, self.env["ttcs.unit"])
            line = {"kind": "agency", "name": agency.name, "old_name": agency.unit_id.full_name}
            if len(new_units) != 1:
                note = self.env._("Choose by hand which place it serves.")
                lines.append({**line, "note": note})
            elif (agency.name, new_units) in serving:
                note = self.env._("That place has an agency of the same name: rename one.")
                lines.append({**line, "new_name": new_units.full_name, "note": note})
            else:
                serving.add((agency.name, new_units))
                by_unit[new_units] |= agency
                lines.append({**line, "new_name": new_units.full_name})
        for unit, agencies in by_unit.items():
            agencies.write({"unit_id": unit.id})
        return lines

    def _ended_agencies(self, ended):
        """Agencies that ended with the reform, and ``{agency: those that follow it}``."""
        domain = Domain("valid_to", "=", self._last_day)
        served = Domain("unit_id", "in", ended.ids)
        if not self.scope_unit_ids:
            served |= Domain("successor_ids.date", "=", self.date)
        agencies = self.env["ttcs.agency"].search(domain & served)
        followed = defaultdict(self.env["ttcs.agency"].browse)
        for edge in self.env["ttcs.agency.lineage"].search(
            [("predecessor_id", "in", agencies.ids), ("date", "=", self.date)]
        ):
            followed[edge.predecessor_id] |= edge.successor_id
        return agencies, followed

    def _continue_assignments(self):
        """People of ended agencies keep position and duties in the one that follows."""
        agencies, followed = self._ended_agencies(self._ended_units())
        lasting = self.env["ttcs.assignment"].search(
            [
                ("agency_id", "in", agencies.ids),
                "|",
                ("valid_to", "=", False),
                ("valid_to", ">=", self.date),
            ]
        )
        targets = {
            assignment: followed[assignment.agency_id]
            for assignment in lasting
            if len(followed[assignment.agency_id]) == 1
        }
        lines = self._continue_in(targets)
        asked = lasting.filtered(lambda assignment: assignment not in targets)
        return lines + self._ask_assignments(asked, followed)

    def _continue_in(self, targets):
        """End assignments the day before and continue them; gives lines.

        Two assignments that become the same one (a person in both merged committees) are
        continued once, with the duties of both.

        :param targets: ``{assignment: agency that follows}``
        """
        assignments = self.env["ttcs.assignment"].browse(each.id for each in targets)
        agencies = self.env["ttcs.agency"].union(*targets.values())
        held = {
            (each.person_id, each.agency_id, each.position_id): each
            for each in assignments.search(
                [
                    ("agency_id", "in", agencies.ids),
                    ("person_id", "in", assignments.person_id.ids),
                    "|",
                    ("valid_to", "=", False),
                    ("valid_to", ">=", self.date),
                ]
            )
        }
        values, lines = {}, []
        for old, agency in targets.items():
            key = (old.person_id, agency, old.position_id)
            lines.append(
                {
                    "kind": "assignment",
                    "name": f"{old.person_id.name}, {old.position_id.name}",
                    "old_name": old.agency_id.name,
                    "new_name": agency.name,
                    "note": self.env._("Holds this position there already.")
                    if key in held
                    else False,
                }
            )
            if key in held:
                continue
            entry = values.setdefault(key, {"duties": set(), "starts": [], "ends": []})
            entry["duties"] |= set(old.duty_ids.ids)
            entry["starts"].append(max(old.valid_from, self.date))
            entry["ends"].append(old.valid_to)
        began_late = assignments.filtered(lambda each: each.valid_from >= self.date)
        (assignments - began_late).write({"valid_to": self._last_day})
        began_late.unlink()
        self.env["ttcs.assignment"].create(
            [
                {
                    "person_id": person.id,
                    "agency_id": agency.id,
                    "position_id": position.id,
                    "duty_ids": [(6, 0, sorted(entry["duties"]))],
                    "valid_from": min(entry["starts"]),
                    "valid_to": False if False in entry["ends"] else max(entry["ends"]),
                    "decision": self.legal_document_id.number,
                }
                for (person, agency, position), entry in values.items()
            ]
        )
        return lines
