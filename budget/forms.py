"""Forms of vouchers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from budget.models import BudgetLine, Voucher
from jinjiang_portal.forms import MoneyField, PortalForm, PortalModelForm, field_for
from stations.models import Contract, Station


class LineChoice(forms.ModelChoiceField):
    """A budget line, named by its subject."""

    def label_from_instance(self, obj: BudgetLine) -> str:
        return f"{obj.subject.code} {obj.subject.name}"


class PapersInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Any number of papers."""

    widget = PapersInput(attrs={"multiple": True, "accept": "image/*,.pdf"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PapersField, self).clean(one, initial) for one in given]


class VoucherForm(PortalModelForm):
    """A spending of the contract; the station may stay empty for what serves all of them."""

    # Made by the page, so that a repeated send of the same form is one voucher.
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    amount = MoneyField(label=_("Amount, yuan"), min_value=0)
    line = LineChoice(label=_("Subject"), queryset=BudgetLine.objects.none())
    papers = PapersField(label=_("Papers (photos or PDF)"), required=False)

    class Meta:
        model = Voucher
        fields = ["day", "line", "station", "amount", "payee", "purpose", "invoice_number"]
        formfield_callback = field_for

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contract = contract
        lines = BudgetLine.objects.filter(contract=contract).select_related("subject__share")
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]
        stations = Station.objects.filter(contract_stations__contract=contract).select_related("township")
        self.fields["station"].queryset = stations  # type: ignore[attr-defined]
        self.fields["station"].empty_label = _("All stations of the contract")  # type: ignore[attr-defined]

    def clean_amount(self) -> Any:
        amount = self.cleaned_data["amount"]
        if not amount:
            raise ValidationError(_("The amount must be more than nothing."))
        return amount

    def clean_invoice_number(self) -> str:
        number = str(self.cleaned_data["invoice_number"]).strip()
        if number:
            same = Voucher.objects.filter(contract=self.contract, invoice_number=number).exclude(pk=self.instance.pk)
            same = same.exclude(pk=self.data.get("key") or None)
            if found := same.first():
                raise ValidationError(
                    _("Invoice %(invoice)s is already on voucher %(number)s."),
                    params={"invoice": number, "number": found.number},
                )
        return number


class VoucherReturnForm(PortalForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("What is to be changed"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
