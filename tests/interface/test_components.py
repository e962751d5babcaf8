"""Every component renders, says what is wrong in forms, and keeps its parts reachable."""

import re
from pathlib import Path
from types import SimpleNamespace

import django_tables2 as tables
import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation

from jinjiang_portal.home import Figure
from jinjiang_portal.jobs.models import Job, JobState

ROOT = Path(settings.BASE_DIR)
ERROR_PAGES = ["400", "403", "403_csrf", "404", "500", "503"]


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


class SampleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the card.")
    size = forms.ChoiceField(label="Size", choices=[("a", "Small"), ("b", "Large")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"class": "num"}))
    sure = forms.BooleanField(label="Sure")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        if self.data.get("note") == "no":
            raise forms.ValidationError("The note says no.")


def render(component: str, /, **context: object) -> str:
    return render_to_string(f"components/{component}.html", context, request=RequestFactory().get("/?state=draft"))


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_every_template_compiles(path: Path) -> None:
    get_template(str(path.relative_to(ROOT / "templates")))


def test_a_form_shows_labels_hints_and_its_button() -> None:
    html = render("form", form=SampleForm(), submit="Save", cancel_url="/back/", next="/on/")
    assert '<label for="id_name">Name</label>' in html
    assert 'id="id_name_helptext"' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert "<legend>Size</legend>" in html
    assert "(optional)" in html
    assert 'class="num input"' in html
    assert '<input type="hidden" name="secret"' in html
    assert 'href="/back/"' in html
    assert 'name="next" value="/on/"' in html
    assert ">Save</button>" in html
    assert "role=" not in html


def test_errors_are_listed_on_top_and_said_at_the_field() -> None:
    form = SampleForm({"name": "", "note": "no"})
    html = render("fields", form=form)
    assert 'role="alert"' in html
    assert "To correct before saving: 4" in html
    assert "The note says no." in html
    assert '<a href="#id_name">Name: ' in html
    assert 'id="id_name_error"' in html
    assert "id_name_error" in html.split("<input", 1)[1]
    assert 'aria-invalid="true"' in html
    assert re.search(r">\s*no</textarea>", html)


class SampleTable(tables.Table):
    caption = "People"
    name = tables.Column("Name")
    amount = tables.Column("Amount", attrs={"td": {"class": "r"}}, orderable=False, footer="7.00")


def render_table(rows: list[dict[str, object]], **kwargs: object) -> str:
    request = RequestFactory().get("/?sort=name")
    table = SampleTable(rows, **kwargs)
    tables.RequestConfig(request, paginate={"per_page": 2}).configure(table)
    context = Context({"table": table, "request": request})
    return Template("{% load django_tables2 %}{% render_table table %}").render(context)


def test_a_table_has_a_caption_sortable_heads_labels_for_phones_and_a_sum() -> None:
    html = render_table([{"name": "B", "amount": 3}, {"name": "A", "amount": 4}, {"name": "C", "amount": 4}])
    assert '<caption class="vh">People</caption>' in html
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-name"' in html
    assert 'data-label="Amount"' in html
    assert "7.00" in html
    assert "page=2" in html
    assert "3 in all" in html


def test_an_empty_table_says_so() -> None:
    class Bare(tables.Table):
        name = tables.Column("Name")

    request = RequestFactory().get("/")
    context = Context({"table": Bare([], empty_text="No people yet."), "request": request})
    html = Template("{% load django_tables2 %}{% render_table table %}").render(context)
    assert "No people yet." in html
    assert "<table" not in html


def test_the_pager_keeps_the_filter() -> None:
    html = render("pager", page_obj=Paginator(range(655), 50).page(6))
    assert "?state=draft&amp;page=7" in html
    assert 'aria-current="page"' in html
    assert "655 in all" in html


def test_the_pager_works_inside_an_isolated_include() -> None:
    request = RequestFactory().get("/?state=draft")
    page = Paginator(range(100), 50).page(1)
    template = Template('{% include "components/pager.html" with page_obj=p only %}')
    assert "?state=draft&amp;page=2" in template.render(RequestContext(request, {"p": page}))


def test_one_page_only_counts() -> None:
    html = render("pager", page_obj=Paginator(range(3), 50).page(1))
    assert "3 in all" in html
    assert "<a " not in html


def test_a_job_that_runs_is_followed_and_an_ended_one_is_not() -> None:
    running = Job(kind="sample", title="Report", state=JobState.RUNNING, done=3, total=9)
    failed = Job(kind="sample", title="Report", state=JobState.FAILED, error="The disk is full.")
    assert "<progress" in render("job", job=running)
    ended = render("job", job=failed)
    assert "The disk is full." in ended
    assert "<progress" not in ended
    assert "data-job-url" not in ended


@pytest.mark.parametrize(
    ("name", "context", "expected"),
    [
        ("stat", {"figure": Figure("Staff", "51", "of 53", "Two are missing.", "/staff/")}, "Two are missing."),
        ("stat", {"figure": Figure("<i>", "51", "", "<b>")}, "&lt;b&gt;"),
        ("progress", {"done": 1200, "total": 2400, "label": "Logs"}, "1,200 / 2,400"),
        ("progress", {"done": 0, "total": 0, "label": "Logs"}, 'max="1"'),
        ("timeline", {"events": []}, "Nothing has happened yet."),
        ("timeline", {"events": [{"at": None, "who": "A", "title": "Sent", "text": "x\ny"}]}, "x<br>y"),
        ("note", {"tone": "warn", "text": "Mind <this>"}, "Mind &lt;this&gt;"),
        ("summary", {"rows": [("Name", None)]}, "<dd>—</dd>"),
        ("empty", {"text": "Nothing.", "url": "/new/", "label": "Begin"}, 'href="/new/"'),
        ("picker", {"id": "p", "name": "client", "url": "/c/", "chosen": [{"id": 4, "name": "A"}]}, 'value="4"'),
    ],
)
def test_small_components_show_what_they_are_given(name: str, context: dict[str, object], expected: str) -> None:
    assert expected in render(name, **context)


def test_messages_have_the_tone_of_their_level() -> None:
    html = render("messages", messages=[SimpleNamespace(level_tag="error"), SimpleNamespace(level_tag="success")])
    assert "note--bad" in html
    assert "note--ok" in html


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_error_pages_need_neither_a_user_nor_a_database(name: str) -> None:
    html = get_template(f"errors/{name}.html").render({})
    assert html.count("<h1>") == 1
    assert 'href="/"' in html
    assert "give this number" not in html


def test_an_error_page_gives_the_number_of_the_request() -> None:
    request = RequestFactory().get("/")
    request.request_id = "abc123"
    html = get_template("errors/500.html").render({"request": request})
    assert "abc123" in html
