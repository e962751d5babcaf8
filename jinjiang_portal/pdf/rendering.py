"""HTML to PDF, fetching nothing but the portal's own static files (SECURITY 11)."""

import logging
import mimetypes
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from jinjiang_portal.pdf.fonts import require_chinese_font

logger = logging.getLogger("portal.pdf")

# An address of its own, so that static files are told apart from everything else a text may name.
HOST = "static.invalid"
BASE = f"https://{HOST}/"
_PICTURE = re.compile(r"data:image/(png|jpeg|webp);base64,", re.IGNORECASE)


class Refused(ValueError):
    """The document named something that may not be fetched."""


class StaticOnly(URLFetcher):
    """Fetches files the static finders know, and pictures written into the page; everything else is refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False, **kwargs)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Any = None) -> Any:
        """The file's content; Refused for any other address."""
        if _PICTURE.match(url):
            return super().fetch(url, headers)
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.netloc == HOST:
            name = unquote(parts.path).lstrip("/")
            found = finders.find(name) if name and ".." not in name.split("/") else None
            if found and Path(str(found)).is_file():
                kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
                return URLFetcherResponse(url, Path(str(found)).read_bytes(), {"Content-Type": kind})
        self.refused.append(parts.scheme)
        # The scheme alone: the rest of the address may hold what nobody wants in a log.
        logger.warning("A document named an address of scheme %s, which is never fetched.", parts.scheme or "none")
        raise Refused(f"{parts.scheme}: may not be fetched")


def render(html: str, css: str = "") -> bytes:
    """The PDF of a page. ImproperlyConfigured without a Chinese font; addresses outside are left out of the page."""
    require_chinese_font()
    fetcher = StaticOnly()
    fonts = FontConfiguration()
    sheets = [CSS(string=css, font_config=fonts, url_fetcher=fetcher, base_url=BASE)] if css else []
    page = HTML(string=html, base_url=BASE, url_fetcher=fetcher)
    return bytes(page.write_pdf(stylesheets=sheets, font_config=fonts))
