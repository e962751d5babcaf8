"""What a page costs, as a multiple of the barest answer Django gives here: a figure that any machine can compare."""

from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jinjiang_portal import clock
from tests.scenes import Scene, make_log

DAYS = 40
ROUNDS = 30


@pytest.mark.django_db
def test_the_list_of_logs_costs_a_known_multiple_of_a_bare_view(benchmark: Any, client: Client, scene: Scene):
    for number in range(DAYS):
        make_log(scene.own, clock.today() - timedelta(days=number + 1), state="submitted")
    client.force_login(scene.users["township_supervisor"])
    page, bare = reverse("staffing:log-list"), reverse("health-live")

    def ask(url: str) -> float:
        started = perf_counter()
        assert client.get(url).status_code == 200
        return perf_counter() - started

    for url in (page, bare):
        ask(url)
    bare_seconds = median(ask(bare) for _round in range(ROUNDS))
    benchmark.pedantic(ask, args=(page,), rounds=ROUNDS)
    ratio = benchmark.stats.stats.median / bare_seconds
    benchmark.extra_info["times a bare view"] = round(ratio, 1)
    print(f"\nThe list of {DAYS} logs costs {ratio:.0f} bare views ({bare_seconds * 1000:.1f} ms each).")
