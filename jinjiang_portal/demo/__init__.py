"""A believable year of invented data: `manage.py load_demo [--scale N] [--seed S] [--until DAY]`.

Everybody in it is invented. ID numbers carry valid check digits on the unassigned region code 350599, phones the
unassigned segment 154, so that no living person is hit. The same seed makes the same rows. It composes all apps and
is imported by nobody.
"""
