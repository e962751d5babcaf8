"""Log lines: one JSON object an event, with the request's number and without personal numbers."""

import logging
import re
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

# The number of the request being answered, so that every line it causes can be found by it.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# 18-place ID numbers and 11-place mobile numbers. Digits of other scripts (full width) count as digits too.
_PERSONAL_NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXxＸｘ]|1[3-9]\d{9})(?!\d)")
_MASK = "[number removed]"
# Django puts the whole request into a record; its text shows the query string.
_NEVER_WRITTEN = ["request", "color_message", "taskName"]
_STANDARD = frozenset(RESERVED_ATTRS)


def mask_numbers(text: str) -> str:
    """The text with every ID number and mobile number taken out."""
    return _PERSONAL_NUMBER.sub(_MASK, text)


class PersonalDataFilter(logging.Filter):
    """Takes ID and mobile numbers out of message, arguments, extra fields and exception text of every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        masked = mask_numbers(message)
        if masked != message:
            record.msg, record.args = masked, ()
        if record.exc_info and not record.exc_text:
            # Formatters take this text instead of formatting the exception again.
            record.exc_text = mask_numbers(logging.Formatter().formatException(record.exc_info))
        elif record.exc_text:
            record.exc_text = mask_numbers(record.exc_text)
        for name, value in vars(record).items():
            if name not in _STANDARD and isinstance(value, str):
                setattr(record, name, mask_numbers(value))
        return True


class JsonLine(JsonFormatter):
    """One JSON object a line: time, level, logger, message, request number, and the fields given as `extra`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("reserved_attrs", [*RESERVED_ATTRS, *_NEVER_WRITTEN])
        kwargs.setdefault("json_ensure_ascii", False)
        super().__init__(*args, **kwargs)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        log_data["time"] = self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z")
        log_data["level"] = record.levelname
        log_data["logger"] = record.name
        super().add_fields(log_data, record, message_dict)
        log_data.setdefault("request_id", request_id.get())

    def formatException(self, ei: Any) -> Any:
        text = super().formatException(ei)
        return [mask_numbers(line) for line in text] if isinstance(text, list) else mask_numbers(text)
