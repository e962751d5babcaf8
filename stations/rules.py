"""Clauses of the plan about stations and contracts as pure functions."""

from collections.abc import Iterable

from stations.models import Programme, StationYear


def required_headcount(programme: Programme, station_year: StationYear, pilot_town: bool) -> int:
    """Full-time staff the station must have in the year; 0 when it does not run (S3, S4)."""
    if not station_year.active:
        return 0
    if station_year.headcount_override is not None:
        return station_year.headcount_override
    return programme.pilot_headcount if pilot_town else programme.default_headcount


def required_in_city(programme: Programme, station_years: Iterable[StationYear]) -> int:
    """Posts of the whole city: the sum over its stations (53 in 2024, computed)."""
    return sum(required_headcount(programme, year, year.station.township.pilot_town) for year in station_years)
