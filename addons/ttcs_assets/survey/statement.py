"""The SQL behind the figures of a survey: one statement for every commune at once.

``ITEM`` defines the relation ``item``: what there was on the map date ``%(on)s``, each row with
the commune that it counts for.

* An asset counts where its placement of that day says (``ttcs_placement``), or where its agency
  is when it has no place; only assets in use.  Condition and state of use are those recorded
  last: the register keeps no history of them.  An asset recorded after the map date of which
  nobody knows since when it is in use counts where it was recorded, if that place was there
  then: old lists seldom know the day, and communes record them while a survey runs.
* A place that had ended by then is followed to what it became.  When that is not one commune
  (a split), the asset counts for the province, marked ``is_split``, until somebody places it.
* A hamlet or residential cluster has sound when a cluster in it, or in a part of it, works at
  least badly, as ``ttcs.unit`` has it.
"""

from __future__ import annotations

from .catalogue import INDICATORS, Indicator

_IN_FORCE = (
    "({0}.valid_from <= %(on)s AND ({0}.valid_to IS NULL OR {0}.valid_to >= %(on)s))".format
)

ITEM = f"""
WITH RECURSIVE present AS MATERIALIZED (
    SELECT asset.id, COALESCE(asset.name ->> %(lang)s, asset.name ->> 'en_US') AS name,
        asset.family, asset.condition, asset.station_id,
        asset.horn_count, asset.board_site, asset.board_is_electronic, asset.in_use_date,
        COALESCE(placement.unit_id, agency.unit_id) AS unit_id
    FROM ttcs_placement placement
    JOIN maintenance_equipment asset ON asset.id = placement.res_id
    LEFT JOIN ttcs_agency agency ON agency.id = placement.agency_id
    LEFT JOIN ttcs_unit recorded_at
        ON recorded_at.id = COALESCE(placement.unit_id, agency.unit_id)
    WHERE placement.model = 'maintenance.equipment'
        AND ({_IN_FORCE("placement")} OR (
            asset.in_use_date IS NULL AND placement.valid_from > %(on)s
            AND {_IN_FORCE("recorded_at")} AND NOT EXISTS (
                SELECT FROM ttcs_placement earlier
                WHERE earlier.model = placement.model AND earlier.res_id = placement.res_id
                    AND earlier.valid_from < placement.valid_from)))
        AND asset.active AND asset.life_state = 'in_use'
        AND asset.family IN ('station', 'cluster', 'board')
        AND (asset.in_use_date IS NULL OR asset.in_use_date <= %(on)s)
), moved (unit_id, became_id) AS (
    SELECT unit.id, unit.id
    FROM ttcs_unit unit
    WHERE unit.id IN (SELECT unit_id FROM present) AND NOT {_IN_FORCE("unit")}
    UNION
    SELECT moved.unit_id, step.became_id
    FROM moved
    JOIN ttcs_unit unit ON unit.id = moved.became_id AND NOT {_IN_FORCE("unit")}
    CROSS JOIN LATERAL (
        SELECT edge.successor_id AS became_id
        FROM ttcs_unit_lineage edge
        WHERE edge.predecessor_id = unit.id AND edge.date <= %(on)s
        UNION ALL
        SELECT unit.parent_id
        WHERE unit.parent_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM ttcs_unit_lineage edge
            WHERE edge.predecessor_id = unit.id AND edge.date <= %(on)s)
    ) step
), became AS (
    SELECT moved.unit_id,
        CASE
            WHEN count(DISTINCT unit.id) = 1 THEN min(unit.id)
            WHEN count(DISTINCT COALESCE(unit.commune_id, -unit.id)) = 1
                THEN min(unit.commune_id)
            ELSE min(split_part(unit.parent_path, '/', 1)::integer)
        END AS place_id,
        count(DISTINCT COALESCE(unit.commune_id, -unit.id)) > 1 AS is_split
    FROM moved
    JOIN ttcs_unit unit ON unit.id = moved.became_id AND {_IN_FORCE("unit")}
    GROUP BY moved.unit_id
), located AS MATERIALIZED (
    SELECT present.*, place.id AS place_id, place.commune_id, place.parent_path,
        COALESCE(became.is_split, FALSE) AS is_split
    FROM present
    LEFT JOIN became ON became.unit_id = present.unit_id
    JOIN ttcs_unit place ON place.id = COALESCE(became.place_id, present.unit_id)
), technology AS (
    SELECT station_id,
        CASE WHEN count(DISTINCT technology) FILTER (WHERE {_IN_FORCE("used")}) > 1
            THEN 'mixed' ELSE min(technology) FILTER (WHERE {_IN_FORCE("used")}) END AS kind,
        CASE WHEN bool_or(technology = 'ip' AND {_IN_FORCE("used")})
            THEN min(valid_from) FILTER (WHERE technology = 'ip') END AS converted_on,
        string_agg(technology || ':' || valid_from, ' ' ORDER BY valid_from, technology)
            FILTER (WHERE {_IN_FORCE("used")}) AS technologies
    FROM ttcs_station_technology used
    WHERE valid_from <= %(on)s
    GROUP BY station_id
), clusters AS (
    SELECT station_id, count(*) AS station_clusters
    FROM present WHERE family = 'cluster' GROUP BY station_id
), sound AS (
    SELECT upper_unit.id AS place_id, bool_or(condition IN ('good', 'degraded')) AS is_heard
    FROM located
    CROSS JOIN LATERAL unnest(
        string_to_array(trim(trailing '/' FROM parent_path), '/')::integer[]
    ) AS upper_unit(id)
    WHERE family = 'cluster'
    GROUP BY upper_unit.id
), item AS (
    SELECT located.id AS record_id, located.name, located.family AS subject,
        located.commune_id, located.parent_path, located.is_split, located.condition,
        located.station_id, technology.kind, technology.converted_on, technology.technologies,
        COALESCE(clusters.station_clusters, 0) AS station_clusters,
        located.horn_count, located.board_site,
        COALESCE(located.board_is_electronic, FALSE) AS is_electronic,
        located.in_use_date, NULL::varchar AS sound
    FROM located
    LEFT JOIN technology ON technology.station_id = located.id AND located.family = 'station'
    LEFT JOIN clusters ON clusters.station_id = located.id AND located.family = 'station'
    UNION ALL
    SELECT unit.id, unit.full_name, CASE unit.level WHEN 4 THEN 'hamlet' ELSE 'residential' END,
        unit.commune_id, unit.parent_path, FALSE, NULL, NULL, NULL, NULL, NULL, 0, 0, NULL,
        FALSE, NULL,
        CASE WHEN sound.is_heard THEN 'heard' WHEN sound.place_id IS NULL THEN 'none'
            ELSE 'silent' END
    FROM ttcs_unit unit
    LEFT JOIN sound ON sound.place_id = unit.id
    WHERE unit.level IN (4, 5) AND {_IN_FORCE("unit")}
)
"""

_WITHIN = "item.parent_path LIKE %(path)s || '%%'"


def _aggregate(indicator: Indicator) -> str:
    return f"{indicator.aggregate} FILTER (WHERE {indicator.condition})"


_COUNTS = ",\n    ".join(
    f"COALESCE({_aggregate(indicator)}, 0)::integer AS {indicator.key}" for indicator in INDICATORS
)

# One row for each commune with anything in it; commune_id is NULL for what belongs to none.
COUNTS = f"""{ITEM}
SELECT item.commune_id, item.is_split,
    {_COUNTS}
FROM item
WHERE {_WITHIN}
GROUP BY item.commune_id, item.is_split
"""

# One row for each station, and one for a commune's clusters whose station is not in it.  Grouped
# and never joined with itself: the planner knows nothing of the size of ``item``.
LINES = f"""{ITEM}, part AS (
    SELECT commune_id, record_id AS station_id, TRUE AS is_station, name, kind, converted_on,
        technologies, station_clusters, 0 AS clusters, 0 AS working, 0 AS horns
    FROM item
    WHERE subject = 'station' AND {_WITHIN}
    UNION ALL
    SELECT commune_id, station_id, FALSE, NULL, NULL, NULL, NULL, 0, count(*),
        count(*) FILTER (WHERE condition IN ('good', 'degraded')),
        COALESCE(sum(horn_count), 0)
    FROM item
    WHERE subject = 'cluster' AND {_WITHIN}
    GROUP BY commune_id, station_id
), whole AS (
    SELECT commune_id, station_id, bool_or(is_station) AS is_station, max(name) AS name,
        max(kind) AS kind, max(converted_on) AS converted_on,
        max(technologies) AS technologies, sum(station_clusters) AS station_clusters,
        sum(clusters) AS clusters, sum(working) AS working, sum(horns) AS horns
    FROM part
    GROUP BY commune_id, station_id
)
SELECT commune_id, station_id, name, kind, converted_on, technologies,
    clusters::integer, working::integer, horns::integer,
    (station_clusters - clusters)::integer AS elsewhere
FROM whole
WHERE is_station
UNION ALL
SELECT commune_id, NULL, NULL, NULL, NULL, NULL, sum(clusters)::integer,
    sum(working)::integer, sum(horns)::integer, 0
FROM whole
WHERE NOT is_station
GROUP BY commune_id
"""


def records_of(indicator: Indicator) -> str:
    """The statement that gives the ids of what a count counts, so that each can be opened."""
    return f"{ITEM} SELECT item.record_id FROM item WHERE {_WITHIN} AND {indicator.condition}"
