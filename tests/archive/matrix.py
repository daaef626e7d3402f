"""Who gets what from recordings.

Objects: `recording` for the cohort of `learner`, `public_recording`, `private_recording`, all playable;
`draft_recording` without its file yet, whose half-sent `upload` is staff's. The host (mentor) and the lead's
coordinator manage them. `job` is a step of `recording` that failed.
tus and the plain file form have a guard of their own: without this site's Origin they answer 403 to everybody.
"""

from __future__ import annotations

from tests.matrix import AUTH, CONFLICT, FOUND, HIDDEN, INVALID, MOVED, NO, OK, Row, everyone

MANAGERS = ("mentor", "coordinator", "staff", "admin")
MEMBERS = ("learner", *MANAGERS)
ORIGIN_MISSING = everyone(NO)
TUS_MISSING = everyone(412)


def managers(status: int, nobody: int = AUTH) -> dict[str, int]:
    """Those who manage the recording get STATUS, nobody NOBODY, all others 404."""
    return {"nobody": nobody, **dict.fromkeys(MANAGERS, status)}


def members(status: int, **more: int) -> dict[str, int]:
    """Those of the cohort get STATUS, all others 404."""
    return {**dict.fromkeys(MEMBERS, status), **more}


def _pid(name: str, **more: str) -> dict[str, str]:
    return {"pid": f"{name}.pid", **more}


def _own(name: str) -> dict[str, str]:
    return {**_pid(name, token="own_feed.token"), "name": "=film.mp4"}


def _posts(endpoint: str, good: dict[str, str], bad: dict[str, str] | None) -> list[Row]:
    """A manager's form: what is right answers 303, what is wrong 422."""
    address = _pid("recording", language="=el") if endpoint == "drop_captions" else _pid("recording")
    rows = [Row(f"archive_manage.{endpoint}", "POST", managers(MOVED), HIDDEN, address, good)]
    if bad is not None:
        rows.append(Row(f"archive_manage.{endpoint}", "POST", managers(INVALID), HIDDEN, address, bad, "bad input"))
    return rows


def _made(endpoint: str, **args: str) -> list[Row]:
    """A file made of a recording: as the recording itself."""
    at, private = f"archive.{endpoint}", _pid("private_recording", **args)
    return [
        Row(at, "GET", members(OK), HIDDEN, _pid("recording", **args), note="for the cohort"),
        Row(at, "GET", everyone(), args=_pid("public_recording", **args), note="public"),
        Row(at, "GET", managers(OK, HIDDEN), HIDDEN, private, note="private"),
    ]


