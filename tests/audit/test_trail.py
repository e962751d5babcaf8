"""The audit trail: changes, reads and exports are in it, tampering shows, nothing personal is (SECURITY 6-8)."""

from datetime import date, timedelta

import pytest
from auditlog import get_logentry_model
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from casework.models import Client
from jinjiang_portal import clock, identity
from jinjiang_portal.audit import chain
from jinjiang_portal.audit.models import Seal
from tests.factories import ClientFactory
from tests.marked import mark_side
from tests.scenes import make_log

pytestmark = pytest.mark.tier

LogEntry = get_logentry_model()
LATER = timedelta(minutes=1)


def seal_now() -> int:
    # Entries carry the real time, the portal's clock may stand on a day of the demo.
    newest = LogEntry.objects.order_by("-timestamp").first()
    return chain.seal((newest.timestamp if newest else clock.now()) + LATER)


def table() -> str:
    return LogEntry._meta.db_table


def tamper(sql: str) -> None:
    """What somebody with the database's own password could do: take the trigger away, then change a row."""
    with connection.cursor() as cursor:
        on = f" ON {table()}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER {table()}_append_only{on}")
        cursor.execute(sql)


def test_changes_are_recorded_without_names_and_numbers(scene):
    rows = mark_side(scene.own, "甲标志")
    rows.client.risk = "red"
    rows.client.name = "改名之后"
    rows.client.save_version(rows.client.version, ["risk", "name"])
    entry = LogEntry.objects.filter(object_pk=str(rows.client.pk)).latest("id")
    assert entry.changes["risk"] == ["green", "red"]
    text = " ".join(
        str(value)
        for entry in LogEntry.objects.values_list("object_repr", "changes", "additional_data")
        for value in entry
    )
    for secret in [*rows.numbers, "甲标志入户", "改名之后"]:
        assert secret not in text


def test_reads_and_exports_are_recorded_with_reason_and_purpose(scene, client):
    person = ClientFactory(station=scene.own.station, id_number=identity.make_id_number("350599", date(1950, 3, 4), 2))
    client.force_login(scene.own.worker)
    client.post(reverse("casework:client-reveal", args=[person.pk]), {"why": "form", "words": "填写临时救助申请表"})
    read = LogEntry.objects.filter(additional_data__kind="read", additional_data__what="numbers").latest("id")
    assert (read.actor, read.object_pk) == (scene.own.worker, str(person.pk))
    assert "填写临时救助申请表" in read.additional_data["reason"]
    b"".join(client.get(reverse("casework:client-list") + "?export=xlsx&purpose=季度核对").streaming_content)
    export = LogEntry.objects.filter(additional_data__kind="export").latest("id")
    assert export.additional_data["purpose"] == "季度核对"
    assert export.additional_data["count"] == Client.objects.visible_to(scene.own.worker).count()


def test_a_whole_chain_verifies_and_new_entries_are_sealed_once(scene, capsys):
    make_log(scene.own, date(2024, 6, 27), state="approved")
    count = LogEntry.objects.count()
    assert seal_now() == count
    assert seal_now() == 0
    make_log(scene.own, date(2024, 6, 26), state="approved")
    seal_now()
    assert [seal.number for seal in Seal.objects.all()] == [1, 2]
    call_command("verify_audit")
    assert "0 problems" in capsys.readouterr().out


def test_the_database_refuses_to_change_an_entry(scene):
    make_log(scene.own, date(2024, 6, 27), state="approved")
    entry = LogEntry.objects.latest("id")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LogEntry.objects.filter(pk=entry.pk).update(object_repr="x")


@pytest.mark.tier
@pytest.mark.parametrize("act", ["change", "remove"])
def test_a_changed_or_missing_entry_is_named(scene, act, capsys):
    make_log(scene.own, date(2024, 6, 27), state="approved")
    seal_now()
    victim = LogEntry.objects.order_by("id")[2].pk
    if act == "change":
        tamper(f"UPDATE {table()} SET object_repr = 'nobody' WHERE id = {victim}")  # noqa: S608 - a test's own constant
    else:
        tamper(f"DELETE FROM {table()} WHERE id = {victim}")  # noqa: S608 - a test's own constant
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit")
    assert ended.value.code == 1
    word = "changed" if act == "change" else "missing"
    assert f"Entry {victim} {'was ' if act == 'change' else 'is '}{word}" in capsys.readouterr().out


def test_a_removed_or_rewritten_seal_breaks_the_chain(scene):
    for day in (25, 26, 27):
        make_log(scene.own, date(2024, 6, day), state="approved")
        seal_now()
    assert list(chain.problems()) == []
    with connection.cursor() as cursor:
        on = " ON audit_seal" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER audit_seal_append_only{on}")
        cursor.execute("DELETE FROM audit_seal WHERE number = 2")
    assert any("Seal 2 is missing" in sentence for sentence in chain.problems())


def test_a_late_commit_with_a_lower_id_is_sealed_in_a_later_batch(scene):
    make_log(scene.own, date(2024, 6, 27), state="approved")
    first = LogEntry.objects.order_by("id")[0]
    columns = {field.attname: getattr(first, field.attname) for field in LogEntry._meta.concrete_fields}
    seal_now()
    LogEntry.objects.bulk_create([LogEntry(**columns | {"id": first.pk - 1})])
    assert seal_now() == 1
    assert list(chain.problems()) == []


def test_the_trail_is_read_by_the_bureau_and_shows_columns_not_values(scene, client):
    rows = mark_side(scene.own, "甲标志")
    rows.client.risk = "red"
    rows.client.save_version(rows.client.version, ["risk"])
    client.force_login(scene.bureau)
    page = client.get(reverse("audit:list")).content.decode()
    assert str(rows.client.pk)[-8:] in page
    assert "甲标志" not in page.replace("甲标志社工", "")
    client.force_login(scene.own.manager)
    assert client.get(reverse("audit:list")).status_code == 403
