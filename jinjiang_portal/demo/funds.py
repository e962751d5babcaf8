"""Budgets and vouchers of the demo: payroll month by month, activities, an overspent supervision line."""

from datetime import date
from decimal import Decimal

from budget.models import BudgetLine, Voucher
from budget.workflow import make_lines
from jinjiang_portal.demo.chance import Chance
from jinjiang_portal.demo.city import City
from jinjiang_portal.money import yuan
from stations.models import Contract

# How a share is planned over its subjects, in parts.
WEIGHTS = {
    "A1": 48, "A2": 16, "A3": 13, "A4": 7, "A5": 1, "A6": 1, "A7": 1, "A8": 9, "A9": 4,
    "B1": 40, "B2": 20, "B3": 15, "B4": 10, "B5": 10, "B6": 5,
    "C1": 50, "C2": 15, "C3": 35,
    "D1": 25, "D2": 20, "D3": 15, "D4": 15, "D5": 25,
}  # fmt: skip
OVERSPENT = "C3"


def build_funds(chance: Chance, city: City, until: date) -> None:
    for number, contract in enumerate(city.contracts):
        lines = _lines(contract)
        _Ledger(chance, city, contract, lines, until).write(overspend=number == 0)


def _lines(contract: Contract) -> dict[str, BudgetLine]:
    lines = make_lines(contract, WEIGHTS)
    return {line.subject.code: line for line in lines}


class _Ledger:
    def __init__(
        self, chance: Chance, city: City, contract: Contract, lines: dict[str, BudgetLine], until: date
    ) -> None:
        self.chance, self.contract, self.lines, self.until = chance, contract, lines, until
        self.stations = [lot.station for lot in contract.contract_stations.select_related("station__township")]
        self.finance, self.manager = city.accountants[contract.number], city.managers[contract.number]
        self.rows: list[Voucher] = []

    def write(self, overspend: bool) -> None:
        for month in range(1, self.until.month + 1):
            self._month(month)
        if overspend:
            line = self.lines[OVERSPENT]
            self._add(
                date(2024, 6, 14),
                line,
                None,
                yuan(line.amount * Decimal("0.62")),
                "督导培训场地与讲课费",
                "泉州市社工培训中心",
            )
        self.rows.sort(key=lambda row: row.day)
        for number, row in enumerate(self.rows, 1):
            row.number = number
        Voucher.objects.bulk_create(self.rows, batch_size=500)

    def _month(self, month: int) -> None:
        for code, line in self.lines.items():
            monthly = line.amount / 12
            if code.startswith("A"):
                for station in self.stations:
                    self._add(
                        date(2024, month, 15),
                        line,
                        station,
                        yuan(monthly / len(self.stations)),
                        f"{month}月{line.subject.name_zh}",
                        "驻站人员（发放表）",
                    )
            elif code.startswith("B"):
                for station in self.stations:
                    part = yuan(monthly / len(self.stations) * Decimal(str(round(self.chance.uniform(0.5, 1.2), 2))))
                    self._add(
                        self._day(month),
                        line,
                        station,
                        part,
                        f"{station.short_name}站{line.subject.name_zh}",
                        "晋江市某文化用品商行",
                    )
            elif code.startswith("C"):
                self._add(self._day(month), line, None, yuan(monthly), f"{month}月{line.subject.name_zh}", "督导老师")
            elif code != "D5":
                self._add(
                    self._day(month), line, None, yuan(monthly), f"{month}月{line.subject.name_zh}", "机构统一支付"
                )

    def _day(self, month: int) -> date:
        return date(2024, month, self.chance.randrange(3, 28))

    def _add(self, day: date, line: BudgetLine, station: object, amount: Decimal, purpose: str, payee: str) -> None:
        if day > self.until or amount <= 0:
            return
        recent = (self.until - day).days < 12
        self.rows.append(
            Voucher(
                id=self.chance.key(day),
                contract=self.contract,
                number=0,
                day=day,
                line=line,
                station=station,
                amount=amount,
                payee=payee,
                purpose=purpose,
                invoice_number=""
                if line.subject.code.startswith("A")
                else f"24352000{self.chance.randrange(10**12):012d}",
                state="prepared" if recent else "approved",
                prepared_by=self.finance,
                approved_by=None if recent else self.manager,
                approved_at=None if recent else self.chance.at(day, 16),
            )
        )
