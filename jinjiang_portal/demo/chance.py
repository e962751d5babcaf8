"""The demo's own dice: everything random comes from one seed, keys included."""

import random
import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Chance(random.Random):
    """A seeded generator that also makes UUIDv7 keys and plausible instants."""

    def key(self, day: date) -> uuid.UUID:
        """A UUIDv7 whose time part lies on the day, so that rows sort by time as real ones do."""
        instant = datetime.combine(day, time(8), UTC) + timedelta(milliseconds=self.randrange(36_000_000))
        millis = int(instant.timestamp() * 1000)
        value = (millis << 80) | (0x7 << 76) | (self.getrandbits(12) << 64) | (0b10 << 62) | self.getrandbits(62)
        return uuid.UUID(int=value)

    def at(self, day: date, hour: int, spread_minutes: int = 50) -> datetime:
        """An instant on the day, local time of Shanghai."""
        return datetime.combine(day, time(hour), SHANGHAI) + timedelta(minutes=self.randrange(spread_minutes))

    def phone(self) -> str:
        """A phone number on the unassigned segment 154."""
        return f"154{self.randrange(10**8):08d}"
