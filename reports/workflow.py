"""State changes of reports and their builds (D3.5)."""

from django.db import transaction

from reports.models import Report, ReportKind, ReportSection
from reports.sections import sections_of
from stations.models import Contract


@transaction.atomic
def open_reports(contract: Contract) -> list[Report]:
    """The contract's mid-term and final report with their empty sections; what is there already is left alone."""
    programme = contract.programme
    frames = (
        (ReportKind.MIDTERM, programme.midterm_cutoff, programme.midterm_due),
        (ReportKind.FINAL, programme.ends_on, programme.final_due),
    )
    reports = []
    for kind, ends_on, due_on in frames:
        report, _created = Report.objects.get_or_create(
            contract=contract,
            kind=kind,
            defaults={"starts_on": programme.starts_on, "ends_on": ends_on, "due_on": due_on},
        )
        present = set(report.sections.values_list("key", flat=True))
        ReportSection.objects.bulk_create(
            ReportSection(report=report, key=section.key) for section in sections_of(kind) if section.key not in present
        )
        reports.append(report)
    return reports
