"""Django's settings: one module for every place; what differs comes from config.env."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts import allauth_settings
from config import env, providers
from web.csp import CONTENT_SECURITY_POLICY as CONTENT_SECURITY_POLICY
from web.languages import LANGUAGES as LANGUAGES
from web.logs import LOGGING as LOGGING
from web.outgoing import Origin

ENV = env.read()
ROOT = env.ROOT

SECRET_KEY = ENV.secret_key
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.hosts
CSRF_TRUSTED_ORIGINS = ENV.origins
BASE_URL = ENV.base_url
PRODUCTION = ENV.production
# The sandbox provider, carrier and verifier act only where this is true.
SANDBOX = ENV.sandbox
WEBHOOK_SECRET = ENV.webhook_secret
# Where a finder of a weakness writes to (RFC 9116): mailto: or https:.
SECURITY_CONTACT = ENV.security_contact
# Where the sandbox provider and carrier, and we, reach each other on this machine.
LOOPBACK_URL = f"http://127.0.0.1:{ENV.port}"
# All that this site ever calls; web.outgoing refuses the rest.
WEIXIN_CLIENT, WEIXIN_SECRET = ENV.weixin_client, ENV.weixin_secret
# Payment providers with our keys there (docs/payments-providers.md); empty: only the sandbox is offered.
PROVIDERS = providers.read(ENV.providers_file)
# Where the sandbox carrier can be asked about a parcel (docs/carriers.md); empty: only its events come.
CARRIERS = {"sandbox": ENV.carrier_url} if ENV.sandbox and ENV.carrier_url else {}
# Where the sandbox insurer listens (docs/insurers.md); empty: it answers within this very process.
INSURERS = {"sandbox": ENV.insurer_url} if ENV.sandbox and ENV.insurer_url else {}
OUTGOING = frozenset(
    ({Origin.of(LOOPBACK_URL, inside=True)} if ENV.sandbox else set())
    | {Origin.of(url, inside=ENV.sandbox) for url in providers.origins(PROVIDERS)}
    | {Origin.of(url, inside=ENV.sandbox) for url in (*CARRIERS.values(), *INSURERS.values())}
    | ({Origin.of("https://api.weixin.qq.com")} if WEIXIN_CLIENT else set())
)
MASTER_KEY_FILE = ENV.master_key_file
KEY_SERVICE = ENV.key_service
TOMBSTONES_FILE = ENV.tombstones_file
# Tests erase people in databases that are rolled back or emptied; their journal is nobody's.
CHECK_SERVING = ENV.mode != "test"
FILES_ROOT = ENV.data / "files"

INSTALLED_APPS = [
    "pgtrigger",
    "config.apps.WiringConfig",
    "web",
    "outbox",
    "evidence",
    "deadlines",
    "rulebook",
    "privacy",
    "notifications",
    "accounts",
    "merchants",
    "catalog",
    "payments",
    "orders",
    "complaints",
    "credit",
    "oversight",
    "desk",
    "demo",
    "bench",
    "backup",
    "config.admin_site.AnxinAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "whitenoise.runserver_nostatic",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "web.middleware.RequestIdMiddleware",
    "web.middleware.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "web.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "web.middleware.KnownMethodsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "privacy.middleware.ServingMiddleware",
    "web.middleware.ReadableCookiesMiddleware",
    "web.middleware.PrivatePagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActorMiddleware",
    "accounts.api.door.ApiDoorMiddleware",
    "accounts.web.staff_gate.StaffSessionMiddleware",
    "privacy.middleware.AccessNetMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "web.middleware.PreferencesMiddleware",
    "web.middleware.ReadableAddressMiddleware",
    "web.middleware.DomainErrorMiddleware",
    "privacy.middleware.ErasedMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.context.chrome",
            ],
            "builtins": [
                "web.templatetags.anxin",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
            ],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": ENV.database.name,
        "USER": ENV.database.user,
        "PASSWORD": ENV.database.password,
        "HOST": ENV.database.host,
        "PORT": ENV.database.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # Safe behind a transaction pooler.
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"application_name": "anxin", "connect_timeout": 5},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if ENV.redis_url:
    CACHES = {"default": {"BACKEND": "web.cache.ForgivingRedisCache", "LOCATION": ENV.redis_url}}
else:
    CACHES = {"default": {"BACKEND": "web.cache.PlainLocMemCache"}}

# A browser gives such a cookie to this host alone, and takes it over TLS only (RFC 6265bis, 4.1.3.2).
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
SESSION_ENGINE = "accounts.web.session_store"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "web.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_NAME = f"{COOKIE_PREFIX}anxin_language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SAMESITE = "Lax"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
# One proxy of ours stands in front (deploy/Caddyfile): limits per network count its callers, not itself.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
X_FRAME_OPTIONS = "DENY"
# web.middleware sends the header itself, on every answer.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

AUTH_USER_MODEL = "accounts.User"
# Sign-in is set up by its own room: accounts/allauth_settings.py.
globals().update({name: value for name, value in vars(allauth_settings).items() if name.isupper()})
NOTIFICATION_CHANNELS = ("in_app", "email", "sms")

# A page that shows people's data and writes no line is a bug: tests fail, a live site records and alarms.
UNRECORDED_LOOKS_FAIL = ENV.mode == "test"
if ENV.mode == "test":
    # Tests sign people in hundreds of times; the slow hash is Django's own and is not what they test.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "zh-hans"
LOCALE_PATHS = sorted(path for path in [*ROOT.glob("*/locale"), *ROOT.glob("platform/*/locale")])
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

WHITENOISE_USE_FINDERS = True
# Else each test client would walk through a thousand files at its start.
WHITENOISE_AUTOREFRESH = ENV.mode == "test"
STATIC_URL = "/static/"
STATIC_ROOT = ENV.data / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": FILES_ROOT},
    },
    "staticfiles": {"BACKEND": "web.storage.StaticStorage"},
}

EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend" if ENV.email_url else "web.mail.OutboxFolderBackend"
)
EMAIL_FILE_PATH = ENV.data / "mail"
EMAIL_HOST, _, _port = ENV.email_url.partition(":")
EMAIL_PORT = int(_port or 25)
# Text messages: a provider of the site's own, else the sandbox's folder, else none.
TEXT_SENDER = ENV.text_sender or f"web.texting.{'OutboxFolderTexts' if ENV.sandbox else 'NoTexts'}"
TEXT_FILE_PATH = ENV.data / "texts"
DEFAULT_FROM_EMAIL = "Anxin <no-reply@anxin.example>"

CELERY_BROKER_URL = ENV.redis_url or "memory://"
CELERY_TASK_ALWAYS_EAGER = not ENV.redis_url
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_IMPORTS = ["config.schedule"]

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["web.api_input.PlainJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "web.errors.api_exception_handler",
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Anxin",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "DeliveryKind": "orders.api.way_serializers.KINDS",
        "ReturnKind": "orders.api.return_serializers.KINDS",
    },
}
