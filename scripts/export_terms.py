"""Write the texts of every add-on into its ``i18n`` folder, and keep what is translated already.

Run it from a database that has every add-on of the suite installed and up to date::

    .venv/bin/python scripts/export_terms.py --config .run/odoo.conf --database ttcs

``i18n/<add-on>.pot`` lists the English texts as Odoo's own exporter finds them: labels, menus,
records of data files, messages of Python and JavaScript, and the terms of the light pages.
``i18n/vi.po`` gets the new ones without a translation and loses those that are gone; the last
line of output says how many remain to be translated.  The same sources always give the same
bytes, hence no dates: a test compares the ``.pot`` files with a fresh export.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from pathlib import Path

import polib

ADDONS_FOLDER = Path(__file__).resolve().parent.parent / "addons"
LANGUAGE = "vi"
METADATA = {
    "Project-Id-Version": "TTCS suite 19.0",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
# Texts of test cases are exported by Odoo too, but nobody is shown them.
_IN_TESTS = re.compile(r"addons/\w+/tests/")

# Kind ("code", "model", "model_terms"), file or "model,field", xmlid or line, English text,
# comments.
Row = tuple[str, str, str, str, tuple[str, ...]]


def addon_names() -> list[str]:
    """The add-ons of the suite, by their folders."""
    return sorted(manifest.parent.name for manifest in ADDONS_FOLDER.glob("*/__manifest__.py"))


def template_path(addon: str) -> Path:
    return ADDONS_FOLDER / addon / "i18n" / f"{addon}.pot"


def translation_path(addon: str) -> Path:
    return ADDONS_FOLDER / addon / "i18n" / f"{LANGUAGE}.po"


def exported_templates(env) -> dict[str, polib.POFile]:
    """What each add-on of the database shows in English, as entries without translation.

    ``env``: an environment of superuser on a database with every add-on installed.
    """
    from odoo.tools.translate import TranslationModuleReader

    rows: dict[str, list[Row]] = {addon: [] for addon in addon_names()}
    reader = TranslationModuleReader(env.cr, modules=list(rows))
    for addon, kind, name, place, source, _value, comments in reader:
        if not _IN_TESTS.match(name):
            rows[addon].append((kind, name, str(place), source, comments))
    return {addon: template(addon, found) for addon, found in rows.items()}


def template(addon: str, rows: list[Row]) -> polib.POFile:
    """The entries of one add-on in the order of their texts, each text once.

    >>> rows = [("code", "addons/a/b.py", "7", "Yes", ("odoo-python",)),
    ...         ("model", "a.b,name", "a.yes", "Yes", ())]
    >>> [entry] = template("a", rows)
    >>> entry.comment, entry.occurrences
    ('module: a\\nodoo-python', [('code:addons/a/b.py', '0'), ('model:a.b,name:a.yes', '')])
    """
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[3]].append(row)
    result = polib.POFile()
    result.metadata = dict(METADATA)
    for source in sorted(grouped):
        comments = {comment for row in grouped[source] for comment in row[4]}
        result.append(
            polib.POEntry(
                msgid=source,
                comment="\n".join([f"module: {addon}", *sorted(comments)]),
                occurrences=sorted({_occurrence(row) for row in grouped[source]}),
            )
        )
    return result


def _occurrence(row: Row) -> tuple[str, str]:
    """Where a text stands, without line numbers: a moved line is not a change."""
    kind, name, place = row[:3]
    return (f"code:{name}", "0") if kind == "code" else (f"{kind}:{name}:{place}", "")


def merged(exported: polib.POFile, translated: polib.POFile) -> polib.POFile:
    """The entries of an export with the translations that exist, and no others.

    >>> def catalogue(**texts):
    ...     result = polib.POFile()
    ...     result.extend(polib.POEntry(msgid=key, msgstr=text) for key, text in texts.items())
    ...     return result
    >>> kept = merged(catalogue(Yes="", No=""), catalogue(Yes="Có", Perhaps="Có thể"))
    >>> [(entry.msgid, entry.msgstr) for entry in kept]
    [('Yes', 'Có'), ('No', '')]
    """
    known = {entry.msgid: entry.msgstr for entry in translated if not entry.obsolete}
    result = polib.POFile()
    result.metadata = {**METADATA, "Language": LANGUAGE, "Plural-Forms": "nplurals=1; plural=0;"}
    result.extend(
        polib.POEntry(
            msgid=entry.msgid,
            msgstr=known.get(entry.msgid, ""),
            comment=entry.comment,
            occurrences=entry.occurrences,
        )
        for entry in exported
    )
    return result


def as_text(catalogue: polib.POFile) -> str:
    """The content of a file, as git keeps it."""
    return f"{catalogue}\n"


def write_templates(env) -> int:
    """Write both files of every add-on; gives the number of texts without a translation."""
    missing = 0
    for addon, exported in exported_templates(env).items():
        path = translation_path(addon)
        path.parent.mkdir(exist_ok=True)
        translated = polib.pofile(str(path)) if path.exists() else polib.POFile()
        result = merged(exported, translated)
        template_path(addon).write_text(as_text(exported), encoding="utf-8")
        path.write_text(as_text(result), encoding="utf-8")
        missing += sum(not entry.msgstr for entry in result)
    return missing


def main() -> None:
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tools import config

    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--config", required=True, help="settings file of Odoo")
    arguments.add_argument("--database", required=True, help="with every add-on installed")
    given = arguments.parse_args()
    config.parse_config(["-c", given.config, "-d", given.database, "--no-http"])
    with Registry(given.database).cursor(readonly=True) as cursor:
        missing = write_templates(Environment(cursor, SUPERUSER_ID, {}))
    print(f"{missing} texts remain to be translated into {LANGUAGE}.")


if __name__ == "__main__":
    main()
