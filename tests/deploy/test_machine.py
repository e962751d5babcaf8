"""What the machine lacks is found by asking, and installed only where that is allowed."""

from jinjiang_portal.deploy import machine


def test_only_what_is_missing_is_named():
    needs = [machine.Need("there", lambda: True), machine.Need("away", lambda: False)]
    assert machine.missing(needs) == ["away"]


def test_a_library_is_asked_of_the_loader():
    assert machine.library("libc.so.6")()
    assert not machine.library("libnowhere.so.0")()


def test_root_installs_and_others_do_not_without_sudo():
    apt = {"apt-get": "/usr/bin/apt-get"}
    assert machine.apt_prefix(True, apt.get) == []
    assert machine.apt_prefix(False, apt.get) is None
    assert machine.apt_prefix(True, {}.get) is None


def test_this_machine_is_fit_for_the_portal_and_its_tests():
    assert machine.missing([*machine.RUN, *machine.TEST]) == []
