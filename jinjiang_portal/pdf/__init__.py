"""PDF on paper: HTML rendered by WeasyPrint, which may fetch the portal's own static files alone; parts joined to one.

`render` makes a PDF from HTML and a style sheet; `join` puts finished parts together, writes the contents and the page
numbers, and gives the whole an outline. The same parts give the same bytes.
"""

from jinjiang_portal.pdf.fonts import require_chinese_font
from jinjiang_portal.pdf.joining import Part, join, page_count
from jinjiang_portal.pdf.rendering import render

__all__ = ["Part", "join", "page_count", "render", "require_chinese_font"]
