"""Files taken in: by content, cleaned, refused with a sentence; files made: whole or not at all (SECURITY 10, 17)."""

import io
import random
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from django.urls import reverse
from openpyxl import Workbook
from PIL import Image

from jinjiang_portal.files import owners
from jinjiang_portal.files.models import StoredFile
from jinjiang_portal.files.store import shown_name, store_made, store_upload
from tests.factories import UserFactory

MEGABYTE = 1024 * 1024


def jpeg(size=(640, 480), **options) -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(written, "JPEG", **options)
    return written.getvalue()


def photo_with_place() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "某相机"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (24.0, 49.0, 12.0)
    return jpeg(exif=exif)


def picture(kind: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGBA" if kind != "JPEG" else "RGB", (40, 30), "red").save(written, kind)
    return written.getvalue()


def paper(change=None) -> bytes:
    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if change:
            change(document)
        document.save(written)
    return written.getvalue()


def locked_paper() -> bytes:
    written = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(written, encryption=pikepdf.Encryption(owner="a", user="b"))
    return written.getvalue()


def book() -> bytes:
    written = io.BytesIO()
    work = Workbook()
    work.active["A1"] = "日期"
    work.save(written)
    return written.getvalue()


def with_entry(content: bytes, name: str, data: bytes) -> bytes:
    written = io.BytesIO(content)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return written.getvalue()


def word() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", "<document/>")
    return written.getvalue()


def upload(content: bytes, name: str = "照片.jpg"):
    return SimpleUploadedFile(name, content)


def javascript(document):
    action = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS=pikepdf.String("app.alert(1)"))
    document.Root.OpenAction = document.make_indirect(action)


def launch(document):
    action = pikepdf.Dictionary(S=pikepdf.Name("/Launch"))
    document.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name("/Link"), A=action)])


def attached(document):
    document.attachments["x.exe"] = b"MZ"


RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="{}" Target="file:///c:/x" TargetMode="External"/></Relationships>'
)
GOOD = {
    "photo.jpg": jpeg(), "photo.png": picture("PNG"), "photo.webp": picture("WEBP"), "paper.pdf": paper(),
    "book.xlsx": book(), "word.docx": word(),
}  # fmt: skip
HOSTILE = {
    "script.pdf": paper(javascript),
    "launch.pdf": paper(launch),
    "attached.pdf": paper(attached),
    "locked.pdf": locked_paper(),
    "macro.xlsx": with_entry(book(), "xl/vbaProject.bin", b"x" * 50),
    "linked.xlsx": with_entry(book(), "xl/externalLinks/externalLink1.xml", b"<externalLink/>"),
    "remote.docx": with_entry(word(), "word/_rels/settings.xml.rels", RELS.format("x/attachedTemplate").encode()),
    "entity.docx": with_entry(word(), "word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "object.docx": with_entry(word(), "word/embeddings/oleObject1.bin", b"x"),
    "path.docx": with_entry(word(), "../../evil.xml", b"<a/>"),
    "bomb.xlsx": with_entry(book(), "xl/big.xml", b"<a>" + b" " * (30 * MEGABYTE) + b"</a>"),
    "broken.xml.xlsx": with_entry(book(), "xl/broken.xml", b"<a><b></a>"),
    "zip.docx": b"PK\x05\x06" + b"\0" * 18,
    "page.html": b"<html><script>alert(1)</script></html>",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    "program.exe": b"MZ" + b"\0" * 200,
    "moving.gif": b"GIF89a" + b"\0" * 50,
    "empty.jpg": b"",
    "text.txt": "你好".encode(),
    "polyglot.jpg": b"GIF89a/*" + jpeg(),
}


def corpus() -> list[tuple[str, bytes]]:
    """At least 200 damaged files: every good one cut, bent and prefixed in many ways, with right and wrong names."""
    chance = random.Random(10)
    files = list(HOSTILE.items())
    for name, content in GOOD.items():
        for _number in range(12):
            files.append((name, content[: chance.randrange(1, max(2, len(content) // 2))]))
        for _number in range(14):
            bent = bytearray(content)
            for _place in range(chance.randrange(8, 60)):
                bent[chance.randrange(len(bent))] = chance.randrange(256)
            files.append((f"bent-{name}", bytes(bent)))
        for _number in range(6):
            files.append((f"noise-{name}", chance.randbytes(chance.randrange(1, 4000))))
        files.append((f"prefixed-{name}", b"MZ" + content))
    return files


def test_malformed_files_are_refused_or_come_out_clean_and_never_break_the_portal(db):
    """0 server errors, 0 accepted wrongly: what a bent file leaves behind must itself be readable and harmless."""
    user = UserFactory()
    files = corpus()
    assert len(files) >= 200
    refused, kept, wrong = 0, 0, []
    for name, content in files:
        try:
            stored = store_upload(upload(content, name), user)
        except ValidationError:
            refused += 1
            continue
        kept += 1
        if name in HOSTILE or not _is_sound(stored):
            wrong.append(name)
    assert wrong == []
    assert refused + kept == len(files)
    assert refused > 100


def _is_sound(stored: StoredFile) -> bool:
    with stored.file.open("rb") as opened:
        content = opened.read()
    if stored.content_type.startswith("image/"):
        with Image.open(io.BytesIO(content)) as image:
            image.load()
            return not image.getexif()
    if stored.content_type == "application/pdf":
        with pikepdf.open(io.BytesIO(content)) as document:
            return len(document.pages) > 0
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.testzip() is None


@pytest.mark.parametrize("name", list(GOOD))
def test_good_files_are_kept_under_their_name_and_true_ending(db, name):
    stored = store_upload(upload(GOOD[name], name.rsplit(".", 1)[0] + ".dat"), UserFactory())
    assert stored.name == name
    assert Path(stored.file.path).stat().st_mode & 0o777 == 0o600
    assert name.split(".")[0] not in stored.file.name


def test_a_photo_loses_its_place_and_stands_upright(db):
    stored = store_upload(upload(photo_with_place()), UserFactory())
    with Image.open(stored.file.path) as image:
        assert not image.getexif()
        assert image.size == (480, 640)


def test_a_huge_photo_is_made_smaller_and_a_50_mb_one_is_refused_with_a_sentence(db):
    user = UserFactory()
    with Image.open(store_upload(upload(jpeg((4000, 3000))), user).file.path) as image:
        assert max(image.size) == 2400
    with pytest.raises(ValidationError) as refused:
        store_upload(upload(b"\xff\xd8\xff\xe0" + b"\0" * (50 * MEGABYTE), "现场.jpg"), user)
    assert "现场.jpg" in refused.value.messages[0]
    assert "50" in refused.value.messages[0]


def test_a_name_is_shown_without_path_or_control_characters():
    assert shown_name("../../etc/passwd\x00") == "passwd"
    assert shown_name("C:\\x\\照片\u202egpj.exe") == "照片gpj.exe"
    assert len(shown_name("长" * 300 + ".jpg")) <= 100


def test_a_scanner_may_refuse(db):
    with override_settings(FILE_SCANNER="tests.files.test_store.suspicious"), pytest.raises(ValidationError):
        store_upload(upload(jpeg()), UserFactory())


def suspicious(name, content):
    raise ValidationError("含有病毒")


def test_a_disk_that_fails_leaves_no_half_file_and_no_row(db, monkeypatch, settings, tmp_path):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        store_made("报告.pdf", b"%PDF-1.4", "application/pdf", UserFactory())
    assert not StoredFile.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.part"))


def test_downloads_go_through_the_row_the_file_belongs_to(db, client):
    owner, other = UserFactory(), UserFactory()
    stored = store_upload(upload(jpeg()), owner)
    address = reverse("files:download", args=[stored.pk])
    client.force_login(other)
    assert client.get(address).status_code == 404
    client.force_login(owner)
    answer = client.get(address)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content)[:3] == b"\xff\xd8\xff"
    answer = client.get(address + "?inline=1")
    assert answer["Content-Disposition"].startswith("inline")
    assert b"".join(answer.streaming_content)


def test_a_registered_owner_decides_for_its_files(db, monkeypatch):
    stored = store_made("报告.pdf", b"%PDF-1.4", "application/pdf", UserFactory())
    reader = UserFactory()
    monkeypatch.setattr(type(stored), "test_row", object(), raising=False)
    monkeypatch.setitem(owners.OWNERS, "test_row", lambda user, file: user == reader)
    assert owners.may_read(reader, stored)
    assert not owners.may_read(stored.uploaded_by, stored)
