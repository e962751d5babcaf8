"""Gunicorn for the local portal and for the container. README, 'Deploying', lists the variables."""

import os

wsgi_app = "jinjiang_portal.wsgi:application"
bind = f"0.0.0.0:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# A page takes well under a second; long work is a job of the worker.
timeout = 60
graceful_timeout = 20
keepalive = 30
# Workers are renewed now and then, not all at once, so that a slow leak never grows old.
max_requests = 2000
max_requests_jitter = 400
# Heartbeat files in memory: on a busy disk a worker would look dead.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# The portal writes its own request log, without addresses' query strings and without names.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
# The proxy is the only one who can reach the container; it sets these headers anew.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
