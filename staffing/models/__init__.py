from staffing.models.log import LogEvent, LogEventKind, LogLine, LogState, NonServiceKind, WorkLog
from staffing.models.person import Certificate, CertificateLevel, Posting, Sex, Staff, Vacancy

__all__ = [
    "Certificate",
    "CertificateLevel",
    "LogEvent",
    "LogEventKind",
    "LogLine",
    "LogState",
    "NonServiceKind",
    "Posting",
    "Sex",
    "Staff",
    "Vacancy",
    "WorkLog",
]
