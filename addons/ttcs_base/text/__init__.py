"""Vietnamese text: spelling, comparison keys, and repair of legacy encodings. No Odoo here."""
