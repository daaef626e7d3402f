"""The nginx configuration we ship, in a real nginx, before a real process of the program."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from archive.models import Asset, AssetRole, Recording, RecordingState, RecordingVisibility
from tests.conftest import need
from tests.deploy.conftest import ROOT, Site, free_port, wait_for

FILM = os.urandom(300_000)
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
    include {mime};
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/mentors.conf;
}}
"""


def _nginx() -> str:
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    need(found is not None, "nginx")
    assert found
    return found


def _certificate(folder: Path) -> None:
    """A certificate of localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def _adapted(folder: Path, site: Site, plain: int, secure: int) -> str:
    """The shipped file, with other ports and folders and nothing else."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    text = re.sub(r"^\s*listen \[::\].*\n", "", text, flags=re.MULTILINE)
    for old, new in (
        ("127.0.0.1:5000", f"127.0.0.1:{site.port}"),  # first: the ports below may begin with 5000
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ", f"listen 127.0.0.1:{secure} "),
        ("mentors.example;", "localhost;"),
        ("/etc/letsencrypt/live/mentors.example", str(folder)),
        ("/var/log/nginx", str(folder)),
        ("/srv/mentors/static", str(ROOT / "static")),
        ("/var/lib/mentors/media", str(site.media)),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return text


@dataclass
class Proxy:
    """nginx on its two ports, and the program behind it."""

    site: Site
    folder: Path
    plain: int
    secure: int

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPSConnection("localhost", self.secure, context=self.trust, timeout=20)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        found = answer.read()
        connection.close()
        return answer, found

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.secure}"


@pytest.fixture
def proxy(site: Site, tmp_path: Path) -> Iterator[Proxy]:
    program = _nginx()
    folder = tmp_path / "nginx"
    folder.mkdir()
    made = Proxy(site, folder, free_port(), free_port())
    _certificate(folder)
    (folder / "mentors.conf").write_text(_adapted(folder, site, made.plain, made.secure))
    # Started by root, its workers would be somebody who can't read this test's folder.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user, mime="/etc/nginx/mime.types"))
    site.start(BASE_URL=made.origin, TRUSTED_PROXIES="1", ACCEL_PREFIX="/media-of-ours")
    process = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
    try:
        wait_for(lambda: socket.create_connection(("127.0.0.1", made.secure), 1).close() or True)
        yield made
    finally:
        process.terminate()
        process.wait()


def _settled(offset: Callable[[], int]) -> int:
    """The offset once the program has noticed that the line was cut."""
    seen = [-1]

    def same() -> bool:
        seen.append(offset())
        return len(seen) > 10 and len(set(seen[-10:])) == 1

    wait_for(same)
    return seen[-1]


def _film(site: Site, visibility: RecordingVisibility) -> Recording:
    """A playable recording whose file is a piece of noise."""
    meeting = site.world.meetings(site.world.cohort())[0]
    (site.media / "recordings").mkdir(parents=True)
    (site.media / "recordings" / "film.mp4").write_bytes(FILM)
    recording = site.world.add(
        Recording(
            meeting_id=meeting.id, title_el="Ταινία", state=RecordingState.PLAYABLE, visibility=visibility, duration=60
        )
    )
    site.world.add(
        Asset(
            recording_id=recording.id,
            role=AssetRole.ORIGINAL,
            key="recordings/film.mp4",
            mimetype="video/mp4",
            bytes=len(FILM),
            sha256=hashlib.sha256(FILM).hexdigest(),
        )
    )
    return recording


def test_a_page_comes_compressed_with_its_headers_and_secure_cookie(proxy: Proxy):
    answer, body = proxy.ask("GET", "/sign-in", Accept_Encoding="gzip")

    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert body[:2] == b"\x1f\x8b"
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "; Secure" in answer.headers["Set-Cookie"]


def test_plain_http_leads_to_https(proxy: Proxy):
    connection = http.client.HTTPConnection("localhost", proxy.plain, timeout=20)
    connection.request("GET", "/modules?theme=energy")
    answer = connection.getresponse()
    answer.read()
    connection.close()

    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/modules?theme=energy")


def test_static_files_are_kept_forever_when_their_address_says_so(proxy: Proxy):
    named, sheet = proxy.ask("GET", "/static/css/base.css?v=0123456789")
    bare, _ = proxy.ask("GET", "/static/css/base.css")

    assert sheet == (ROOT / "static/css/base.css").read_bytes()
    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert bare.headers["Cache-Control"] == "no-cache"
    assert named.headers["X-Content-Type-Options"] == "nosniff"
    assert named.headers["Content-Type"] == "text/css"
    assert proxy.ask("GET", "/static/../app.py")[0].status in {400, 404}
    assert proxy.ask("GET", "/static../app.py")[0].status == 404


def test_a_websocket_gets_through_from_our_own_page_only(proxy: Proxy):
    import websocket

    address = f"wss://localhost:{proxy.secure}/socket.io/?EIO=4&transport=websocket"
    trust = {"ca_certs": str(proxy.folder / "fullchain.pem")}
    opened = websocket.create_connection(address, origin=proxy.origin, sslopt=trust, timeout=20)
    assert opened.recv().startswith("0{")
    opened.send("40/live,")
    assert opened.recv().startswith("40/live,")
    opened.close()

    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(address, origin="https://elsewhere.example", sslopt=trust, timeout=20)


