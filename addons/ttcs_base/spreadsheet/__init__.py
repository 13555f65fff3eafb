"""Reading the lists that offices keep in Excel, as they are. No Odoo here.

The way through: ``reader.open_workbook`` → ``headings.find_header`` and ``match_headings`` →
``rows.DataRows``, which parses each cell by ``values.parse``.
"""
