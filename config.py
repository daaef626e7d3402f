"""Every setting, read from the environment, with its default and one line of meaning."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def _flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "")
    return value.lower() in {"1", "true", "yes", "on"} if value else default


def _instance_dir() -> Path:
    path = Path(os.environ.get("INSTANCE_DIR", ROOT / "instance"))
    path.mkdir(parents=True, exist_ok=True)
    return path


def _kept_secret(instance: Path, name: str) -> str:
    """The secret NAME from the environment, else one made once and kept, readable by us only."""
    if value := os.environ.get(name):
        return value
    path = instance / name.lower()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def _database_url(instance: Path) -> str:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{instance / 'mentors.db'}"
    # "postgresql://" and Heroku's "postgres://" both mean psycopg 3 here.
    for scheme in ("postgresql://", "postgres://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url


def from_environment() -> dict[str, object]:
    """Settings of one process, as a mapping for `app.config`."""
    instance = _instance_dir()
    port = int(os.environ.get("PORT", "5000"))
    base_url = os.environ.get("BASE_URL", f"http://127.0.0.1:{port}")
    https = base_url.startswith("https://")
    return {
        # Where it listens, and the address people type (links in e-mails, same-origin check)
        "HOST": os.environ.get("HOST", "127.0.0.1"),
        "PORT": port,
        "BASE_URL": base_url,
        # Number of proxies in front whose X-Forwarded-* may be believed
        "TRUSTED_PROXIES": int(os.environ.get("TRUSTED_PROXIES", "0")),
        # Data: database, uploads and media, Redis for several processes (optional)
        "INSTANCE_DIR": str(instance),
        "SQLALCHEMY_DATABASE_URI": _database_url(instance),
        "MEDIA_DIR": os.environ.get("MEDIA_DIR", str(instance / "media")),
        "REDIS_URL": os.environ.get("REDIS_URL", ""),
        # Media in S3 instead of MEDIA_DIR, which then only holds what is being sent or made: the address of the service
        "S3_ENDPOINT": os.environ.get("S3_ENDPOINT", ""),
        # The bucket; naming one is what turns S3 on (install requirements-s3.txt too)
        "S3_BUCKET": os.environ.get("S3_BUCKET", ""),
        # Its region, and the key that may read, write, list and delete in it
        "S3_REGION": os.environ.get("S3_REGION", "us-east-1"),
        "S3_ACCESS_KEY": os.environ.get("S3_ACCESS_KEY", ""),
        "S3_SECRET_KEY": os.environ.get("S3_SECRET_KEY", ""),
        # A second place for originals, from which a damaged one is mended: a folder, or a bucket of the same service
        "MIRROR_DIR": os.environ.get("MIRROR_DIR", ""),
        "MIRROR_BUCKET": os.environ.get("MIRROR_BUCKET", ""),
        # Secrets: made on the first start and kept in instance/
        "SECRET_KEY": _kept_secret(instance, "SECRET_KEY"),
        "SECURITY_PASSWORD_SALT": _kept_secret(instance, "PASSWORD_SALT"),
        "TOTP_SECRET": _kept_secret(instance, "TOTP_SECRET"),
        # E-mail: printed to the console unless a server is named
        "MAIL_SERVER": os.environ.get("MAIL_SERVER", ""),
        "MAIL_PORT": int(os.environ.get("MAIL_PORT", "25")),
        "MAIL_USERNAME": os.environ.get("MAIL_USERNAME", ""),
        "MAIL_PASSWORD": os.environ.get("MAIL_PASSWORD", ""),
        "MAIL_TLS": os.environ.get("MAIL_TLS", ""),  # "starttls", "implicit" or nothing
        "MAIL_FROM": os.environ.get("MAIL_FROM", "mentores@localhost"),
        # Cookies: Secure as soon as the public address is https
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": https,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        # A form is good as long as its session: a meeting lasts two hours, a text may take longer
        "WTF_CSRF_TIME_LIMIT": None,
        # Language and time
        "BABEL_DEFAULT_LOCALE": "el",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Athens",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        # Rates on sign-in and writes
        "RATELIMIT_ENABLED": _flag("RATE_LIMITS", default=True),
        "MAX_CONTENT_LENGTH": 1 << 20,
        "MAX_FORM_MEMORY_SIZE": 1 << 20,
        # Largest file (bytes) that the programme's staff upload, and anybody at all
        "UPLOAD_MAX_BYTES": int(os.environ.get("UPLOAD_MAX_BYTES", str(8 << 30))),
        # Largest file (bytes) that those who coordinate for an organisation upload
        "UPLOAD_MAX_BYTES_ORGANISATION": int(os.environ.get("UPLOAD_MAX_BYTES_ORGANISATION", str(6 << 30))),
        # Largest file (bytes) that mentors upload
        "UPLOAD_MAX_BYTES_MENTOR": int(os.environ.get("UPLOAD_MAX_BYTES_MENTOR", str(4 << 30))),
        # Uploads that one person may have begun and not ended
        "UPLOADS_PER_PERSON": int(os.environ.get("UPLOADS_PER_PERSON", "5")),
        # Bytes that may be on their way for the cohorts of one organisation
        "UPLOAD_BYTES_PER_ORGANISATION": int(os.environ.get("UPLOAD_BYTES_PER_ORGANISATION", str(40 << 30))),
        # Bytes of the disk that uploads leave free
        "DISK_FLOOR_BYTES": int(os.environ.get("DISK_FLOOR_BYTES", str(5 << 30))),
        # Hundredths of the disk that uploads leave free, if that is more
        "DISK_FLOOR_PERCENT": int(os.environ.get("DISK_FLOOR_PERCENT", "5")),
        # Bytes of the disk that what is made of recordings leaves free
        "WORK_FLOOR_BYTES": int(os.environ.get("WORK_FLOOR_BYTES", str(1 << 30))),
        # Seconds after which the job of a worker that says nothing is taken by another
        "JOB_LEASE": float(os.environ.get("JOB_LEASE", "60")),
        # Recordings also in 480p and 720p for poor lines: half the recording's length of both processors
        "LADDER": _flag("LADDER", default=False),
        # Programs: ffmpeg from here, else from PATH, else from the imageio-ffmpeg wheel
        "FFMPEG": os.environ.get("FFMPEG", ""),
        # Speech recognition (section 7), off without one of these two; the languages it knows; bytes a command may take
        "ASR_COMMAND": os.environ.get("ASR_COMMAND", ""),
        "ASR_URL": os.environ.get("ASR_URL", ""),
        "ASR_LANGUAGES": os.environ.get("ASR_LANGUAGES", "el en"),
        "ASR_MEMORY": int(os.environ.get("ASR_MEMORY", str(8 << 30))),
        # nginx hands media over itself when this prefix is set (X-Accel-Redirect)
        "ACCEL_PREFIX": os.environ.get("ACCEL_PREFIX", ""),
        # /metrics answers loopback, and others with this token only
        "METRICS_TOKEN": os.environ.get("METRICS_TOKEN", ""),
        # Days from a cohort's completion until its rooms go to the archive, where nobody is found behind a question
        "FORUM_ARCHIVE_DAYS": int(os.environ.get("FORUM_ARCHIVE_DAYS", "30")),
        # Logs as JSON lines (production) or readable (terminal)
        "LOG_JSON": _flag("LOG_JSON", default=False),
    }