def test_an_upload_goes_through_as_it_comes_and_continues_where_it_was_cut(proxy: Proxy):
    site = proxy.site
    staff = site.world.stelios()
    meeting = site.world.meetings(site.world.cohort())[0]
    recording = site.world.add(Recording(meeting_id=meeting.id, title_el="Ταινία", created_by_id=staff.id))
    told = base64.b64encode(str(recording.pid).encode()).decode()
    tus = {"Cookie": site.cookie(staff), "Origin": proxy.origin, "Tus_Resumable": "1.0.0"}
    size = 3_000_000  # more than a form may have
    answer, body = proxy.ask(
        "POST", "/uploads", b"", Upload_Length=str(size), Upload_Metadata=f"recording {told},filename YQ==", **tus
    )
    assert answer.status == 201, body
    place = re.sub(r"^https?://[^/]+", "", answer.headers["Location"])

    # Half of what was announced, then the line is cut: nothing was gathered before the program.
    half = os.urandom(size // 2)
    line = proxy.trust.wrap_socket(socket.create_connection(("localhost", proxy.secure)), server_hostname="localhost")
    head = {"Host": f"localhost:{proxy.secure}", "Content-Type": "application/offset+octet-stream"}
    head |= {"Upload-Offset": "0", "Content-Length": str(size)}
    head |= {name.replace("_", "-"): value for name, value in tus.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    line.sendall(f"PATCH {place} HTTP/1.1\r\n{lines}\r\n".encode() + half)

    def offset() -> int:
        return int(proxy.ask("HEAD", place, **tus)[0].headers["Upload-Offset"])

    wait_for(lambda: offset() > 0)
    line.close()
    at = _settled(offset)
    assert 0 < at <= len(half)

    rest = half[at:] + os.urandom(size - len(half))
    answer, body = proxy.ask(
        "PATCH", place, rest, Content_Type="application/offset+octet-stream", Upload_Offset=str(at), **tus
    )
    assert (answer.status, answer.headers["Upload-Offset"]) == (204, str(size)), body
    kept = [path.read_bytes() for path in site.media.rglob("*") if path.is_file() and path.stat().st_size == size]
    assert kept == [half[:at] + rest]


def test_a_large_form_is_refused_before_the_program(proxy: Proxy):
    assert proxy.ask("POST", "/sign-in", b"x" * 1_100_000)[0].status == 413


def test_a_picture_of_a_question_reaches_the_program(proxy: Proxy):
    for place in ("questions", "pictures"):
        answer, _ = proxy.ask("POST", f"/rooms/ABCDEF/{place}", bytes(2 << 20), Origin=proxy.origin)
        assert answer.status in {400, 401}  # its own answer: without a token, or nobody's


def test_nginx_sends_a_part_of_a_film_to_whom_the_program_lets_watch(proxy: Proxy):
    site = proxy.site
    recording = _film(site, RecordingVisibility.PRIVATE)
    address = f"/recordings/{recording.pid}/media/play"
    staff, stranger = site.cookie(site.world.stelios()), site.cookie(site.world.stranger())

    answer, part = proxy.ask("GET", address, Cookie=staff, Range="bytes=1000-1999")

    assert (answer.status, part) == (206, FILM[1000:2000])
    assert answer.headers["Content-Range"] == f"bytes 1000-1999/{len(FILM)}"
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "X-Accel-Redirect" not in answer.headers
    assert proxy.ask("GET", address, Cookie=staff)[1] == FILM
    assert proxy.ask("GET", address, Cookie=stranger)[0].status == 404
    assert proxy.ask("GET", address)[0].status == 404
    assert proxy.ask("GET", "/media-of-ours/recordings/film.mp4", Cookie=staff)[0].status == 404


def test_measures_are_not_for_the_world(proxy: Proxy):
    assert proxy.ask("GET", "/metrics")[0].status == 404
    assert proxy.ask("GET", "//metrics")[0].status in {301, 308, 404}
    assert proxy.ask("GET", "/metrics", X_Forwarded_For="127.0.0.1")[0].status == 404


def test_the_log_has_no_addresses_of_readers_and_no_searches(proxy: Proxy):
    proxy.ask("GET", "/modules?q=mystiko")
    wait_for(lambda: "/modules" in (proxy.folder / "mentors.log").read_text())

    log = (proxy.folder / "mentors.log").read_text()
    assert "mystiko" not in log
    assert "127.0.0.1" not in log


def test_what_a_client_claims_about_its_address_is_not_believed(proxy: Proxy):
    """Behind one trusted proxy the program sees the real address: ours, in the limits' and the log's eyes."""
    answer, body = proxy.ask("GET", "/healthz", X_Forwarded_For="203.0.113.9", X_Forwarded_Host="evil.example")
    assert (answer.status, body) == (200, b"ok\n")
    assert "evil.example" not in proxy.ask("GET", "/sign-in", X_Forwarded_Host="evil.example")[1].decode()
