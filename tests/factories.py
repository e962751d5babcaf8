"""Factories for test data: invented people, valid check digits on the unassigned region code 350599."""

from datetime import date
from decimal import Decimal

import factory

from casework.models import Client, RecordClient, ServiceMode, ServiceRecord
from jinjiang_portal.accounts.models import Role, User
from staffing.models import LogLine, Posting, Sex, Staff, WorkLog
from stations.models import (
    Contract,
    Contractor,
    ContractStation,
    Education,
    Programme,
    ServiceItem,
    Station,
    Township,
    Village,
)

PASSWORD = "correct-horse-battery-350599"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    full_name = factory.Sequence(lambda n: f"测试员{n}")
    role = Role.STATION_WORKER
    must_change_password = False

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: object) -> None:
        # Hashing is slow on purpose: only tests that sign in by form ask for a real password.
        if extracted:
            self.set_password(extracted)
        else:
            self.set_unusable_password()
        if create:
            self.save()


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme
        django_get_or_create = ("year",)

    year = 2024
    name_zh = "2024年度项目"
    name_en = "2024 programme"
    starts_on = date(2024, 1, 1)
    ends_on = date(2024, 12, 31)
    certified_target_on = date(2024, 12, 31)
    midterm_cutoff = date(2024, 6, 30)
    midterm_due = date(2024, 7, 15)
    final_due = date(2025, 1, 20)


class TownshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Township

    code = factory.Sequence(lambda n: f"3505990{n:02d}")
    name = factory.Sequence(lambda n: f"试{n}镇")
    kind = "town"


class VillageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Village

    township = factory.SubFactory(TownshipFactory)
    code = factory.Sequence(lambda n: f"350599{n:06d}")
    name = factory.Sequence(lambda n: f"试{n}村委会")


class StationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Station

    township = factory.SubFactory(TownshipFactory)


class StaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Staff

    name = factory.Sequence(lambda n: f"社工{n}")
    pinyin = factory.Sequence(lambda n: f"shegong{n:05d}")
    sex = Sex.FEMALE
    birth_date = date(1990, 5, 1)
    education = Education.BACHELOR
    major = "社会工作"
    hired_on = date(2024, 1, 1)


class PostingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Posting

    starts_on = date(2024, 1, 1)


class WorkLogFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkLog

    day = date(2024, 6, 11)


class LogLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = LogLine

    log = factory.SubFactory(WorkLogFactory)
    kind = "meeting"
    minutes = 60
    text = "参加镇社会事务办周例会"


class ContractorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contractor

    name = factory.Sequence(lambda n: f"测试社会工作服务中心{n}")
    credit_code = factory.Sequence(lambda n: f"52350582MJ{n:08d}")


class ContractFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contract

    programme = factory.SubFactory(ProgrammeFactory)
    contractor = factory.SubFactory(ContractorFactory)
    number = factory.Sequence(lambda n: f"TEST-{n:04d}")
    title = "测试合同"
    amount = Decimal("300000.00")
    starts_on = date(2024, 1, 1)
    ends_on = date(2024, 12, 31)
    state = "active"


class ContractStationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContractStation

    contract = factory.SubFactory(ContractFactory)
    station = factory.SubFactory(StationFactory)
    starts_on = date(2024, 1, 1)
    ends_on = date(2024, 12, 31)


class ClientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Client

    name = factory.Sequence(lambda n: f"试某{n}")
    pinyin = factory.Sequence(lambda n: f"shi mou {n:05d}")
    sex = Sex.FEMALE
    birth_date = date(1950, 3, 4)
    consent_on = date(2024, 1, 2)
    consent_how = "书面"
    village = factory.LazyAttribute(lambda client: client.station.township.villages.first())


class ServiceRecordFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServiceRecord
        skip_postgeneration_save = True

    minutes = 60
    mode = ServiceMode.HOME
    process = "入户了解近期身体状况和用药情况，提醒用电安全。"
    day = factory.LazyAttribute(lambda record: record.log.day)
    station = factory.LazyAttribute(lambda record: record.log.station)
    item = factory.LazyAttribute(
        lambda record: ServiceItem.objects.get(programme=record.log.contract.programme, code="T1.4")
    )

    @factory.post_generation
    def clients(self, create: bool, extracted: list[Client] | None, **kwargs: object) -> None:
        RecordClient.objects.bulk_create(RecordClient(record=self, client=client) for client in extracted or [])
