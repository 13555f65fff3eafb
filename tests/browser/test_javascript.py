"""Programs do the same before and after they are shrunk, asked from a real browser."""

from __future__ import annotations

import pytest

from odoo.addons.ttcs_base.light.javascript import compact

PROGRAMS = {
    "nested templates": "`a  // b ${ [1, 2].map((x) => `<${ x }  /* c */ >`).join(` // `) }  d`",
    "an expression after an arrow": '["a  b", "a b"].filter((x) => /a  b[/"`]?/.test(x))',
    "division or expression": "const a = 8, g = 2; const b = a / 4 / g; /4 \\/ g/.test('4 / g') + b",
    "counting and dividing": "let n = 9; const half = n++ / 2; half + n-- / 2 + - -n",
    "lines without semicolons": "let a = 1\nlet b = a\n++a\n;[a, b].join()",
    "a return before a line break": "(() => {\n    return\n    1;\n})() === undefined",
    "private members": """
        class Counter {
            static #made = 0;
            #value = 1;
            static { this.#made = 5; }
            has(other) { return #value in other; }
            get value() { return this.#value ?? 0; }
            static get made() { return Counter.#made; }
        }
        [new Counter().has(new Counter()), new Counter().value, Counter.made].join()""",
    "assignment and chains": "let o = { a: null }; o.a ??= 3; o.b ||= o?.a?.toFixed?.(1); [o.a, o.b]",
    "a number and a dot": "[1 .toFixed(1), 1.5.toFixed(0), 0.5 + .5, true?.5:1]",
    "quotes within quotes": """["it's // \\"on\\"", '/* "no" */', '\\\\', "a\\
b"].join("|")""",
    "comments that look like code": "/* ` ' \" */ 1 // ${'`'}\n + 1 /* // */ + 1",
    "a generator": "[...(function* () { yield* [1, 2]; yield /x  y/.source; })()].join()",
    "words next to signs": "(() => { for (const x of[1]) { if (x in[0, 1]) return typeof x; } })()",
}


@pytest.fixture(scope="module")
def page(browser):
    made = browser.new_page()
    yield made
    made.close()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_shrunk_program_gives_the_same(page, name):
    source = PROGRAMS[name]
    expected = page.evaluate("(source) => (0, eval)(source)", source)
    assert expected not in (None, "")
    assert len(compact(source)) <= len(source)
    assert page.evaluate("(source) => (0, eval)(source)", compact(source)) == expected
