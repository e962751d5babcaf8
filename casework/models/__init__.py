from casework.models.client import (
    Category,
    Client,
    ClientCategory,
    ClientKey,
    DocumentKind,
    Household,
    RiskLevel,
)
from casework.models.record import RecordClient, RecordFile, ServiceMode, ServiceRecord

__all__ = [
    "Category",
    "Client",
    "ClientCategory",
    "ClientKey",
    "DocumentKind",
    "Household",
    "RecordClient",
    "RecordFile",
    "RiskLevel",
    "ServiceMode",
    "ServiceRecord",
]
