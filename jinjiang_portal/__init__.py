"""The frame and the cellar of the portal of the Jinjiang civil-affairs service stations.

Frame (composes everything, imported by nobody below): settings, urls, celery, home, demo.
Cellar (knows nothing of the domain apps): accounts, audit, access, jobs, files, fields, clock, identity, names,
money, workdays, versioned, workbook, pdf, charts, health.
Domain apps stand on it, one direction of import: reports → casework, budget → staffing → stations → cellar.
"""

from jinjiang_portal.celery import app as celery_app

__all__ = ["celery_app"]
