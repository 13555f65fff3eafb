"""Reading JavaScript just far enough to shrink it and to find what it imports.

The suite has no build tools, so its ES modules are shrunk here.  The package ``rjsmin``, which
Odoo uses for its own assets, was tried first (1.3.0) and rewrites two forms that the light
pages use: text inside nested template literals, and blanks inside a regular expression that
follows ``=>``.  This scanner keeps every string, template and regular expression as written
and only drops comments and white space that cannot matter, ASI (automatic insertion of
semicolons) included.

Two rules for sources, which tests of the add-ons' own modules enforce by building them:

* a static ``import`` or ``export … from`` begins its line;
* no regular expression follows a closing bracket (``if (x) /re/.test(y)``), where only a full
  parser could tell it from a division.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

CODE, SPACE, LITERAL = "code", "space", "literal"

_SPACE = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)+", re.DOTALL)
_QUOTED = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", re.DOTALL)
_REGULAR = re.compile(r"/(?![*/])(?:[^\\/\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[A-Za-z]*")
_WORD = re.compile(r"[\w$#\\]+")
_NUMBER = re.compile(r"[0-9_.]+\w*")
# After one of these words a slash begins a regular expression, not a division.
_BEFORE_EXPRESSION = frozenset(
    "await case delete do else in instanceof new of return throw typeof void yield".split()
)
# A line break after, or before, one of these never ends a statement.
_NO_BREAK_AFTER = frozenset("{([,;:?=&|<>*%^!~.")
_NO_BREAK_BEFORE = frozenset(")]},;:?.=&|%<>^")

_STATIC_IMPORT = re.compile(
    r"^(?:import|export)\b[^;'\"`()]*?(?:\bfrom\b\s*)?[\"'](?P<specifier>[^\"'\n]+)[\"']",
    re.MULTILINE,
)
_DYNAMIC_IMPORT = re.compile(r"\bimport\(\s*[\"'](?P<specifier>[^\"'\n]+)[\"']\s*\)")
_TERM = re.compile(r"\bt\(\s*(?P<quoted>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")


class JavaScriptError(ValueError):
    """A source that the scanner cannot read; the text says where."""


@dataclass(frozen=True)
class Import:
    """One import: the text between the quotes, where it stands, and whether it is lazy."""

    specifier: str
    start: int
    end: int
    lazy: bool


def scan(source: str) -> Iterator[tuple[str, str]]:
    """Split a source into pieces ``(kind, text)`` whose texts joined give the source again.

    :raises JavaScriptError: when a string, template or comment does not end

    >>> list(scan("a = `x${ b }` // note"))[-2:]
    [('literal', '`x${ b }`'), ('space', ' // note')]
    """
    position, before = 0, ""
    while position < len(source):
        kind, end = _piece(source, position, before)
        text = source[position:end]
        if kind != SPACE:
            before = text
        yield kind, text
        position = end


def _piece(source: str, position: int, before: str) -> tuple[str, int]:
    space = _SPACE.match(source, position)
    if space:
        return SPACE, space.end()
    symbol = source[position]
    if symbol == "`":
        return LITERAL, _template_end(source, position)
    if symbol in "\"'":
        return LITERAL, _end_of(_QUOTED, source, position, "string")
    if symbol == "/":
        if source.startswith("/*", position):
            raise _error(source, position, "comment")
        if _begins_expression(before):
            return LITERAL, _end_of(_REGULAR, source, position, "regular expression")
    if source[position : position + 2] in ("++", "--"):
        return CODE, position + 2
    if symbol.isdigit():
        return CODE, _end_of(_NUMBER, source, position, "number")
    word = _WORD.match(source, position)
    return CODE, word.end() if word else position + 1


def _begins_expression(before: str) -> bool:
    """Whether an expression, not an operator, comes after this piece.

    >>> [_begins_expression(piece) for piece in ("", "=", "return", "x", ")", "'s'")]
    [True, True, True, False, False, False]
    """
    if not before or before in _BEFORE_EXPRESSION:
        return True
    if before in ("++", "--"):
        return False
    return before[-1] in "{}([,;:?=&|<>+-*%^!~" and before[0] not in "\"'`/"


def _template_end(source: str, start: int) -> int:
    """The position after a template literal, whatever is nested in its ``${…}``."""
    position = start + 1
    while position < len(source):
        if source[position] == "\\":
            position += 2
        elif source[position] == "`":
            return position + 1
        elif source.startswith("${", position):
            position = _substitution_end(source, position + 2)
        else:
            position += 1
    raise _error(source, start, "template")


def _substitution_end(source: str, position: int) -> int:
    start, depth, before = position, 1, "{"
    while position < len(source):
        kind, end = _piece(source, position, before)
        text = source[position:end]
        if kind == CODE:
            depth += (text == "{") - (text == "}")
        if not depth:
            return end
        if kind != SPACE:
            before = text
        position = end
    raise _error(source, start, "template")


def _end_of(pattern: re.Pattern, source: str, position: int, name: str) -> int:
    match = pattern.match(source, position)
    if not match:
        raise _error(source, position, name)
    return match.end()


def _error(source: str, position: int, name: str) -> JavaScriptError:
    line = source.count("\n", 0, position) + 1
    return JavaScriptError(f"line {line}: this {name} does not end")


def compact(source: str) -> str:
    """The same program without comments and needless white space.

    >>> compact("const a = 1; // one\\n\\n/* two */ let b =\\n  a ++\\nc")
    'const a=1;let b=a++\\nc'
    >>> compact("f(x => /a  b/.test(x), `c  ${ `d  // ${1 + 1}` }`)")
    'f(x=>/a  b/.test(x),`c  ${ `d  // ${1 + 1}` }`)'
    >>> compact("a = b + +c - -d; return /x/; 1 .toFixed(); a / b / c")
    'a=b+ +c- -d;return/x/;1 .toFixed();a/b/c'
    """
    result: list[str] = []
    space = ""
    for kind, text in scan(source):
        if kind == SPACE:
            space += text
            continue
        if space and result:
            result.append(_needed_space(result[-1][-1], text[0], space))
        space = ""
        result.append(text)
    return "".join(result)


def _needed_space(before: str, after: str, space: str) -> str:
    if "\n" in space:
        joins = before in _NO_BREAK_AFTER or after in _NO_BREAK_BEFORE
        return "" if joins and not _would_merge(before, after) else "\n"
    return " " if _would_merge(before, after) else ""


def _would_merge(before: str, after: str) -> bool:
    """Whether two neighbours would become another token without a blank between them."""
    if before in "+-/" and after in "+-/":
        return True
    if after == ".":
        return before.isdigit()
    return bool(_WORD.match(before) and _WORD.match(after))


def imports(source: str) -> list[Import]:
    """The modules that a source names, in order; addresses made at run time are not seen.

    >>> [(found.specifier, found.lazy) for found in imports(
    ...     'import { a } from "./a.js";\\nconst b = () => import("./b.js");')]
    [('./a.js', False), ('./b.js', True)]
    """
    masked = _without_comments(source)
    found = [
        Import(match["specifier"], *match.span("specifier"), lazy)
        for pattern, lazy in ((_STATIC_IMPORT, False), (_DYNAMIC_IMPORT, True))
        for match in pattern.finditer(masked)
    ]
    return sorted(found, key=lambda one: one.start)


def terms(source: str) -> list[str]:
    """The English texts given to ``t("…")``, which the server translates.

    >>> terms('t("Send now"); /* t("no") */ t("It is \\\\"on\\\\"", {});')
    ['Send now', 'It is "on"']
    """
    return [
        _ESCAPE.sub(_unescaped, match["quoted"][1:-1])
        for match in _TERM.finditer(_without_comments(source))
    ]


def _unescaped(match: re.Match) -> str:
    escaped = match[1]
    return chr(int(escaped[1:], 16)) if len(escaped) == 5 else escaped


def _without_comments(source: str) -> str:
    """The source with every comment blanked, so that positions stay those of the source."""
    return "".join(
        re.sub(r"\S", " ", text) if kind == SPACE else text for kind, text in scan(source)
    )
