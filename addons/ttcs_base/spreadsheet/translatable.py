"""A mark on English texts that the calling add-on shows to people in their language."""


def _lt(source: str) -> str:
    """Return ``source``; the name is one that Odoo's export of terms looks for.

    Placeholders are of the form ``%(name)s``, so that a translation may reorder them.
    """
    return source
