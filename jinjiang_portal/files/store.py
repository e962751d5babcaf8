"""Taking files in and keeping files the portal made (SECURITY 10, 17).

What a file is, is found from its content; images are drawn anew without their metadata; office files are looked through
for what could act. A refusal is a ValidationError with a sentence that names the file.
"""

import hashlib
import io
import re
import unicodedata
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import filetype
import pikepdf
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from jinjiang_portal.files.models import StoredFile

JPEG, PNG, WEBP, PDF = "image/jpeg", "image/png", "image/webp", "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {JPEG: "jpg", PNG: "png", WEBP: "webp", PDF: "pdf", DOCX: "docx", XLSX: "xlsx"}
FORMATS = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP"}
MAIN_PARTS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml"}

LONGEST_SIDE = 2400  # pixels
MOST_PIXELS = 60_000_000
MOST_ENTRIES = 2_000
MOST_EXPANDED = 100 * 1024 * 1024
MOST_RATIO = 150
PDF_ACTIONS = ("/JavaScript", "/JS", "/Launch", "/EmbeddedFiles", "/SubmitForm", "/ImportData", "/RichMedia", "/GoToR")
DEEPEST = 60
# What the picture library raises on damaged input.
UNREADABLE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, AttributeError, EOFError,
    ArithmeticError, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


def refuse(name: str, sentence: str) -> ValidationError:
    """The refusal of a file: its name and the sentence."""
    return ValidationError(f"{name}{_(': ')}{sentence}", code="file")


def shown_name(name: str) -> str:
    """The name as it is shown: no path, no control characters, at most 100 characters with its ending."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    name = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:\"|?*]", "", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:90]}.{ending[:8]}" if dot and stem else name[:100] or _("file")


def store_upload(upload: Any, user: Any) -> StoredFile:
    """Check and keep an uploaded file; ValidationError says what is wrong with it and what to do."""
    name = shown_name(getattr(upload, "name", "") or "")
    limit = settings.FILE_MAX_BYTES
    if upload.size > limit:
        sentence = _("the file has %(size)s MB; at most %(limit)s MB are taken. Send a smaller photo or a part of it.")
        raise refuse(name, sentence % {"size": round(upload.size / 1024 / 1024), "limit": limit // 1024 // 1024})
    content = upload.read(limit + 1)
    if not content:
        raise refuse(name, _("the file is empty."))
    kind = kind_of(content)
    if kind is None:
        raise refuse(name, _("only photos (jpg, png, webp), PDF, Word (docx) and Excel (xlsx) are taken."))
    clean = CLEANERS[kind](name, content, kind)
    scan(name, clean)
    stem = name.rpartition(".")[0] or name
    return _keep(f"{stem}.{ENDINGS[kind]}", clean, kind, user)


def kind_of(content: bytes) -> str | None:
    """The media type by content, or None for what is not taken."""
    found = filetype.guess(content)
    if found is None:
        return None
    if found.mime == "application/zip" or found.mime in MAIN_PARTS:
        return _office_kind(content)
    return found.mime if found.mime in FORMATS or found.mime == PDF else None


def _office_kind(content: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for kind, part in MAIN_PARTS.items() if part in names), None)


def clean_image(name: str, content: bytes, kind: str) -> bytes:
    """The image drawn anew: turned upright, at most LONGEST_SIDE, without place, camera or any other metadata."""
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[kind]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise refuse(name, _("the picture is larger than 60 million pixels. Send a smaller one."))
            image.load()
            drawn = ImageOps.exif_transpose(image)
            drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            wanted = (
                "RGB"
                if kind == JPEG or (drawn.mode in ("P", "CMYK", "YCbCr") and "A" not in drawn.mode)
                else drawn.mode
            )
            fresh = Image.new(wanted, drawn.size)
            fresh.paste(drawn.convert(wanted))
            written = io.BytesIO()
            fresh.save(written, FORMATS[kind], **({"quality": 85} if kind != PNG else {}))
    except UNREADABLE as error:
        raise refuse(name, _("the picture cannot be read; it may be damaged. Take or save it again.")) from error
    return written.getvalue()


def clean_pdf(name: str, content: bytes, kind: str) -> bytes:
    """The PDF as it is, if it can be read without a password and holds nothing that acts."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if document.is_encrypted:
                raise refuse(name, _("the PDF is protected. Save it without a password and send it again."))
            if len(document.pages) == 0:
                raise refuse(name, _("the PDF has no pages."))
            if any(_acts(found) for found in document.objects):
                raise refuse(
                    name, _("the PDF holds scripts, actions or other files. Print it to a new PDF and send that.")
                )
    except pikepdf.PasswordError as error:
        raise refuse(name, _("the PDF is protected. Save it without a password and send it again.")) from error
    except (pikepdf.PdfError, ValueError, RuntimeError, OSError, KeyError, TypeError, RecursionError) as error:
        raise refuse(name, _("the PDF cannot be read; it may be damaged. Save it again.")) from error
    return content


