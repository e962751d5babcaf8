"""Finished PDF parts joined to one document with contents, page numbers and outline."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jinjiang_portal.pdf.rendering import render

# Pages before the first numbered one: cover and contents.
FRONT = 2
CONTENTS_PAGE = 1
TEXT_HEIGHT = 560  # points below the heading of the contents
LINE, SMALLEST_LINE = 28.95, 15.0


@dataclass(frozen=True)
class Part:
    """A finished PDF and what it is called in the contents; the first part brings its own headings."""

    title: str
    content: bytes


@dataclass(frozen=True)
class Heading:
    """A line of the contents: level 1 or 2, title, and the page it stands on, counted from 0 in the whole."""

    level: int
    title: str
    page: int


def page_count(content: bytes) -> int:
    """Pages of a PDF."""
    with pikepdf.open(io.BytesIO(content)) as document:
        return len(document.pages)


def _headings(document: pikepdf.Pdf) -> list[Heading]:
    """The outline the renderer wrote from the headings."""
    numbers = {page.objgen: number for number, page in enumerate(document.pages)}
    found: list[Heading] = []

    def read(items: Any, level: int) -> None:
        for item in items:
            target = item.destination
            if target is not None and len(target) and target[0].objgen in numbers:
                found.append(Heading(level, str(item.title), numbers[target[0].objgen]))
            read(item.children, level + 1)

    with document.open_outline() as outline:
        read(outline.root, 1)
    return found


def join(parts: list[Part], *, title: str = "", author: str = "") -> bytes:
    """The whole: the first part (cover, contents page, sections), then the others, each beginning on a new page.

    The contents are written onto the second page, page numbers from the third page on, as — 1 — at the outer edge.
    The outline leads to every heading. The same parts give the same bytes.
    """
    with pikepdf.new() as whole:
        headings: list[Heading] = []
        for number, part in enumerate(parts):
            with pikepdf.open(io.BytesIO(part.content)) as document:
                start = len(whole.pages)
                if number == 0:
                    headings += [h for h in _headings(document) if h.level <= 2]
                else:
                    headings.append(Heading(1, part.title, start))
                whole.pages.extend(document.pages)
        _stamp(whole, headings)
        _outline(whole, headings)
        with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
            about["dc:title"] = title or parts[0].title
            about["dc:language"] = ["zh-CN"]
        whole.docinfo["/Title"] = title or parts[0].title
        if author:
            whole.docinfo["/Author"] = author
        whole.Root.Lang = pikepdf.String("zh-CN")
        written = io.BytesIO()
        whole.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


def _outline(whole: pikepdf.Pdf, headings: list[Heading]) -> None:
    with whole.open_outline() as outline:
        parent = None
        for heading in headings:
            item = pikepdf.OutlineItem(heading.title, heading.page, "Fit")
            if heading.level == 1 or parent is None:
                outline.root.append(item)
                parent = item
            else:
                parent.children.append(item)


def _stamp(whole: pikepdf.Pdf, headings: list[Heading]) -> None:
    """Lay contents and page numbers over the pages: one small document, page by page."""
    sheets = len(whole.pages)
    if sheets <= FRONT:
        return
    overlay = render(_overlay_html(headings, sheets), OVERLAY_CSS)
    with pikepdf.open(io.BytesIO(overlay)) as marks:
        for number, mark in enumerate(marks.pages):
            if number and number < sheets:
                _lay_over(whole, whole.pages[number], mark, f"/Mark{number}")


def _lay_over(whole: pikepdf.Pdf, page: pikepdf.Page, mark: pikepdf.Page, name: str) -> None:
    """Draw `mark` over the page. Page.add_overlay would name it at random, and no two builds would agree."""
    form = whole.copy_foreign(mark.as_form_xobject())
    # Pages share their resources: each mark needs a name of its own.
    page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(name))
    page.contents_add(b"q\n", prepend=True)
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    # A wide page is bound at its top: its number stands where it would with the sheet turned upright.
    turned = f"0 -1 1 0 {left:g} {top:g} cm " if right - left > top - bottom else ""
    page.contents_add(f"\nQ q {turned}{name} Do Q".encode())


def _overlay_html(headings: list[Heading], sheets: int) -> SafeString:
    listed = [heading for heading in headings if heading.page >= FRONT and heading.level == 1]
    line = min(LINE, max(SMALLEST_LINE, TEXT_HEIGHT / max(len(listed), 1)))
    size = "full" if line > 24 else "tight" if line > 19 else "dense"
    rows = format_html_join(
        "",
        '<p class="row"><span class="t">{}</span><span class="n">{}</span></p>',
        ((heading.title, heading.page - FRONT + 1) for heading in listed),
    )
    pages = format_html_join("", '<section class="page"><p class="{}">— {} —</p></section>', _page_marks(sheets))
    return format_html(
        '<!doctype html><html lang="zh-Hans-CN"><head><meta charset="utf-8"><title>.</title></head><body>'
        '<section class="page"></section><section class="page list {}">{}</section>{}</body></html>',
        size, rows, pages,
    )  # fmt: skip


def _page_marks(sheets: int) -> Iterator[tuple[str, int]]:
    for number in range(1, sheets - FRONT + 1):
        yield ("odd" if number % 2 else "even", number)


OVERLAY_CSS = """
@page { size: A4; margin: 0; }
body { margin: 0; font-family: "宋体", "SimSun", "Noto Serif CJK SC"; }
.page { position: relative; height: 297mm; break-after: page; overflow: hidden; }
.page:last-child { break-after: auto; }
.odd, .even { position: absolute; bottom: 25mm; margin: 0; font-size: 14pt; line-height: 1; }
.odd { right: calc(26mm + 1em); }
.even { left: calc(28mm + 1em); }
.list { padding: 68mm 26mm 0 28mm; box-sizing: border-box; }
.list { font-family: "仿宋_GB2312", "FangSong", "Noto Serif CJK SC"; }
.row { margin: 0; display: flex; align-items: baseline; }
.full .row { font-size: 16pt; line-height: 28.95pt; }
.tight .row { font-size: 14pt; line-height: 21pt; }
.dense .row { font-size: 12pt; line-height: 16pt; }
.t { flex: 1; overflow: hidden; white-space: nowrap; }
.t::after { content: leader("·"); letter-spacing: 0; }
.n { padding-left: 2mm; }
"""
