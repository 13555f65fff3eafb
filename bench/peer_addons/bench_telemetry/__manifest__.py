{
    "name": "Telemetry by a controller",
    "summary": "The usual way in Odoo, as a baseline: a request, a record, a commit each",
    "version": "19.0.1.0.0",
    "author": "TTCS suite contributors",
    "website": "https://ttcs.example",
    "license": "LGPL-3",
    "category": "Hidden",
    "depends": ["base"],
    "installable": True,
}