def _acts(found: Any, depth: int = 0) -> bool:
    """Whether a PDF object starts something or carries a file; direct children are looked through."""
    if depth > DEEPEST:
        return True
    if isinstance(found, pikepdf.Stream):
        found = found.stream_dict
    if isinstance(found, pikepdf.Dictionary):
        for key in found.keys():  # noqa: SIM118 - a pikepdf dictionary is iterated by its keys only this way
            if key in PDF_ACTIONS:
                return True
            value = found.get(key)
            if key == "/S" and isinstance(value, pikepdf.Name) and str(value) in PDF_ACTIONS:
                return True
            if not getattr(value, "is_indirect", False) and _acts(value, depth + 1):
                return True
    elif isinstance(found, pikepdf.Array):
        return any(not getattr(part, "is_indirect", False) and _acts(part, depth + 1) for part in found)
    return False


def clean_office(name: str, content: bytes, kind: str) -> bytes:
    """The office file as it is, if it expands reasonably and has no macros, outside links or entity tricks."""
    damaged = _("the file cannot be read; it may be damaged. Save it again as docx or xlsx.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            expanded = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_ENTRIES or expanded > MOST_EXPANDED or expanded > MOST_RATIO * max(len(content), 1):
                raise refuse(name, _("the file expands to more than is plausible and is not taken."))
            for entry in entries:
                _check_entry(name, package, entry)
            if package.testzip() is not None:
                raise refuse(name, damaged)
    except ValidationError:
        raise
    except Exception as error:
        # zipfile and expat raise many kinds of errors on damaged input; each means the same to the sender.
        raise refuse(name, damaged) from error
    return content


def _check_entry(name: str, package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    path = entry.filename.replace("\\", "/")
    lower = path.lower()
    if path.startswith("/") or ".." in path.split("/") or entry.flag_bits & 0x1:
        raise refuse(name, _("the file is built in an unusual way and is not taken."))
    objects = "vbaproject" in lower or "activex" in lower or "/embeddings/" in lower
    if objects or (lower.endswith((".bin", ".exe", ".dll")) and "printersettings" not in lower):
        raise refuse(name, _("the file holds macros or embedded objects. Save it without them."))
    if "externallinks/" in lower:
        raise refuse(name, _("the file is linked to other files. Break the links and save it again."))
    if not lower.endswith((".xml", ".rels")):
        return
    text = _limited(package, entry)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise refuse(name, _("the file is built in an unusual way and is not taken."))
    ElementTree.fromstring(text)
    if lower.endswith(".rels") and b"External" in text:
        for relation in ElementTree.fromstring(text):
            outside = relation.get("TargetMode") == "External"
            if outside and not str(relation.get("Type")).endswith("/hyperlink"):
                raise refuse(name, _("the file is linked to other files. Break the links and save it again."))


def _limited(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The entry's bytes, never more than the directory of the package promised."""
    with package.open(entry) as opened:
        text = opened.read(MOST_EXPANDED + 1)
    if len(text) > MOST_EXPANDED:
        raise ValueError("expands beyond the limit")
    return text


CLEANERS: dict[str, Callable[[str, bytes, str], bytes]] = {
    JPEG: clean_image, PNG: clean_image, WEBP: clean_image, PDF: clean_pdf, DOCX: clean_office, XLSX: clean_office,
}  # fmt: skip


def scan(name: str, content: bytes) -> None:
    """Ask the virus scanner when one is set: FILE_SCANNER names a function that raises ValidationError to refuse."""
    if settings.FILE_SCANNER:
        import_string(settings.FILE_SCANNER)(name, content)


def store_made(name: str, content: bytes | Path, content_type: str, user: Any) -> StoredFile:
    """Keep a file the portal made. It is written beside its place and renamed, so that no half of it can be read."""
    if isinstance(content, Path):
        content = content.read_bytes()
    return _keep(shown_name(name), content, content_type, user)


def _keep(name: str, content: bytes, content_type: str, user: Any) -> StoredFile:
    stored = StoredFile(
        name=name, content_type=content_type, size=len(content), sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=user,
    )  # fmt: skip
    storage = stored.file.storage
    place = stored.file.field.generate_filename(stored, f"{uuid.uuid4().hex}.{name.rpartition('.')[2][:8] or 'bin'}")
    beside = storage.save(f"{place}.part", ContentFile(content))
    try:
        Path(storage.path(beside)).replace(storage.path(place))
    except OSError:
        storage.delete(beside)
        raise
    stored.file = place
    stored.save()
    return stored
