from collections import Counter, defaultdict

from odoo import models
from odoo.fields import Domain

from ..reform import Arriving, names_in_new_parent
from .ttcs_unit_kind import COMMUNE

COPIED = (
    "name", "kind_id", "latitude", "longitude", "area_km2", "population", "household_count",
    "head_name", "head_phone",
)  # fmt: skip


class TtcsReform(models.Model):
    """Places: what ends, what follows it, and the hamlets of ended communes."""

    _inherit = "ttcs.reform"

    def _end_what_is_open(self):
        """End the places that the lineage replaces, with their parts; one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE ttcs_unit unit SET valid_to = %(last)s
            FROM ttcs_unit_lineage edge JOIN ttcs_unit old ON old.id = edge.predecessor_id
            WHERE edge.date = %(date)s
                AND (unit.id = old.id OR unit.parent_path LIKE old.parent_path || '%%')
                AND unit.valid_from <= %(last)s
                AND (unit.valid_to IS NULL OR unit.valid_to > %(last)s)
                AND (%(all)s OR EXISTS (
                    SELECT FROM ttcs_unit_reach reach
                    WHERE reach.to_unit_id = old.id AND reach.from_unit_id = ANY(%(scope)s)))
            RETURNING unit.id
            """,
            self._parameters(),
        )
        ended = self.env["ttcs.unit"].browse(row[0] for row in self.env.cr.fetchall())
        self.env.invalidate_all(flush=False)
        return [
            {
                "kind": "place",
                "name": unit.full_name,
                "note": self.env._("Last day %(date)s", date=f"{self._last_day:%d/%m/%Y}"),
            }
            for unit in ended
        ]

    def _parameters(self):
        return {
            "date": self.date,
            "last": self._last_day,
            "all": not self.scope_unit_ids,
            "scope": self.scope_unit_ids.ids,
        }

    def _ended_units(self):
        """The places whose last day is the one before the reform, upper ones first."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT unit.id FROM ttcs_unit unit
            WHERE unit.valid_to = %(last)s AND (%(all)s OR EXISTS (
                SELECT FROM ttcs_unit_reach reach
                WHERE reach.to_unit_id = unit.id AND reach.from_unit_id = ANY(%(scope)s)))
            ORDER BY unit.level, unit.id
            """,
            self._parameters(),
        )
        return self.env["ttcs.unit"].browse(row[0] for row in self.env.cr.fetchall())

    def _successors(self, units):
        """``{place: places that follow it on the date}``, only those with a successor."""
        followed = defaultdict(self.env["ttcs.unit"].browse)
        for edge in self.env["ttcs.unit.lineage"].search(
            [("date", "=", self.date), ("predecessor_id", "in", units.ids)], order="id"
        ):
            followed[edge.predecessor_id] |= edge.successor_id
        return followed

    def _follow_hamlets(self):
        """Give each hamlet and cluster without a successor its row under the new parent.

        Level by level, because the parts of a hamlet follow the hamlet.  Asks where the parent
        has several successors, or where the new parent has a part of that name already.
        """
        lines, asked = [], []
        ended = self._ended_units()
        parts = ended.filtered(lambda unit: unit.level > COMMUNE)
        for _level, at_level in sorted(parts.grouped("level").items()):
            parents, questions = self._sort_hamlets(at_level, self._successors(ended))
            lines += self._create_successors(parents)
            asked += questions
        return lines + self._ask_hamlets(asked)

    def _sort_hamlets(self, hamlets, followed):
        """Those without a successor: what follows by itself, and what is asked about.

        :returns: ``{hamlet: new parent}`` and ``(hamlet, new parents, namesake there or None)``
        """
        homeless = hamlets.filtered(lambda unit: unit not in followed)
        parents = {
            unit: followed[unit.parent_id]
            for unit in homeless
            if len(followed[unit.parent_id]) == 1
        }
        namesakes = self._namesakes(parents)
        questions = [
            (unit, followed[unit.parent_id], namesakes.get(unit))
            for unit in homeless
            if unit in namesakes or len(followed[unit.parent_id]) > 1
        ]
        free = {unit: parent for unit, parent in parents.items() if unit not in namesakes}
        return free, questions

    def _namesakes(self, parents):
        """``{hamlet: existing hamlet of the same kind and name under its new parent}``."""
        units = self.env["ttcs.unit"]
        existing = units.search(
            units._domain_in_force_on(self.date)
            & Domain("parent_id", "in", [parent.id for parent in parents.values()])
        )
        by_name = {(unit.parent_id, unit.kind_id, unit.name_key): unit for unit in existing}
        twins = {
            unit: by_name.get((parent, unit.kind_id, unit.name_key))
            for unit, parent in parents.items()
        }
        return {unit: twin for unit, twin in twins.items() if twin}

    def _create_successors(self, parents):
        """New rows for ended hamlets and the lineage to them; gives lines.

        :param parents: ``{ended hamlet: new parent}``
        """
        if not parents:
            return []
        names = names_in_new_parent(self._arriving(parents), self._taken(parents))
        values = [
            {
                **{field: unit[field] for field in COPIED if field != "kind_id"},
                "kind_id": unit.kind_id.id,
                "name": name,
                "parent_id": parent.id,
                "valid_from": self.date,
            }
            for (unit, parent), name in zip(parents.items(), names, strict=True)
        ]
        fresh = self.env["ttcs.unit"].create(values)
        self._join(dict(zip(parents, fresh, strict=True)))
        return [
            {
                "kind": "hamlet",
                "name": new.full_name,
                "old_name": old.parent_id.full_name,
                "new_name": new.parent_id.full_name,
                "note": False
                if new.name == old.name
                else self.env._("Another hamlet has the same name; rename it by decision."),
            }
            for old, new in zip(parents, fresh, strict=True)
        ]

    def _arriving(self, parents):
        communes = self.env["ttcs.unit"].union(*(unit.parent_id for unit in parents))
        met = Counter(communes.mapped("full_name"))
        return [
            Arriving(
                parent=parent.id,
                kind=unit.kind_id.id,
                key=unit.name_key,
                name=unit.name,
                # Two districts may have had a commune of the same name.
                former_parent=unit.parent_id.full_name
                if met[unit.parent_id.full_name] == 1
                else f"{unit.parent_id.full_name}, {unit.parent_id.parent_id.full_name}",
            )
            for unit, parent in parents.items()
        ]

    def _taken(self, parents):
        """Parent, kind and key of the parts that the new parents have already."""
        existing = self.env["ttcs.unit"].search_fetch(
            Domain("parent_id", "in", [parent.id for parent in parents.values()])
            & self.env["ttcs.unit"]._domain_in_force_on(self.date),
            ["parent_id", "kind_id", "name_key"],
        )
        return {(unit.parent_id.id, unit.kind_id.id, unit.name_key) for unit in existing}

    def _join(self, pairs):
        """Record the lineage from ended hamlets to those that follow them."""
        self.env["ttcs.unit.lineage"].create(
            [
                {
                    "predecessor_id": old.id,
                    "successor_id": new.id,
                    "kind": "transfer",
                    "date": self.date,
                    "decision": self.legal_document_id.number,
                    "legal_document_id": self.legal_document_id.id,
                }
                for old, new in pairs.items()
            ]
        )
