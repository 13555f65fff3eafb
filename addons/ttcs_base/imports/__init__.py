"""Registers read from Excel lists: matching, verdicts, writing.  One module for each kind.

``record``, ``question``, ``places``, ``reading`` and ``workbook`` are pure; ``kind`` and what
builds on it asks the database through an environment.
"""
