from odoo import api, models
from odoo.fields import Command, Domain

from ..reform import Moves, Point, nearest
from .ttcs_reform_agencies import COMMITTEES
from .ttcs_unit_kind import COMMUNE


class TtcsReform(models.Model):
    """Records with a place: what moves, and what is asked."""

    _inherit = "ttcs.reform"

    @api.model
    def _placed_models(self):
        """Names of the models whose records have a place, in the order of their names."""
        names = self.env.registry.descendants(["ttcs.placed.mixin"], "_inherit")
        return sorted(name for name in names if not self.env[name]._abstract)

    def _hand_over_records(self):
        """Move the records of every placed model, ask about the others; gives lines."""
        moves = self._moves()
        lines = []
        for name in self._placed_models():
            model = self.env[name]
            rows, asking = model._hand_over(moves)
            rows = model._place_anew(rows, self.date)
            self._note_moves(name, rows)
            asked = self._ask_records(name, asking)
            if rows or asked:
                lines.append(
                    {
                        "kind": "records",
                        "name": self.env["ir.model"]._get(name).name,
                        "moved_count": len(rows),
                        "asked_count": asked,
                    }
                )
        return lines

    def _moves(self):
        """What became of each place and agency, as ``reform.Moves``."""
        ended = self._ended_units()
        followed = self._successors(ended)
        agencies, agencies_after = self._ended_agencies(ended)
        heirs = self._heirs(agencies, agencies_after)
        waiting = self.env["ttcs.reform.question"].search(
            [("reform_id", "=", self.id), ("model", "=", "ttcs.unit"), ("state", "=", "open")]
        )
        waiting_parts = self.env["ttcs.unit"].search(
            [("id", "child_of", waiting.mapped("res_id")), ("valid_to", "=", self._last_day)]
        )
        return Moves(
            date=self.date,
            places={
                unit.id: followed[unit].id if len(followed.get(unit, ())) == 1 else None
                for unit in ended
            },
            agencies={
                agency.id: agencies_after[agency].id
                if len(agencies_after.get(agency, ())) == 1
                else None
                for agency in agencies
            },
            heirs=heirs,
            waiting=frozenset(waiting_parts.ids if waiting else ()),
        )

    def _heirs(self, agencies, agencies_after):
        """``{(agency, commune): successor}`` for agencies split over several communes."""
        return {
            (agency.id, successor.unit_id.id): successor.id
            for agency in agencies
            if len(agencies_after.get(agency, ())) > 1
            for successor in agencies_after[agency]
            if successor.unit_id.level == COMMUNE
        }

    def _note_moves(self, model, rows):
        """Keep what was handed over, for the minutes; one statement."""
        if not rows:
            return
        ids, old_units, old_agencies, units, agencies = (
            list(column) for column in zip(*rows, strict=True)
        )
        self.env.cr.execute(
            """
            INSERT INTO ttcs_reform_move
                (reform_id, model, res_id, old_unit_id, old_agency_id, unit_id, agency_id)
            SELECT %s, %s, * FROM unnest(
                %s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::integer[])
            ON CONFLICT (reform_id, model, res_id)
            DO UPDATE SET unit_id = EXCLUDED.unit_id, agency_id = EXCLUDED.agency_id
            """,
            [self.id, model, ids, old_units, old_agencies, units, agencies],
        )

    # Questions ------------------------------------------------------------------------------

    def _ask_hamlets(self, asked):
        """Ask which commune or hamlet ended hamlets belong to.

        :param asked: ``(hamlet, communes that follow its parent, hamlet of its name there)``
        """
        self._ask(
            "ttcs.unit",
            [
                {
                    "res_id": hamlet.id,
                    "unit_id": hamlet.parent_id.id,
                    "candidate_ids": (twin or self.env["ttcs.unit"]) | communes,
                    "position": (hamlet.latitude, hamlet.longitude),
                    "twin": twin,
                }
                for hamlet, communes, twin in asked
            ],
        )
        return [
            {
                "kind": "hamlet",
                "name": hamlet.full_name,
                "old_name": hamlet.parent_id.full_name,
                "asked_count": 1,
                "note": self.env._("A hamlet of this name is there already: the same one?")
                if twin
                else self.env._("Its commune was split."),
            }
            for hamlet, _communes, twin in asked
        ]

    def _ask_assignments(self, assignments, followed):
        """Ask in which agency assignments go on."""
        self._ask(
            "ttcs.assignment",
            [
                {
                    "res_id": each.id,
                    "unit_id": each.unit_id.id,
                    "agency_id": each.agency_id.id,
                    "candidate_ids": followed[each.agency_id].unit_id
                    or self._candidates(each.unit_id),
                }
                for each in assignments
            ],
        )
        return [
            {
                "kind": "assignment",
                "name": f"{each.person_id.name}, {each.position_id.name}",
                "old_name": each.agency_id.name,
                "asked_count": 1,
            }
            for each in assignments
        ]

    def _ask_records(self, model, asking):
        """Ask where records of a model went; gives how many questions are open."""
        records = self.env[model].with_context(active_test=False)
        records = records.browse(row[0] for row in asking)
        has_position = "latitude" in records._fields and "longitude" in records._fields
        ended = self._ended_units()
        successors = self._successors(ended)
        candidates, ended_agencies = {}, self._ended_agencies(ended)[0]
        questions = []
        for record in records:
            unit = record.unit_id or record.agency_id.unit_id
            if unit not in candidates:
                candidates[unit] = self._candidates(unit, successors)
            questions.append(
                {
                    "res_id": record.id,
                    "unit_id": unit.id,
                    "agency_id": record.agency_id.id,
                    "asks_agency": record.agency_id in ended_agencies,
                    "candidate_ids": candidates[unit],
                    "position": (record.latitude, record.longitude) if has_position else None,
                }
            )
        self._ask(model, questions)
        return len(questions)

    def _candidates(self, unit, successors=None):
        """The places that something at an ended place may belong to now.

        Its successors; else those of what it was part of, or of its own parts; for a place
        that goes on, itself.
        """
        units = self.env["ttcs.unit"]
        if not unit or not unit.valid_to or unit.valid_to > self._last_day:
            return unit
        if successors is None:
            successors = self._successors(self._ended_units())
        here = successors.get(unit)
        if here:
            return here
        if unit.level > COMMUNE:
            return self._candidates(unit.parent_id, successors)
        below = units.union(*(after for old, after in successors.items() if old.parent_id == unit))
        return below.filtered(lambda place: place.level == COMMUNE)

    def _ask(self, model, questions):
        """Open the questions that are not open yet, each with a suggestion.

        :param questions: everything to ask about this model; what is open and not among them
            is withdrawn, because the record has been placed in another way
        """
        opened = self.env["ttcs.reform.question"].search_fetch(
            [("reform_id", "=", self.id), ("model", "=", model), ("state", "=", "open")],
            ["res_id"],
        )
        asked = {question["res_id"] for question in questions}
        settled = opened.filtered(lambda each: each.res_id not in asked)
        settled._by_steps().write({"state": "withdrawn"})
        known = set(opened.mapped("res_id"))
        fresh = [question for question in questions if question["res_id"] not in known]
        if not fresh:
            return
        records = self.env[model].with_context(active_test=False, ttcs_short_names=True)
        names = {
            record.id: record.display_name
            for record in records.browse(question["res_id"] for question in fresh)
        }
        points = self._points(self.env["ttcs.unit"].union(*(q["candidate_ids"] for q in fresh)))
        values = []
        for question in fresh:
            candidates = question["candidate_ids"]
            suggestion = self._suggestion(question, points)
            values.append(
                {
                    "reform_id": self.id,
                    "model": model,
                    "res_id": question["res_id"],
                    "name": names[question["res_id"]],
                    "unit_id": question["unit_id"],
                    "agency_id": question.get("agency_id"),
                    "asks_agency": question.get("asks_agency", False),
                    "candidate_ids": [Command.set(candidates.ids)],
                    **suggestion,
                }
            )
        self.env["ttcs.reform.question"].create(values)

    def _suggestion(self, question, points):
        """Fields of the suggestion: the only candidate, else the one lying nearest."""
        candidates, twin = question["candidate_ids"], question.get("twin")
        if twin:
            return {"suggested_unit_id": twin.id, "basis": "name"}
        if len(candidates) == 1:
            return {"suggested_unit_id": candidates.id, "basis": "only"}
        latitude, longitude = question.get("position") or (0, 0)
        if not latitude or not longitude:
            return {}
        near = [point for commune in candidates for point in points.get(commune.id, ())]
        found = nearest(float(latitude), float(longitude), near)
        if not found:
            return {"latitude": latitude, "longitude": longitude}
        return {
            "suggested_unit_id": found[0],
            "distance_km": found[1],
            "basis": "nearest",
            "latitude": latitude,
            "longitude": longitude,
        }

    def _points(self, candidates):
        """Positions that speak for candidates: their hamlets', else their own.

        :returns: ``{candidate id: [Point]}``; a record at a commune stays at that level, so
            every point names the candidate
        """
        units = self.env["ttcs.unit"].search_fetch(
            Domain("id", "child_of", candidates.ids)
            & Domain("latitude", "!=", 0)
            & Domain("longitude", "!=", 0)
            & self.env["ttcs.unit"]._domain_in_force_on(self.date),
            ["latitude", "longitude", "parent_path"],
        )
        points = {}
        for unit in units:
            for upper in map(int, unit.parent_path.rstrip("/").split("/")):
                if upper in candidates._ids:
                    point = Point(upper, float(unit.latitude), float(unit.longitude))
                    points.setdefault(upper, []).append(point)
        return points

    @api.model
    def _committee_of(self, units):
        """``{place: committee of its commune in force}``."""
        committees = self.env["ttcs.agency"].search(
            [
                ("unit_id", "in", (units | units.commune_id).ids),
                ("kind", "in", COMMITTEES),
                ("valid_to", "=", False),
            ]
        )
        of_unit = {agency.unit_id: agency for agency in committees}
        return {
            unit: of_unit.get(unit) or of_unit.get(unit.commune_id, self.env["ttcs.agency"])
            for unit in units
        }
