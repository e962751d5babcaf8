from stations.models.contract import Contract, Contractor, ContractState, ContractStation, ServiceTarget
from stations.models.grants import ContractGroupGrant, ContractUserGrant, StationGroupGrant, StationUserGrant
from stations.models.programme import (
    BudgetShare,
    BudgetSubject,
    Education,
    Programme,
    ReturnReason,
    ServiceDomain,
    ServiceItem,
    ServiceTag,
    TagKind,
    Unit,
    VisitRule,
)
from stations.models.station import Station, StationYear, Township, TownshipKind, Village

__all__ = [
    "BudgetShare",
    "BudgetSubject",
    "Contract",
    "ContractGroupGrant",
    "ContractState",
    "ContractStation",
    "ContractUserGrant",
    "Contractor",
    "Education",
    "Programme",
    "ReturnReason",
    "ServiceDomain",
    "ServiceItem",
    "ServiceTag",
    "ServiceTarget",
    "Station",
    "StationGroupGrant",
    "StationUserGrant",
    "StationYear",
    "TagKind",
    "Township",
    "TownshipKind",
    "Unit",
    "Village",
    "VisitRule",
]
