"""Light pages: small offline front ends that never load the Odoo web client.

``static/light/README.md`` tells how an add-on writes one.  Here is the server's half: what a
page is (``app``), its ES modules made ready to send (``javascript``, ``bundle``), its HTML,
manifest and service worker (``page``), its icons (``icon``) and the kit's texts (``terms``).
Only ``terms`` and ``controllers/light.py`` know Odoo.
"""
