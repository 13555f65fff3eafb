from collections import defaultdict
from dataclasses import dataclass

import psycopg2
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import odoo.sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from .common import FOUNDED, TtcsCase

DEEPEST = 5


@dataclass(frozen=True)
class Batch:
    """What one statement adds or removes, by the order in which places were made.

    ``parents``: per new place the parent's number, or None; ``edges``: pairs (predecessor,
    successor) of a lineage; ``ended``: which of the edges so far are deleted again.
    """

    parents: tuple[int | None, ...]
    edges: frozenset[tuple[int, int]]
    ended: frozenset[tuple[int, int]]


@st.composite
def histories(draw) -> list[Batch]:
    """Trees of at most five levels that grow in batches, with lineages in any direction."""
    levels: list[int] = []
    edges: set[tuple[int, int]] = set()
    history = []
    for _step in range(draw(st.integers(1, 4))):
        possible = [None, *(place for place, level in enumerate(levels) if level < DEEPEST)]
        parents = draw(st.lists(st.sampled_from(possible), min_size=1, max_size=5))
        levels += [1 if parent is None else levels[parent] + 1 for parent in parents]
        place = st.integers(0, len(levels) - 1)
        pairs = st.tuples(place, place).filter(lambda pair: pair[0] != pair[1])
        fresh = draw(st.frozensets(pairs, max_size=4)) if len(levels) > 1 else frozenset()
        fresh -= edges
        edges |= fresh
        ended = draw(st.frozensets(st.sampled_from(sorted(edges)))) if edges else frozenset()
        edges -= ended
        history.append(Batch(tuple(parents), frozenset(fresh), ended))
    return history


