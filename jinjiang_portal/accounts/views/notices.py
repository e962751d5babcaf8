"""Personal notices: the list, and the way from a notice to its page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.generic import ListView

from jinjiang_portal import access
from jinjiang_portal.accounts import workflow
from jinjiang_portal.accounts.models import Notice, NoticeQuerySet


class NoticeListView(access.SignedIn, ListView):
    """The reader's own notices, unread ones first asked for with ?show=unread."""

    template_name = "accounts/notices.html"
    context_object_name = "notices"
    paginate_by = 20

    def get_queryset(self) -> NoticeQuerySet:
        own = Notice.objects.visible_to(self.request.user)
        return own.unread() if self.request.GET.get("show") == "unread" else own

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        unread = Notice.objects.visible_to(self.request.user).unread().count()
        return super().get_context_data(unread=unread, only_unread=self.request.GET.get("show") == "unread", **kwargs)


class NoticeOpenView(access.SignedIn, View):
    """Mark a notice as read; GET goes on to what it is about, POST comes back to the list."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        url = self._read(request, pk).url
        inside = url_has_allowed_host_and_scheme(url, allowed_hosts=None)
        return HttpResponseRedirect(url if inside else reverse("messages"))

    def post(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        self._read(request, pk)
        return HttpResponseRedirect(reverse("messages"))

    def _read(self, request: HttpRequest, pk: UUID) -> Notice:
        own = Notice.objects.visible_to(request.user).filter(pk=pk)
        notice = get_object_or_404(own)
        workflow.mark_read(own)
        return notice


class NoticeReadAllView(access.SignedIn, View):
    """Mark all own notices as read."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        workflow.mark_read(Notice.objects.visible_to(request.user))
        return HttpResponseRedirect(reverse("messages"))
