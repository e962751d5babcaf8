"""Pages of contract money: how a contract's budget is spent, and its vouchers."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import DetailView, TemplateView

from budget import rules, workflow
from budget.forms import VoucherForm, VoucherReturnForm
from budget.models import BudgetLine, Voucher, VoucherState
from budget.tables import VoucherFilter, VoucherTable
from jinjiang_portal import access, clock, workbook
from jinjiang_portal.fields import uuid7
from jinjiang_portal.lists import ListPage
from stations.models import Contract


def execution(contract: Contract) -> dict[str, Any]:
    """Budget, approved and waiting amounts per share and subject of a contract, in two queries (S9–S12, R3)."""
    sums = (
        Voucher.objects.filter(contract=contract).order_by().values_list("line_id", "state").annotate(n=Sum("amount"))
    )
    spent: dict[tuple[int, str], Decimal] = {(line, state): amount for line, state, amount in sums}
    lines = BudgetLine.objects.filter(contract=contract).select_related("subject__share")
    shares: dict[str, dict[str, Any]] = {}
    for line in lines.order_by("subject__share__order", "subject__order"):
        share = line.subject.share
        row = shares.setdefault(share.code, {"share": share, "lines": [], "budget": Decimal(0), "spent": Decimal(0)})
        amount = spent.get((line.pk, VoucherState.APPROVED), Decimal(0))
        row["lines"].append(
            {
                "line": line,
                "spent": amount,
                "waiting": spent.get((line.pk, VoucherState.PREPARED), Decimal(0)),
                "left": line.amount - amount,
                "percent": rules.percent_spent(amount, line.amount),
                "level": rules.level(amount, line.amount, contract.programme),
            }
        )
        row["budget"] += line.amount
        row["spent"] += amount
    for row in shares.values():
        row["left"] = row["budget"] - row["spent"]
        row["percent"] = rules.percent_spent(row["spent"], row["budget"])
        row["level"] = rules.level(row["spent"], row["budget"], contract.programme)
    budget = sum((row["budget"] for row in shares.values()), Decimal(0))
    total = sum((row["spent"] for row in shares.values()), Decimal(0))
    return {
        "shares": list(shares.values()),
        "budget": budget,
        "spent": total,
        "left": budget - total,
        "percent": rules.percent_spent(total, budget),
    }


class BudgetView(access.Guarded, TemplateView):
    """How each contract's money is spent, against its four shares."""

    action = "budget.view"
    template_name = "budget/execution.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contracts = Contract.objects.visible_to(self.request.user).select_related("contractor", "programme")
        listed = list(contracts.order_by("-starts_on", "number"))
        wanted = self.request.GET.get("contract", "")
        chosen = next((contract for contract in listed if str(contract.pk) == wanted), listed[0] if listed else None)
        kwargs |= {"contracts": listed, "contract": chosen, "execution": execution(chosen) if chosen else None}
        kwargs["can_write"] = access.may(self.request.user, "voucher.write")
        return super().get_context_data(**kwargs)


class VoucherListView(ListPage):
    action = "voucher.view"
    model = Voucher
    table_class = VoucherTable
    filterset_class = VoucherFilter
    title = _("Vouchers")
    empty_text = _("No voucher fits the filter.")
    export_columns = [
        workbook.Column(_("Contract"), "contract.number"),
        workbook.Column(_("Voucher number"), "number", kind="int"),
        workbook.Column(_("Date"), "day", kind="date"),
        workbook.Column(_("Subject"), lambda row: f"{row.line.subject.code} {row.line.subject.name}"),
        workbook.Column(_("Station"), lambda row: row.station.short_name if row.station else ""),
        workbook.Column(_("Purpose"), "purpose"),
        workbook.Column(_("Payee"), "payee"),
        workbook.Column(_("Invoice number"), "invoice_number"),
        workbook.Column(_("Amount, yuan"), "amount", kind="money", total=True),
        workbook.Column(_("State"), lambda row: row.get_state_display()),
    ]

    def refine(self, rows: Any) -> Any:
        return rows.select_related("contract__contractor", "line__subject", "station__township")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if access.may(self.request.user, "voucher.write"):
            context |= {"create_url": "new/", "create_label": gettext("Enter a voucher")}
        return context


