"""Handing out files, through the permission of the row they belong to (SECURITY 1, 10)."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views import View

from jinjiang_portal import access
from jinjiang_portal.audit import records as audit
from jinjiang_portal.files.models import StoredFile
from jinjiang_portal.files.owners import may_read
from jinjiang_portal.files.store import FORMATS


class DownloadView(access.SignedIn, View):
    """The file as an attachment; `?inline=1` shows a photo in its page. Each reading is written to the audit trail."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, pk: Any) -> HttpResponseBase:
        stored = StoredFile.objects.filter(pk=pk).first()
        if stored is None or not may_read(request.user, stored):
            raise Http404
        audit.read(request.user, stored, "file")
        inline = request.GET.get("inline") == "1" and stored.content_type in FORMATS
        answer = FileResponse(
            stored.file.open("rb"), as_attachment=not inline, filename=stored.name, content_type=stored.content_type
        )
        answer.headers["Cache-Control"] = "private, no-store"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer
