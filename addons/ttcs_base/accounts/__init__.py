"""Accounts of people: one-time codes, the slips they are printed on, passwords. No Odoo here."""