class VoucherEditView(access.Guarded, View):
    """Enter a voucher, or correct a returned one."""

    action = "voucher.write"

    def get(self, request: HttpRequest, pk: Any = None) -> HttpResponse:
        voucher, contract = self._voucher(pk)
        if contract is None:
            messages.error(request, gettext("No contract is open for your vouchers today."))
            return redirect("budget:execution")
        initial = {"key": uuid7(), "day": clock.today()} if pk is None else {"version": voucher.version}
        return self._page(VoucherForm(instance=voucher, contract=contract, initial=initial), contract)

    def post(self, request: HttpRequest, pk: Any = None) -> HttpResponse:
        voucher, contract = self._voucher(pk)
        if contract is None:
            return redirect("budget:execution")
        form = VoucherForm(request.POST, request.FILES, instance=voucher, contract=contract)
        if not form.is_valid():
            return self._page(form, contract, status=400)
        row = form.save(commit=False)
        row.contract = contract
        if pk is None and form.cleaned_data["key"]:
            row.pk = form.cleaned_data["key"]
        if pk is not None:
            row.version = form.cleaned_data["version"] or 0
        try:
            row = workflow.save_voucher(
                row, request.user, form.cleaned_data["papers"], hand_in=request.POST.get("act") == "hand_in"
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self._page(form, contract, status=400)
        messages.success(request, gettext("Voucher %(number)s is saved.") % {"number": row.number})
        return redirect("budget:voucher-detail", row.pk)

    def _voucher(self, pk: Any) -> tuple[Voucher | None, Contract | None]:
        user = self.request.user
        if pk is not None:
            voucher = get_object_or_404(Voucher.objects.open_to(user).select_related("contract"), pk=pk)
            return voucher, voucher.contract
        contracts = Contract.objects.open_to(user).order_by("-starts_on")
        wanted = self.request.POST.get("contract") or self.request.GET.get("contract")
        chosen = next((contract for contract in contracts if str(contract.pk) == wanted), None)
        return None, chosen or contracts.first()

    def _page(self, form: VoucherForm, contract: Contract, status: int = 200) -> HttpResponse:
        return render(self.request, "budget/voucher_form.html", {"form": form, "contract": contract}, status=status)


class VoucherDetailView(access.Guarded, DetailView):
    """A voucher with its papers; the manager approves or returns it here."""

    action = "voucher.view"
    template_name = "budget/voucher_detail.html"
    context_object_name = "voucher"
    return_form: VoucherReturnForm | None = None

    def get_queryset(self) -> Any:
        rows = Voucher.objects.visible_to(self.request.user)
        joined = rows.select_related(
            "contract__contractor", "line__subject__share", "station__township", "prepared_by", "approved_by"
        )
        return joined.prefetch_related("files__stored")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        voucher, user = self.object, self.request.user
        mine = Voucher.objects.open_to(user).filter(pk=voucher.pk).exists()
        kwargs |= {
            "can_edit": mine
            and access.may(user, "voucher.write")
            and voucher.state in (VoucherState.DRAFT, VoucherState.RETURNED),
            "can_decide": mine
            and access.may(user, "voucher.approve")
            and voucher.state == VoucherState.PREPARED
            and voucher.prepared_by_id != user.pk,
            "return_form": self.return_form or VoucherReturnForm(initial={"version": voucher.version}),
        }
        return super().get_context_data(**kwargs)


class VoucherDecideView(access.Guarded, View):
    """Approve or return a voucher."""

    action = "voucher.approve"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        voucher = get_object_or_404(Voucher.objects.visible_to(request.user), pk=pk)
        typed = request.POST.get("version", "")
        version = int(typed) if typed.isdigit() else -1
        form = VoucherReturnForm(request.POST)
        try:
            if request.POST.get("act") == "approve":
                workflow.approve_voucher(voucher, request.user, version)
                messages.success(request, gettext("Voucher %(number)s is approved.") % {"number": voucher.number})
                return redirect("budget:voucher-detail", pk)
            if form.is_valid():
                workflow.return_voucher(voucher, request.user, form.cleaned_data["reason"], version)
                messages.success(request, gettext("Voucher %(number)s is returned.") % {"number": voucher.number})
                return redirect("budget:voucher-detail", pk)
        except ValidationError as error:
            form.add_error(None, error)
        page = VoucherDetailView(request=request, kwargs={"pk": pk}, return_form=form)
        page.object = page.get_object()
        answer = page.render_to_response(page.get_context_data())
        answer.status_code = 400
        return answer