def closure(parents: dict[int, int | None], edges: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Who reaches what, walked from every place anew: parts, and what a place came from."""
    below = defaultdict(set)
    for place, parent in parents.items():
        if parent is not None:
            below[parent].add(place)
    for predecessor, successor in edges:
        below[successor].add(predecessor)
    pairs = set()
    for start in parents:
        pending, seen = [start], {start}
        while pending:
            fresh = below[pending.pop()] - seen
            seen |= fresh
            pending += fresh
        pairs |= {(start, place) for place in seen}
    return pairs


@tagged("post_install", "-at_install")
class TestUnitReach(TtcsCase):
    """The closure that every record rule relies on."""

    def stored_pairs(self, units):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT from_unit_id, to_unit_id FROM ttcs_unit_reach"
            " WHERE from_unit_id = ANY(%(ids)s) OR to_unit_id = ANY(%(ids)s)",
            {"ids": units.ids},
        )
        return set(self.env.cr.fetchall())

    def reached_from(self, unit):
        reach = self.env["ttcs.unit.reach"].search([("from_unit_id", "=", unit.id)])
        return reach.to_unit_id

    def test_growing_closure_equals_one_walked_anew(self):
        kinds = ("province", "district", "commune", "hamlet", "residential_cluster")
        kinds = [self.env["ttcs.unit.kind"].search([("code", "=", code)]).id for code in kinds]

        @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(histories())
        def grow(history):
            with self.env.cr.savepoint() as savepoint:
                self._replay(history, kinds)
                savepoint.rollback()
            self.env.invalidate_all()

        grow()

    def _replay(self, history, kinds):
        """Carry out a history; after each statement the stored pairs are the expected ones."""
        units, lineages = self.env["ttcs.unit"], self.env["ttcs.unit.lineage"]
        places, levels, parents, edges = [], {}, {}, {}
        for batch in history:
            values = []
            for parent in batch.parents:
                upper = None if parent is None else places[parent].id
                level = 1 if upper is None else levels[upper] + 1
                values.append(
                    {
                        "name": f"Nơi {len(places) + len(values)}",
                        "kind_id": kinds[level - 1],
                        "parent_id": upper,
                        "valid_from": FOUNDED,
                    }
                )
            for unit, vals in zip(units.create(values), values, strict=True):
                places.append(unit)
                parents[unit.id] = vals["parent_id"]
                levels[unit.id] = kinds.index(vals["kind_id"]) + 1
            self._assert_closure(places, parents, edges)
            fresh = lineages.create(
                [
                    {
                        "predecessor_id": places[old].id,
                        "successor_id": places[new].id,
                        "kind": "merge",
                        "date": FOUNDED,
                    }
                    for old, new in batch.edges
                ]
            )
            edges |= dict(zip(batch.edges, fresh, strict=True))
            self._assert_closure(places, parents, edges)
            lineages.union(*(edges.pop(pair) for pair in batch.ended)).unlink()
            self._assert_closure(places, parents, edges)

    def _assert_closure(self, places, parents, edges):
        walked = closure(parents, {(places[old].id, places[new].id) for old, new in edges})
        self.assertEqual(self.stored_pairs(self.env["ttcs.unit"].union(*places)), walked)

    def test_successor_reaches_what_it_came_from_and_no_more(self):
        came_from = self.commune_a | self.commune_b | self.hamlet_a | self.hamlet_b
        self.assertEqual(
            self.reached_from(self.commune_c), self.commune_c | self.hamlet_c | came_from
        )
        self.assertEqual(self.reached_from(self.commune_a), self.commune_a | self.hamlet_a)
        self.assertEqual(self.reached_from(self.hamlet_c), self.hamlet_c)

    def test_every_successor_of_a_split_reaches_the_whole(self):
        for successor in (self.commune_e, self.commune_f):
            self.assertLessEqual(
                self.commune_d | self.hamlet_d, self.reached_from(successor), successor.name
            )

    def test_new_hamlet_of_a_former_commune_is_reached_by_its_successor(self):
        hamlet = self.make_unit("9", "hamlet", self.commune_a, valid_to=self.commune_a.valid_to)
        self.assertIn(hamlet, self.reached_from(self.commune_c))
        self.assertIn(hamlet, self.reached_from(self.province))
        self.assertNotIn(hamlet, self.reached_from(self.commune_g))

    def test_lineage_reaches_over_several_reforms(self):
        heir = self.make_unit("Nối", "commune", self.province)
        last = self.make_unit("Cuối", "commune", self.province)
        self.make_lineage(heir, last)
        self.make_lineage(self.commune_c, heir)
        self.assertLessEqual(self.commune_a | self.hamlet_a, self.reached_from(last))

    def test_corrected_lineage_moves_the_reach(self):
        edge = self.commune_a.successor_ids
        edge.successor_id = self.commune_g
        self.assertIn(self.hamlet_a, self.reached_from(self.commune_g))
        self.assertNotIn(self.hamlet_a, self.reached_from(self.commune_c))
        self.assertIn(self.hamlet_b, self.reached_from(self.commune_c))

    def test_deleted_place_is_reached_by_nobody(self):
        extra = self.make_unit("9", "hamlet", self.commune_g)
        id_ = extra.id
        extra.unlink()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM ttcs_unit_reach WHERE %s IN (from_unit_id, to_unit_id)", [id_]
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertIn(self.hamlet_g, self.reached_from(self.province))

    def test_deleted_heir_leaves_no_way_to_what_it_came_from(self):
        heir = self.make_unit("Nối", "commune", self.province)
        last = self.make_unit("Cuối", "commune", self.province)
        self.make_lineage(self.commune_g, heir)
        self.make_lineage(heir, last)
        self.assertIn(self.hamlet_g, self.reached_from(last))
        heir.unlink()
        self.assertEqual(self.reached_from(last), last)

    def test_deleting_many_places_rebuilds_the_closure_once(self):
        hamlets = self.env["ttcs.unit"].union(
            *(self.make_unit(f"{number}", "hamlet", self.commune_g) for number in range(2, 8))
        )
        self.env.cr.execute("SELECT taken FROM ttcs_unit_reach_turn")
        [before] = self.env.cr.fetchone()
        hamlets.unlink()
        self.env.cr.execute("SELECT taken FROM ttcs_unit_reach_turn")
        self.assertEqual(self.env.cr.fetchone(), (before + 1,))

    def test_rebuilding_changes_nothing(self):
        units = self.env["ttcs.unit"].search([])
        before = self.stored_pairs(units)
        self.env.cr.execute("SELECT ttcs_rebuild_reach()")
        self.assertEqual(self.stored_pairs(units), before)


@tagged("post_install", "-at_install")
class TestUnitReachAtOnce(BaseCase):
    """Two transactions that change places at the same time, on connections of their own."""

    def setUp(self):
        super().setUp()
        self.made = []
        self.addCleanup(self._delete_made)

    def _open(self):
        cursor = odoo.sql_db.db_connect(get_db_name()).cursor()
        self.addCleanup(cursor.close)
        return cursor, Environment(cursor, SUPERUSER_ID, {})

    def _make(self, env, name, parent_id=False):
        kind = "hamlet" if parent_id else "commune"
        kind = env["ttcs.unit.kind"].search([("code", "=", kind)])
        unit = env["ttcs.unit"].create(
            {"name": name, "kind_id": kind.id, "parent_id": parent_id, "valid_from": FOUNDED}
        )
        self.made.append(unit.id)
        return unit

    def _delete_made(self):
        with odoo.sql_db.db_connect(get_db_name()).cursor() as cursor:
            units = Environment(cursor, SUPERUSER_ID, {})["ttcs.unit"].browse(reversed(self.made))
            units.exists().unlink()

    @mute_logger("odoo.sql_db")
    def test_second_of_two_edges_is_tried_again_and_then_complete(self):
        first, env = self._open()
        old, new = self._make(env, "Cùng lúc, cũ"), self._make(env, "Cùng lúc, mới")
        first.commit()
        second, other_env = self._open()
        self.assertTrue(other_env["ttcs.unit"].browse(old.id).exists())
        env["ttcs.unit.lineage"].create(
            {"predecessor_id": old.id, "successor_id": new.id, "kind": "merge", "date": FOUNDED}
        )
        first.commit()
        # The second transaction began before the first committed: it cannot see the lineage,
        # and without the refusal the successor would never reach this hamlet.
        with self.assertRaises(psycopg2.errors.SerializationFailure):
            self._make(other_env, "1", old.id)
            other_env.flush_all()
        second.rollback()
        other_env.transaction.reset()
        hamlet = self._make(other_env, "1", old.id)
        reached = other_env["ttcs.unit.reach"].search([("from_unit_id", "=", new.id)]).to_unit_id
        second.commit()
        self.assertIn(hamlet.id, reached.ids)