MATRIX = [
    Row("archive.recordings", "GET", everyone()),
    Row("archive.recording", "GET", members(OK), HIDDEN, _pid("recording"), note="for the cohort"),
    Row("archive.recording", "GET", everyone(), args=_pid("public_recording"), note="public"),
    Row("archive.recording", "GET", managers(OK, HIDDEN), HIDDEN, _pid("private_recording"), note="private"),
    Row("archive.recording", "GET", managers(OK, HIDDEN), HIDDEN, _pid("draft_recording"), note="without its file"),
    *[
        row
        for endpoint in ("archive.question_track", "archive.question_chapters")
        for row in (
            Row(endpoint, "GET", members(OK), HIDDEN, _pid("recording"), note="for the cohort"),
            Row(endpoint, "GET", everyone(), args=_pid("public_recording"), note="public"),
        )
    ],
    Row("archive.ask", "POST", members(MOVED, nobody=AUTH), HIDDEN, _pid("recording"),
        {"body": "Και τώρα;", "at": "0:02", "vis": "name"}),
    Row("archive.ask", "POST", members(INVALID, nobody=AUTH), HIDDEN, _pid("recording"), {"body": ""}, "bad input"),
    Row("archive.also", "POST", members(MOVED, nobody=AUTH), HIDDEN, _pid("recording", qid="closed_question.pid"),
        {"on": "1"}),
    Row("archive.dictate", "POST", {"nobody": AUTH, "coordinator": NO}, HIDDEN, {"code": "room.code"},
        note="who may ask; here there is no recogniser"),
    Row("archive.cite", "GET", members(OK), HIDDEN, _pid("recording", written="=bib"), note="for the cohort"),
    Row("archive.cite", "GET", everyone(), args=_pid("public_recording", written="=txt"), note="public"),
    Row("archive.cite", "GET", {}, HIDDEN, _pid("public_recording", written="=exe"), note="no such style"),
    Row("archive.media", "GET", members(OK), HIDDEN, _pid("recording", role="=play"), note="for the cohort"),
    Row("archive.media", "GET", everyone(), args=_pid("public_recording", role="=play"), note="public"),
    Row("archive.media", "GET", managers(OK, HIDDEN), HIDDEN, _pid("private_recording", role="=play"), note="private"),
    Row("archive.media", "GET", {}, HIDDEN, _pid("public_recording", role="=mp4"), note="no such role"),
    Row("archive.track", "GET", {}, HIDDEN, _pid("recording", language="=el"), note="none there"),
    *_made("playlist", part="=master"),
    *_made("stream", part="=src"),
    *_made("sheet", part="=000"),
    *_made("storyboard"),
    Row("archive.transcript", "GET", {}, HIDDEN, _pid("recording", language="=el", kind="=txt"), note="none there"),
    Row("archive.chapters_track", "GET", {}, HIDDEN, _pid("recording", language="=el"), note="none there"),
    Row("archive.chapters_json", "GET", {}, HIDDEN, _pid("recording"), note="none there"),
    *_made("proof"),
    Row("archive.position", "POST", members(OK, nobody=AUTH), HIDDEN, _pid("recording"), {"seconds": "5"}),
    Row("archive.position", "POST", members(INVALID, nobody=AUTH), HIDDEN, _pid("recording"), {"seconds": "x"}, "bad"),
    Row("archive.feeds", "GET", everyone()),
    Row("archive.feed", "GET", everyone()),
    Row("archive.feed_of", "GET", everyone(), args={"kind": "=cohort", "slug": "cohort.slug"}),
    Row("archive.feed_of", "GET", everyone(), args={"kind": "=theme", "slug": "theme.slug"}, note="of a theme"),
    Row("archive.feed_of", "GET", {}, HIDDEN, {"kind": "=cohort", "slug": "draft_cohort.slug"}, note="of a draft"),
    Row("archive.feed_file", "GET", everyone(), args={**_pid("public_recording"), "name": "=film.mp4"}, note="public"),
    Row("archive.feed_file", "GET", {}, HIDDEN, {**_pid("recording"), "name": "=film.mp4"}, note="for the cohort"),
    Row("archive.own_feed", "GET", everyone(), args={"token": "own_feed.token"}, note="whoever has the address"),
    Row("archive.own_feed", "GET", {}, HIDDEN, {"token": "=none"}, note="no such address"),
    Row("archive.own_file", "GET", everyone(), args=_own("recording"), note="whoever has the address"),
    Row("archive.own_file", "GET", {}, HIDDEN, _own("private_recording"), note="private"),
    Row("archive.my_feed", "GET", everyone() | {"nobody": FOUND}),
    Row("archive.make_feed", "POST", everyone(MOVED) | {"nobody": AUTH}),
    Row("archive.revoke_feed", "POST", everyone(MOVED) | {"nobody": AUTH}),
    Row("archive.embed", "GET", everyone(), args=_pid("public_recording"), note="public"),
    Row("archive.embed", "GET", {}, HIDDEN, _pid("recording"), note="for the cohort"),
    Row("archive.offline", "GET", members(OK), HIDDEN, _pid("recording"), note="for the cohort"),
    Row("archive.offline", "GET", everyone(), args=_pid("public_recording"), note="public"),
    Row("archive.ask_for_offline", "POST", {}, HIDDEN, _pid("recording"), note="before its sound is there"),
    Row("archive.offline_file", "GET", {}, HIDDEN, _pid("recording", language="=el"), note="before it is made"),
    Row("archive.oembed", "GET", {}, HIDDEN, note="no address"),
    Row("archive_manage.index", "GET", managers(OK, FOUND), NO),
    Row("archive_manage.new", "GET", managers(OK, FOUND), NO),
    Row("archive_manage.new", "POST", managers(INVALID), NO, note="bad input"),
    Row("archive_manage.show", "GET", managers(OK, FOUND), HIDDEN, _pid("recording")),
    Row("archive_manage.show", "GET", managers(OK, FOUND), HIDDEN, _pid("draft_recording"), note="without its file"),
    Row("archive_manage.state", "GET", managers(OK, FOUND), HIDDEN, _pid("recording")),
    Row("archive_manage.hasher", "GET", everyone()),
    Row(
        "archive_manage.drop_upload", "POST", {"nobody": AUTH, "staff": MOVED}, HIDDEN, _pid("draft_recording"),
        note="one's own",
    ),
    *_posts("facts", {"title_el": "Τίτλος", "language": "el"}, {"title_el": ""}),
    *_posts("visibility", {"visibility": "cohort"}, {"visibility": "all"}),
    *_posts("start", {"clock": "18:02:30"}, {"clock": "x"}),
    *_posts("stop", {"stopped": "0:01"}, {"stopped": "x"}),
    Row("archive_manage.since", "POST", managers(INVALID), HIDDEN, _pid("recording"), note="bad input"),
    *_posts("remove", {"first": "0:01", "last": "0:02", "reason": "Γιατί."}, {"first": "x"}),
    Row("archive_manage.restore", "POST", managers(MOVED), HIDDEN, _pid("recording", edit="=1"), note="twice is once"),
    *_posts("withdraw", {"reason": "Γιατί."}, {"reason": ""}),
    *_posts("replace", {"reason": "Γιατί."}, {"reason": ""}),
    Row("archive_manage.untie", "POST", managers(MOVED), HIDDEN, _pid("recording", anchor="=1"), note="twice is once"),
    *_posts("drop_captions", {}, None),
    Row("archive_manage.add_captions", "POST", managers(INVALID), HIDDEN, _pid("recording"), note="bad input"),
    Row("archive_manage.place", "POST", managers(INVALID), HIDDEN, _pid("recording"), note="bad input"),
    Row("archive_manage.captions_editor", "GET", managers(OK, FOUND), HIDDEN, _pid("recording", language="=el")),
    Row("archive_manage.captions_editor", "GET", {"nobody": FOUND}, HIDDEN, _pid("recording", language="=x"), note="-"),
    Row("archive_manage.edit_captions", "POST", managers(INVALID), HIDDEN, _pid("recording", language="=el")),
    Row(
        "archive_manage.recognise", "POST", managers(CONFLICT), HIDDEN, _pid("recording", language="=el"),
        note="no program set up",
    ),
    Row("archive_manage.captions_last", "GET", managers(OK, FOUND), HIDDEN, _pid("recording", language="=el")),
    Row("archive_manage.captions_versions", "GET", managers(OK, FOUND), HIDDEN, _pid("recording", language="=el")),
    *(
        Row(f"archive_manage.{name}", method, {"nobody": nobody}, HIDDEN, _pid("recording", language="=el", no="=1"))
        for name, method, nobody in (
            ("captions_version", "GET", FOUND), ("show_captions", "POST", AUTH), ("hide_captions", "POST", AUTH)
        )
    ),
    Row("archive_manage.chapters", "GET", managers(OK, FOUND), HIDDEN, _pid("recording")),
    *_posts("add_chapter", {"new-at": "0:01", "new-title_el": "Αρχή"}, {"new-at": "x"}),
    Row("archive_manage.take_chapters", "POST", managers(MOVED), HIDDEN, _pid("recording"), note="nothing chosen"),
    Row("archive_manage.revise_chapter", "POST", {"nobody": AUTH}, HIDDEN, _pid("recording", chapter="=1")),
    Row("archive_manage.drop_chapter", "POST", managers(MOVED), HIDDEN, _pid("recording", chapter="=1"), note="twice"),
    Row("archive_manage.operations", "GET", {"nobody": FOUND, "staff": OK, "admin": OK}, NO),
    Row("archive_manage.steps_of", "GET", managers(OK, FOUND), HIDDEN, _pid("recording")),
    *(
        Row("archive_manage.operate", "POST", managers(MOVED), HIDDEN, {"job": "job.id", "deed": f"={deed}"}, note=note)
        for deed, note in (("retry", "try again"), ("skip", "leave out"), ("delete", "delete what was made"))
    ),
    Row("archive_uploads.options", "OPTIONS", everyone(204)),
    Row("archive_uploads.create", "POST", ORIGIN_MISSING, note="without our Origin"),
    Row("archive_uploads.offset", "HEAD", TUS_MISSING, args={"upload_id": "upload.id"}, note="without tus's header"),
    Row("archive_uploads.patch", "PATCH", ORIGIN_MISSING, args={"upload_id": "upload.id"}, note="without our Origin"),
    Row("archive_uploads.digest", "POST", ORIGIN_MISSING, args={"upload_id": "upload.id"}, note="without our Origin"),
    Row("archive_uploads.terminate", "DELETE", ORIGIN_MISSING, args={"upload_id": "upload.id"}, note="no Origin"),
    Row("archive_uploads.plain", "POST", ORIGIN_MISSING, args=_pid("draft_recording"), note="without our Origin"),
]
