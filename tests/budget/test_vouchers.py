"""Vouchers: prepared by one, approved by another, counted once approved (S9–S12, R3; SECURITY 2, 14, 19)."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budget import workflow
from budget.models import BudgetLine, Voucher
from budget.rules import level, share_totals
from budget.views import execution
from jinjiang_portal import clock
from jinjiang_portal.versioned import StaleVersion
from stations.models import BudgetShare, BudgetSubject, Programme

pytestmark = pytest.mark.tier

DAY = date(2024, 6, 20)


@pytest.fixture
def lines(scene):
    weights = dict.fromkeys(BudgetSubject.objects.values_list("code", flat=True), 1)
    workflow.make_lines(scene.own.contract, weights)
    workflow.make_lines(scene.foreign.contract, weights)
    return BudgetLine.objects.filter(contract=scene.own.contract)


def draft(scene, line, **values):
    given = {"day": DAY, "line": line, "amount": Decimal("120.50"), "payee": "某商行", "purpose": "活动物资"} | values
    return Voucher(contract=scene.own.contract, **given)


def prepared(scene, line, **values):
    return workflow.save_voucher(draft(scene, line, **values), scene.own.finance, [], hand_in=True)


def test_lines_add_up_to_the_contract_and_its_shares(scene, lines):
    assert sum(line.amount for line in lines) == scene.own.contract.amount
    for share in BudgetShare.objects.filter(programme=scene.programme):
        part = sum(line.amount for line in lines.filter(subject__share=share))
        assert part == scene.own.contract.amount * share.percent / 100


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2))
def test_shares_add_up_for_any_price(price):
    shares = [BudgetShare(code=str(n), percent=Decimal(percent)) for n, percent in enumerate(("75", "10", "3", "12"))]
    assert sum(share_totals(price, shares).values()) == price


def test_numbers_have_no_gaps_and_approval_counts_once(scene, lines):
    first, second = prepared(scene, lines[0]), prepared(scene, lines[0])
    assert (first.number, second.number) == (1, 2)
    assert execution(scene.own.contract)["spent"] == 0
    for _time in range(2):
        workflow.approve_voucher(first, scene.own.manager)
    assert execution(scene.own.contract)["spent"] == Decimal("120.50")


def test_sent_twice_is_one_voucher(scene, lines):
    key = uuid4()
    for _time in range(2):
        workflow.save_voucher(draft(scene, lines[0], pk=key), scene.own.finance, [], hand_in=True)
    assert Voucher.objects.count() == 1


def test_nobody_approves_their_own(scene, lines):
    own = workflow.save_voucher(draft(scene, lines[0]), scene.own.manager, [], hand_in=True)
    with pytest.raises(PermissionDenied):
        workflow.approve_voucher(own, scene.own.manager)
    for user in (scene.own.finance, scene.bureau, scene.foreign.manager):
        with pytest.raises(PermissionDenied):
            workflow.approve_voucher(prepared(scene, lines[0]), user)


def test_a_return_needs_words_and_can_be_corrected(scene, lines):
    voucher = prepared(scene, lines[0])
    with pytest.raises(ValidationError):
        workflow.return_voucher(voucher, scene.own.manager, "  ")
    voucher = workflow.return_voucher(voucher, scene.own.manager, "发票抬头有误")
    assert scene.own.finance.notices.count() == 1
    stale = Voucher.objects.get(pk=voucher.pk)
    stale.version -= 1
    with pytest.raises(StaleVersion):
        workflow.save_voucher(stale, scene.own.finance, [], hand_in=True)
    assert workflow.save_voucher(voucher, scene.own.finance, [], hand_in=True).state == "prepared"


@pytest.mark.parametrize(("day", "code"), [(date(2023, 12, 31), "period"), (None, "future")])
def test_dates_outside_the_contract_or_in_the_future_are_refused(scene, lines, day, code):
    with pytest.raises(ValidationError) as refused:
        prepared(scene, lines[0], day=day or clock.today() + timedelta(days=1))
    assert refused.value.code == code


def test_a_subject_of_another_contract_is_refused(scene, lines):
    with pytest.raises(ValidationError):
        prepared(scene, BudgetLine.objects.filter(contract=scene.foreign.contract).first())


def test_levels_take_their_percent_from_the_programme():
    programme = Programme(spend_warning_percent=80)
    assert [level(Decimal(spent), Decimal(100), programme) for spent in (79, 80, 100, 101)] == [
        "ok", "warning", "warning", "breach",
    ]  # fmt: skip


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(scene, lines, client):
    client.force_login(scene.own.finance)
    typed = {"day": "2024-6-20", "line": lines[0].pk, "amount": "abc", "payee": "某商行", "purpose": "物资"}
    answer = client.post(reverse("budget:voucher-create"), typed)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "abc" in page
    assert "某商行" in page
    answer = client.post(reverse("budget:voucher-create"), typed | {"amount": "1,234.5", "act": "hand_in"})
    assert answer.status_code == 302
    assert Voucher.objects.get().amount == Decimal("1234.50")


def test_the_same_invoice_is_refused_with_the_number_of_the_other_voucher(scene, lines, client):
    prepared(scene, lines[0], invoice_number="24352000000001")
    client.force_login(scene.own.finance)
    typed = {"day": "2024-06-20", "line": lines[0].pk, "amount": "5", "payee": "a", "purpose": "b"}
    answer = client.post(reverse("budget:voucher-create"), typed | {"invoice_number": "24352000000001"})
    assert answer.status_code == 400
    assert Voucher.objects.count() == 1


def test_pages_show_own_contract_only(scene, lines, client):
    voucher = prepared(scene, lines[0])
    seen = {}
    for name, user in (("own", scene.own.manager), ("foreign", scene.foreign.manager), ("worker", scene.own.worker)):
        client.force_login(user)
        seen[name] = client.get(reverse("budget:voucher-detail", args=[voucher.pk])).status_code
    assert seen == {"own": 200, "foreign": 404, "worker": 403}
    client.force_login(scene.own.manager)
    assert client.get(reverse("budget:execution")).status_code == 200
    assert client.get(reverse("budget:voucher-list")).status_code == 200
    address = reverse("budget:voucher-decide", args=[voucher.pk])
    answer = client.post(address, {"act": "approve", "version": voucher.version})
    assert answer.status_code == 302
    voucher.refresh_from_db()
    assert voucher.state == "approved"
