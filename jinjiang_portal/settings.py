"""Settings, driven by environment variables and safe by default.

Without `PORTAL_ENV=production` this is the local embedded default: SQLite in WAL mode, filesystem broker, demo sign-ins
allowed. With it, a missing secret or `DEBUG` stops the start with a sentence. README lists every variable.
"""

from datetime import date
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env("PORTAL_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)

PRODUCTION = env("PORTAL_ENV", default="local") == "production"
DEBUG = env.bool("DEBUG", default=False)


def secret(name: str, local_default: str) -> str:
    """A secret from the environment; in production its absence stops the start with a sentence."""
    value = env(name, default="")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(
            f"{name} is not set. Production needs it in the environment; see README, 'Deploying'."
        )
    return local_default


if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG is on. Production must run with DEBUG off: remove DEBUG from the environment.")

SECRET_KEY = secret("SECRET_KEY", "local-only-" + "k" * 50)
# Fernet keys, newest first (comma separated): the first encrypts, all decrypt, so keys can be rotated.
FIELD_ENCRYPTION_KEYS = secret("FIELD_ENCRYPTION_KEYS", "bG9jYWwtb25seS1maWVsZC1lbmNyeXB0aW9uLWtleTE=").split(",")
# Keys the HMAC beside each encrypted number; it is not rotated without recomputing the hashes.
FIELD_HASH_KEY = secret("FIELD_HASH_KEY", "local-only-hash-key")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["*"])
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS is not set. Name the portal's host, e.g. ALLOWED_HOSTS=portal.example.cn."
    )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Demo mode: demo sign-ins on the sign-in page and a fixed calendar day. Never in production.
DEMO_MODE = not PRODUCTION and env.bool("PORTAL_DEMO", default=True)
_demo_date = env("PORTAL_DEMO_DATE", default="2024-06-28")
DEMO_DATE = date.fromisoformat(_demo_date) if DEMO_MODE and _demo_date != "off" else None

INSTALLED_APPS = [
    "jinjiang_portal.accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "guardian",
    "auditlog",
    "django_filters",
    "django_tables2",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "jinjiang_portal.audit",
    "jinjiang_portal.jobs",
    "jinjiang_portal.files",
    "jinjiang_portal",
    "stations",
    "staffing",
    "casework",
    "budget",
    "reports",
]

MIDDLEWARE = [
    "jinjiang_portal.middleware.RequestLogMiddleware",
    "jinjiang_portal.health.UnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "jinjiang_portal.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "jinjiang_portal.accounts.middleware.SessionGuardMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "jinjiang_portal.urls"
WSGI_APPLICATION = "jinjiang_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jinjiang_portal.home.shell",
            ],
            "builtins": ["django.templatetags.i18n", "jinjiang_portal.templatetags.portal"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# Database ------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads of a test then queue for the lock as in production instead of failing at once.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 30,
        # Writers take the lock at BEGIN, so two of them queue instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache: shared between web processes; the database table is enough for the embedded default.
REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# Sign-in -------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours: 15 minutes
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "jinjiang_portal.accounts.views.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_IPWARE_PROXY_COUNT = env.int("PROXY_COUNT", default=1 if PRODUCTION else 0) or None
OTP_TOTP_ISSUER = "晋江市民政服务站管理平台"
# Roles whose sign-in needs the second factor (SECURITY 4).
TOTP_REQUIRED_ROLES = ["bureau_admin", "system_admin"] if PRODUCTION else env.list("TOTP_REQUIRED_ROLES", default=[])

SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "jinjiang_portal.health.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# guardian: a permission says where; the role says what (jinjiang_portal/access.py).
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# Grants carry dates and are asked through stations.querysets; has_perm and its backend know no dates.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]

# Language and time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "portal_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Files ---------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(MEDIA_ROOT)}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_MAX_BYTES = 10 * 1024 * 1024
# A function (name, content) that raises ValidationError for a file the virus scanner refuses; empty: none.
FILE_SCANNER = env("FILE_SCANNER", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Jobs ----------------------------------------------------------------------------------------------------------------
_broker = env("CELERY_BROKER_URL", default="filesystem://localhost//")
CELERY_BROKER_URL = _broker
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
if _broker.startswith("filesystem"):
    _queue_dir = VAR_DIR / "broker"
    for _name in ("queue", "control"):
        (_queue_dir / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue_dir / "queue"),
        "data_folder_out": str(_queue_dir / "queue"),
        "control_folder": str(_queue_dir / "control"),
        "polling_interval": 0.5,
    }
JOB_HEARTBEAT_SECONDS = env.float("JOB_HEARTBEAT_SECONDS", default=5)
JOB_STALE_SECONDS = env.float("JOB_STALE_SECONDS", default=30)
JOB_TICK_SECONDS = env.float("JOB_TICK_SECONDS", default=5)
JOB_MAX_ATTEMPTS = env.int("JOB_MAX_ATTEMPTS", default=3)
CELERY_BEAT_SCHEDULE = {
    "jobs-tick": {
        "task": "jinjiang_portal.jobs.tasks.tick",
        "schedule": JOB_TICK_SECONDS,
        # Behind a long job ticks would pile up; only the newest is of use.
        "options": {"expires": JOB_TICK_SECONDS},
    },
    "audit-seal": {"task": "jinjiang_portal.audit.tasks.seal", "schedule": 60.0},
}

# Audit: only what is registered is recorded, with encrypted columns left out.
AUDITLOG_INCLUDE_ALL_MODELS = False
AUDITLOG_DISABLE_REMOTE_ADDR = False

# API -----------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["jinjiang_portal.api_rules.SessionOrNothing"],
    "DEFAULT_PERMISSION_CLASSES": ["jinjiang_portal.api_rules.ActionPermission"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "jinjiang_portal.api_rules.KeyPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "jinjiang_portal.api_rules.on_error",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": env("API_RATE", default="600/min")},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Jinjiang civil-affairs service stations",
    "VERSION": "1",
    "SERVE_PERMISSIONS": ["jinjiang_portal.api_rules.SignedInPermission"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
}

# Logs: one JSON line an event, without query strings, bodies or names.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"personal": {"()": "jinjiang_portal.logs.PersonalDataFilter"}},
    "formatters": {"json": {"()": "jinjiang_portal.logs.JsonLine"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["personal"]},
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
    "loggers": {
        "portal": {"level": env("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING")},
        "django.request": {"level": "ERROR"},
        # WeasyPrint reports each refused address here; jinjiang_portal.pdf collects them itself.
        "weasyprint": {"level": "CRITICAL"},
        "fontTools": {"level": "ERROR"},
    },
}

DJANGO_TABLES2_TEMPLATE = "components/table.html"
