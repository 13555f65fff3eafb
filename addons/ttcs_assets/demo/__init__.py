"""The demo province: a plan that needs no Odoo, and the statements that write it.

Called by the set-up program, never by the add-on itself (``province.build_demo_province``).
"""
