"""HTML for the screens, in which no text can become markup: whatever is not a `Markup` already is escaped on its way in."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Sequence
from typing import Any

#: Characters that hide or turn text: control, direction and zero-width ones; shown as ⟦U+202E⟧.
_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")

_VOID = frozenset({"img", "br", "hr", "col", "wbr"})


class Markup(str):
    """Text that is HTML already. Made by `element`, `join` and `style` only."""

    __slots__ = ()


def escaped(value: Any) -> Markup:
    """Any value as text of a page: the one function through which data reach the screen."""
    if isinstance(value, Markup):
        return value
    if value is None:
        return Markup("")
    return Markup(html.escape(visible(str(value)), quote=True))


def visible(text: str) -> str:
    """The text with characters that cannot be seen written out."""
    return _INVISIBLE.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", text)


def label(text: str) -> str:
    """Text for a label that Streamlit reads as Markdown: every sign that it could take for markup stands for itself."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])", r"\\\1", visible(text))


def element(name: str, *children: Any, **attributes: Any) -> Markup:
    """An element; `cls` is its class, `aria_label` its aria-label. An attribute that is None or False is left out, True stands alone."""
    parts = [name]
    for key, value in attributes.items():
        word = {"cls": "class", "for_": "for"}.get(key, key.replace("_", "-"))
        if value is True:
            parts.append(word)
        elif value is not None and value is not False:
            parts.append(f'{word}="{escaped(value)}"')
    opening = f"<{' '.join(parts)}>"
    return Markup(opening) if name in _VOID else Markup(f"{opening}{join(children)}</{name}>")


def join(children: Iterable[Any], between: str = "") -> Markup:
    """Children one after another; None is nothing, lists are flattened."""
    flat: list[Markup] = []
    for child in children:
        if child is None or child == "":
            continue
        flat.append(join(child) if isinstance(child, list | tuple) else escaped(child))
    return Markup(escaped(between).join(flat))


def plain(text: Markup) -> str:
    """What is read of a piece of HTML, without its tags."""
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def table(
    caption: str, headings: Sequence[Any], rows: Iterable[Sequence[Any]], *, numeric: Iterable[int] = (), hide_caption: bool = False, cls: str = ""
) -> Markup:
    """A data table: caption, column headings, the first cell of each row its heading. numeric: columns set in tabular figures at the right."""
    right = set(numeric)
    head = element("tr", [element("th", heading, scope="col", cls="num" if at in right else None) for at, heading in enumerate(headings)])
    body = [
        element(
            "tr",
            [
                element("th" if at == 0 else "td", cell, scope="row" if at == 0 else None, cls="num" if at in right else None)
                for at, cell in enumerate(row)
            ],
        )
        for row in rows
    ]
    inner = element("table", element("caption", caption, cls="hidden" if hide_caption else None), element("thead", head), element("tbody", body))
    return element("div", inner, cls=f"sq-table {cls}".strip(), role="group", tabindex="0", aria_label=caption)


def picture(svg: str, text: str, cls: str) -> Markup:
    """A drawing as an image: it carries no script, and a reader hears its text."""
    coded = base64.b64encode(svg.encode()).decode()
    return element("img", src=f"data:image/svg+xml;base64,{coded}", alt=text, cls=cls)
