"""Middleware of the whole portal: one log line per request, and the language of the page."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from jinjiang_portal import logs

logger = logging.getLogger("portal.request")
Answer = Callable[[HttpRequest], HttpResponse]

_PROXY_REQUEST_ID = re.compile(r"[0-9A-Za-z-]{8,64}")


class RequestLogMiddleware:
    """Numbers each request and writes one line about it: no query string, no body, no names."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _PROXY_REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        token = logs.request_id.set(request.request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request.request_id
            self._write(request, response, started)
        finally:
            logs.request_id.reset(token)
        return response

    def _write(self, request: HttpRequest, response: HttpResponse, started: float) -> None:
        match = request.resolver_match
        # A request that never needed its user must not cause a query for the sake of the log.
        user = request.user if hasattr(request, "_cached_user") else None
        logger.log(
            logging.ERROR if response.status_code >= 500 else logging.INFO,
            "request",
            extra={
                "method": request.method,
                "path": request.path,
                "url_name": match.view_name if match else None,
                "status": response.status_code,
                "milliseconds": round((time.perf_counter() - started) * 1000, 1),
                "user_id": user.pk if user else None,
                "request_id": request.request_id,
            },
        )


class LanguageMiddleware:
    """The page's language: the signed-in user's, else the cookie's, else Chinese.

    The browser's Accept-Language is ignored: Chinese is the default of the office, and many browsers there say English.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language_of(request)
        # Not restored afterwards: a streamed answer is still being written then, and the next request sets its own.
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        patch_vary_headers(response, ["Cookie"])
        return response

    def _language_of(self, request: HttpRequest) -> str:
        known = dict(settings.LANGUAGES)
        if request.user.is_authenticated and request.user.language in known:
            return request.user.language
        cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        return cookie if cookie in known else settings.LANGUAGE_CODE
