"""The statements by which an inventory reads the register and adds itself up.

All take named parameters.  One statement serves any number of assets.
"""

# The assets that stood in the area on the freeze day: placed then, in use by then, not disposed
# of by then.  ``unit_id`` is the commune, or the place itself above communes.
EXPECTED = """
    SELECT asset.id AS equipment_id, asset.category_id, placed.agency_id,
        COALESCE(unit.commune_id, unit.id) AS unit_id, unit.id AS place_id,
        asset.original_cost, asset.in_use_date
    FROM ttcs_placement placed
    JOIN maintenance_equipment asset ON asset.id = placed.res_id
    JOIN ttcs_agency agency ON agency.id = placed.agency_id
    JOIN ttcs_unit unit ON unit.id = COALESCE(placed.unit_id, agency.unit_id)
    JOIN ttcs_unit_reach reach ON reach.from_unit_id = %(area)s AND reach.to_unit_id = unit.id
    WHERE placed.model = 'maintenance.equipment' AND placed.valid_from <= %(on)s
        AND (placed.valid_to IS NULL OR placed.valid_to >= %(on)s)
        AND asset.active AND (asset.in_use_date IS NULL OR asset.in_use_date <= %(on)s)
        AND (asset.life_state <> 'disposed' OR asset.disposed_on > %(on)s)
        AND (%(family)s::varchar IS NULL OR asset.family = %(family)s)
        AND (%(kinds)s::integer[] IS NULL OR asset.category_id = ANY(%(kinds)s))
"""

# What each sheet expects and found, by number and by value.
TOTALS = """
    SELECT line.sheet_id,
        sum(line.quantity) AS book_quantity,
        sum(line.original_cost) AS book_cost,
        sum(line.residual_value) AS book_residual,
        sum(line.counted_quantity) AS counted_quantity,
        sum(line.counted_cost) AS counted_cost,
        sum(line.counted_residual) AS counted_residual,
        count(*) FILTER (WHERE line.state = 'pending') AS pending_count,
        count(*) FILTER (WHERE line.state = 'found') AS found_count,
        count(*) FILTER (WHERE line.state = 'missing') AS missing_count,
        count(*) FILTER (WHERE line.state = 'elsewhere') AS elsewhere_count,
        count(*) FILTER (WHERE line.state = 'unexpected') AS unexpected_count
    FROM ttcs_inventory_line line
    WHERE line.sheet_id = ANY(%(sheets)s)
    GROUP BY line.sheet_id
"""

# The same, kept on the sheets.
RECONCILE = f"""
    WITH total AS ({TOTALS})
    UPDATE ttcs_inventory_sheet sheet
    SET book_quantity = total.book_quantity, book_cost = total.book_cost,
        book_residual = total.book_residual, counted_quantity = total.counted_quantity,
        counted_cost = total.counted_cost, counted_residual = total.counted_residual,
        reconciled_at = %(now)s
    FROM total WHERE total.sheet_id = sheet.id
"""
