"""PDF: Chinese is there, nothing is fetched, parts join with contents, numbers and outline (SECURITY 11, D3.5)."""

import http.server
import io
import re
import subprocess
import threading
from urllib.parse import urljoin

import pikepdf
import pytest
from django.core.exceptions import ImproperlyConfigured

from jinjiang_portal import pdf
from jinjiang_portal.pdf.fonts import check_fonts, chinese_fonts
from jinjiang_portal.pdf.rendering import BASE, Refused, StaticOnly


def text_of(content: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True
    ).stdout.decode()


@pytest.fixture
def listener():
    """A loopback server that must see no request."""
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1], seen
    server.shutdown()
    server.server_close()


def test_chinese_text_is_on_the_page():
    assert "独居老人走访" in text_of(pdf.render("<p>独居老人走访 1,234 次</p>"))


HOSTILE = """
<link rel="stylesheet" href="{0}/a.css"><link rel="attachment" href="file:///etc/passwd">
<style>@import url({0}/b.css); @font-face {{ font-family: x; src: url({0}/c.woff) }}
body {{ background: url({0}/d.png); font-family: x }} li {{ list-style-image: url(file:///etc/passwd) }}</style>
<img src="{0}/e.png"><img src="file:///etc/passwd"><img src="../../../etc/passwd"><img src="https://static.invalid/../../etc/passwd">
<object data="{0}/f.svg"></object><embed src="{0}/g.svg"><iframe src="{0}/h.html"></iframe>
<svg><image href="{0}/i.png" width="9" height="9"/><use href="{0}/j.svg#x"/></svg>
<img src="data:text/html,<b>x</b>"><img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>">
<img src="ftp://127.0.0.1/x.png"><img src="gopher://127.0.0.1/x"><a rel="attachment" href="file:///etc/passwd">a</a>
<p>正文仍在</p>
"""


def test_hostile_markup_makes_a_page_and_fetches_nothing(listener):
    port, seen = listener
    content = pdf.render(HOSTILE.format(f"http://127.0.0.1:{port}"))
    assert "正文仍在" in text_of(content)
    assert "root:" not in text_of(content)
    assert seen == []
    with pikepdf.open(io.BytesIO(content)) as document:
        assert len(document.attachments) == 0


def test_a_refusal_is_logged_without_the_address(caplog):
    pdf.render('<img src="http://127.0.0.1:9/secret?name=王某"><p>正文</p>')
    told = [record.getMessage() for record in caplog.records if record.name == "portal.pdf"]
    assert told == ["A document named an address of scheme http, which is never fetched."]
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "address",
    [
        "../manage.py", "%2e%2e/manage.py", "css/../../manage.py", "/..%2fmanage.py", "css/%2e%2e/%2e%2e/manage.py",
        "//static.invalid@127.0.0.1/x", "https://static.invalid:443/css/print.css", "", "css", "css/%00.css",
    ],
)  # fmt: skip
def test_nothing_outside_the_static_files_is_reached(address):
    with pytest.raises(Refused):
        StaticOnly().fetch(urljoin(BASE, address))


def test_no_chinese_font_names_the_command_that_installs_one(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    chinese_fonts.cache_clear()
    try:
        with pytest.raises(ImproperlyConfigured, match="apt-get install -y fonts-noto-cjk"):
            pdf.render("<p>x</p>")
        assert [error.id for error in check_fonts(None)] == ["portal.E001"]
    finally:
        chinese_fonts.cache_clear()
    monkeypatch.undo()
    assert check_fonts(None) == []


def test_own_static_files_and_written_pictures_are_shown():
    dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    content = pdf.render(
        f'<link rel="stylesheet" href="css/print.css"><img src="data:image/png;base64,{dot}"><p>图</p>'
    )
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.pages[0].get_images()


def body(sections: int) -> bytes:
    parts = "".join(
        f'<h1 style="break-before:page">第{n}部分 总体情况</h1><p>正文{n}</p>' for n in range(1, sections + 1)
    )
    css = "h1 { bookmark-level: 1 } @page { size: A4 }"
    return pdf.render(f'<p>封面</p><p style="break-before:page">目录</p>{parts}', css)


def test_joined_parts_have_contents_numbers_and_outline():
    parts = [pdf.Part("中期工作报告", body(3)), pdf.Part("附件 陈埭站", pdf.render("<p>陈埭站数据</p>"))]
    whole = pdf.join(parts)
    pages = text_of(whole).split("\f")
    assert pdf.page_count(whole) == 6
    assert "第2部分 总体情况" in pages[1]
    assert "附件 陈埭站" in pages[1]
    assert "—" not in pages[0]
    assert "—1—" in pages[2].replace(" ", "")
    assert "—4—" in pages[5].replace(" ", "")
    with pikepdf.open(io.BytesIO(whole)) as document, document.open_outline() as outline:
        assert [str(item.title) for item in outline.root][-1] == "附件 陈埭站"
        assert document.docinfo["/Title"] == "中期工作报告"


def test_the_number_of_a_wide_page_stands_where_it_does_upright():
    css = "@page { size: A4 } @page wide { size: A4 landscape } .wide { page: wide } h1 { break-before: page }"
    first = pdf.render("<p>封面</p><h1>目录</h1><h1>甲</h1><h1 class='wide'>横表</h1>", css)
    listed = subprocess.run(
        ["pdftotext", "-bbox", "-f", "4", "-", "-"],
        input=pdf.join([pdf.Part("x", first)]),
        capture_output=True,
        check=True,
    ).stdout.decode()
    mark = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>—', listed)
    assert float(mark[1]) < 85
    assert float(mark[2]) < 200


def test_the_same_parts_give_the_same_bytes():
    parts = [pdf.Part("报告", body(2)), pdf.Part("附件", pdf.render("<p>站</p>"))]
    assert pdf.join(parts) == pdf.join(parts)


@pytest.mark.parametrize("count", [1, 18, 34])
def test_contents_of_any_length_stay_on_their_page(count):
    station = pdf.render("<p>站</p>")
    whole = pdf.join([pdf.Part("报告", body(1)), *[pdf.Part(f"附件{n}", station) for n in range(count)]])
    assert f"附件{count - 1}" in text_of(whole).split("\f")[1]
