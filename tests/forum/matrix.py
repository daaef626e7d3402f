"""Who may open and do what in a room: pages, forms and socket commands. The room is open."""

from __future__ import annotations

from tests.matrix import AUTH, CONFLICT, FOUND, HIDDEN, INVALID, MOVED, NO, OK, Row, everyone

CODE = {"code": "room.code"}
QUESTION = {"code": "room.code", "qid": "question.pid"}
ASKED = {"qid": "question.pid"}
POLL = {"code": "room.code", "pid": "poll.pid"}
ENTRY = {"pid": "entry.pid"}
KEEP = dict.fromkeys(("mentor", "author", "staff", "admin"), OK)
CID = "0123456789abcdef0123456789abcdef"
TEAM = {"mentor": OK, "staff": OK, "admin": OK}
READERS = {"learner": OK, "coordinator": OK, **TEAM}
CONSOLE = {"nobody": FOUND, "learner": NO, "coordinator": NO, **TEAM}
ASK = {"nobody": AUTH, "learner": MOVED, "mentor": MOVED, "coordinator": NO, "staff": MOVED, "admin": MOVED}
OWN = {"nobody": AUTH, "learner": HIDDEN, "mentor": HIDDEN, "coordinator": NO, "staff": HIDDEN, "admin": HIDDEN}
LOOK = {"nobody": AUTH, "learner": OK, "mentor": OK, "coordinator": NO, "staff": OK, "admin": OK}
LEARN = {"nobody": AUTH, "learner": MOVED, "mentor": NO, "coordinator": NO, "staff": NO, "admin": NO}
RUN = {"nobody": AUTH, "learner": NO, "mentor": MOVED, "coordinator": NO, "staff": MOVED, "admin": MOVED}

# Anonymous people are asked to sign in (a page leads there, a form answers 401); who has no part in the cohort
# gets 404 everywhere.
# The question was let through, has revision 2, and nobody of the matrix asked it.
MATRIX = [
    Row("forum.join", "GET", everyone(), note="the form; a code leads on only with a seat"),
    Row("forum.room", "GET", {"nobody": FOUND, **READERS}, args=CODE),
    Row("forum.console", "GET", {"nobody": FOUND, "learner": NO, "coordinator": NO, **TEAM}, args=CODE),
    Row("forum.projector", "GET", {"nobody": FOUND, "learner": NO, "coordinator": NO, **TEAM}, args=CODE,
        note="or anybody with the signed link"),
    Row("forum.snapshot", "GET", {"nobody": FOUND, **READERS}, args=CODE,
        note="what the role hears, or the public side with the signed link of the projector"),
    Row("forum.record", "GET", {"nobody": FOUND, **dict.fromkeys(READERS, FOUND)}, args=CODE,
        note="an open room leads to itself; closed: 200"),
    Row("forum.ask", "POST", ASK, args=CODE, data={"body": "Πώς;", "vis": "name", "cid": CID}),
    Row("forum.keep_picture", "POST", ASK | dict.fromkeys(("learner", "mentor", "staff", "admin"), INVALID), args=CODE,
        data={"cid": CID}, note="before the question; here without a file"),
    Row("forum.picture", "GET", {"nobody": FOUND, **dict.fromkeys(READERS, HIDDEN)}, args=QUESTION,
        note="whoever sees the question, or the projector with its key; this one has no picture"),
    Row("forum.open_groups", "POST", RUN, args=CODE, data={"groups": "4", "minutes": "10", "cid": CID}),
    Row("forum.extend_groups", "POST", RUN | dict.fromkeys(TEAM, CONFLICT), args=CODE,
        data={"minutes": "2", "cid": CID}, note="while groups are at work; here none is"),
    Row("forum.close_groups", "POST", RUN | dict.fromkeys(TEAM, CONFLICT), args=CODE, data={"cid": CID},
        note="of groups; here there are none"),
    Row("forum.sit", "POST", LEARN | {"learner": CONFLICT}, args=CODE, note="while groups are at work; here none is"),
    Row("forum.bring", "POST", LEARN | {"learner": CONFLICT}, args=CODE, data={"body": "Τι βρήκαμε;", "cid": CID},
        note="whoever sits in a group; here there is none"),
    Row("forum.vote", "POST", ASK, args=QUESTION, data={"on": "1"}),
    Row("forum.edit", "POST", OWN, args=QUESTION, data={"body": "Αλλιώς;", "rev": "2", "cid": CID},
        note="the asker only; to all others it isn't there"),
    Row("forum.withdraw", "POST", OWN, args=QUESTION, data={"cid": CID}, note="the asker only"),
    Row("forum.moderate", "POST", RUN, args=QUESTION, data={"op": "spotlight", "rev": "2", "cid": CID}),
    Row("forum.answer", "POST", RUN, args=QUESTION, data={"body": "Έτσι.", "cid": CID}),
    Row("forum.accept", "POST", OWN | {"mentor": HIDDEN, "staff": HIDDEN, "admin": HIDDEN}, args=QUESTION,
        data={"answer": "00000000-0000-4000-8000-000000000000", "on": "1", "cid": CID},
        note="the asker or a moderator; here of an answer that isn't there"),
    Row("forum.similar", "POST", LOOK, args=CODE, data={"body": "Πώς εγγράφεται;", "vis": "name"}),
    Row("forum.covered", "POST", OWN, args=CODE, data={"source": "earlier:00000000-0000-4000-8000-000000000000",
        "cid": CID}, note="an answer of this room, of an earlier cohort, or of the FAQ; here of none"),
    Row("forum.polls", "GET", {"nobody": FOUND, "learner": NO, "coordinator": NO, **TEAM}, args=CODE),
    Row("forum.choose", "POST", ASK, args=POLL, data={"choice": "1", "round": "1"}, note="until the poll closes"),
    Row("forum.save_poll", "POST", RUN, args=CODE, data={"kind": "yesno", "body": "Ναι;", "cid": CID}),
    Row("forum.take_poll", "POST", RUN, args=CODE, data={"qid": "question.pid", "cid": CID}),
    Row("forum.run_poll", "POST", RUN, args=POLL | {"step": "=close"}, data={"rev": "1", "cid": CID}),
    Row("forum.count_hands", "POST", RUN, args=POLL, data={"option": "0", "count": "14", "cid": CID}),
    Row("forum.pick_text", "POST", RUN | dict.fromkeys(("mentor", "staff", "admin"), HIDDEN), args=POLL,
        data={"answer": "1", "on": "1", "cid": CID}, note="a short text of this poll only"),
    Row("forum.send_known", "POST", {**RUN, **dict.fromkeys(TEAM, HIDDEN)}, args=QUESTION, data={"rev": "2", "cid": CID,
        "source": "faq:00000000-0000-4000-8000-000000000000"}, note="an answer that may be suggested; here of none"),
    Row("forum.promote", "GET", {"nobody": FOUND, "learner": NO, "coordinator": NO, **dict.fromkeys(TEAM, CONFLICT)},
        args=QUESTION, note="of an answered question; this one isn't"),
    Row("forum.promote", "POST", {**RUN, **dict.fromkeys(TEAM, CONFLICT)}, args=QUESTION, data={"question": "Πώς;"},
        note="of an answered question; this one isn't"),
    Row("forum.faq", "GET", everyone(), args={"slug": "module.slug"}),
    Row("forum.faq_entry", "GET", everyone(), args=ENTRY),
    Row("forum.faq_opinion", "POST", {**everyone(MOVED), "nobody": AUTH}, args=ENTRY, data={"holds": "1"}),
    Row("forum.faq_credit", "POST", {"nobody": AUTH}, args=ENTRY, data={"named": "1"}, note="the asker only"),
    Row("forum.edit_faq", "GET", KEEP | {"nobody": FOUND}, NO, args=ENTRY),
    Row("forum.edit_faq", "POST", dict.fromkeys(("mentor", "author", "staff", "admin"), INVALID) | {"nobody": AUTH}, NO,
        args=ENTRY, data={"question": ""}),
    Row("forum.faq_review", "GET", KEEP | {"nobody": FOUND}, NO),
    Row("forum.report", "POST", ASK, args=QUESTION, data={"reason": "Προσβάλλει.", "cid": CID}),
    Row("forum.merge", "GET", CONSOLE, args=QUESTION),
    Row("forum.history", "GET", CONSOLE, args=CODE),
    Row("forum.settings", "GET", CONSOLE, args=CODE),
    Row("forum.change_settings", "POST", RUN, args=CODE, data={"cap": "4", "cid": CID}),
    Row("forum.bulk", "POST", RUN | dict.fromkeys(TEAM, INVALID), args=CODE, data={"op": "approve", "cid": CID},
        note="without a question"),
    Row("forum.undo", "POST", RUN | dict.fromkeys(TEAM, HIDDEN), args=CODE, data={"act": "999", "cid": CID},
        note="one's own act of the last ten seconds"),
    Row("forum.open_room", "POST", RUN, args=CODE, data={"cid": CID}),
    Row("forum.export", "GET", {"nobody": FOUND, "learner": NO, "coordinator": NO, **TEAM},
        args=CODE | {"kind": "=json"}),
    Row("forum.paper", "GET", {"nobody": FOUND, "learner": NO, "coordinator": NO, **TEAM}, args=CODE),
    Row("forum.chain", "GET", {"nobody": FOUND, **READERS}, args={"code": "closed_room.code"}, note="a closed room"),
    Row("forum.proof", "GET", everyone()),
    Row("forum.inbox", "GET", {"nobody": FOUND, "mentor": OK, "staff": OK, "admin": OK}, rest=NO),
    Row("forum.task", "GET", {"nobody": FOUND, "learner": NO, "coordinator": NO, **TEAM}, args=ASKED),
    Row("forum.task_answer", "POST", RUN, args=ASKED, data={"body": "Έτσι.", "cid": CID}),
    Row("forum.hand_over", "POST", RUN, args=ASKED, data={"to": "mentor", "cid": CID}),
    Row("forum.cannot", "POST", RUN | dict.fromkeys(("mentor", "staff", "admin"), CONFLICT), args=ASKED,
        data={"reason": "Όχι.", "cid": CID}, note="in a closed room"),
    Row("forum.promise", "POST", RUN, args=CODE, data={"body": "Θα σταλεί.", "cid": CID}),
    Row("forum.promise_done", "POST", RUN | dict.fromkeys(("mentor", "staff", "admin"), HIDDEN),
        args=CODE | {"pid": "question.pid"}, data={"on": "1", "cid": CID}, note="a promise of this room only"),
    Row("forum.my_questions", "GET", everyone() | {"nobody": FOUND}),
    Row("forum.my_questions_file", "GET", everyone() | {"nobody": FOUND}, args={"kind": "=csv"}),
    Row("forum.anonymise", "POST", OWN, args=QUESTION, data={"cid": CID}, note="the asker only"),
    Row("forum.close", "GET", {"nobody": FOUND, "learner": NO, "coordinator": NO, **TEAM}, args=CODE,
        note="an open room; else it leads on"),
    Row("forum.close_room", "POST", RUN, args=CODE, data={"cid": CID, "rest": "mentor"}),
    Row("forum.hand", "POST", LEARN, args=CODE, data={"up": "1", "named": "1"}),
    Row("forum.call_hand", "POST", RUN, args=CODE, data={"cid": CID}),
    Row("forum.lower_hand", "POST", RUN, args=CODE, data={"cid": CID}),
    Row("forum.react", "POST", ASK, args=CODE, data={"k": "thanks"}),
    Row("forum.pulse", "POST", LEARN, args=CODE, data={"level": "clear"}),
    Row("forum.ask_check", "POST", RUN, args=CODE, data={"cid": CID}),
    Row("forum.reveal_check", "POST", RUN, args=CODE, data={"cid": CID}),
    Row("forum.close_check", "POST", RUN, args=CODE, data={"cid": CID}),
    Row("forum.announce", "POST", RUN, args=CODE, data={"body": "Διάλειμμα.", "cid": CID}),
    Row("forum.unannounce", "POST", RUN, args=CODE | {"aid": "announcement.pid"}, data={"cid": CID}),
    Row("forum.captioner", "GET", {"nobody": FOUND, "learner": NO, "coordinator": NO, **TEAM}, args=CODE),
    Row("forum.caption", "POST", RUN, args=CODE, data={"body": "Καλησπέρα.", "cid": CID}),
    Row("forum.feed_captions", "POST", {}, args=CODE, data={"body": "Καλησπέρα.", "key": "wrong"},
        note="whoever holds a working key of the room"),
    Row("forum.make_caption_key", "POST", RUN, args=CODE, data={"cid": CID}),
    Row("forum.revoke_caption_key", "POST", RUN, args=CODE | {"kid": "caption_key.pid"}, data={"cid": CID}),
    Row("forum.transcript", "GET", {"nobody": FOUND, **READERS}, args=CODE),
    Row("forum.send_note", "POST", RUN, args=CODE, data={"body": "Πιο αργά.", "cid": CID}),
    Row("forum.read_note", "POST", RUN, args=CODE | {"nid": "note.pid"}),
    Row("forum.clear_screen", "POST", RUN, args=CODE, data={"cid": CID}),
    Row("forum.blank_screen", "POST", RUN, args=CODE, data={"on": "1", "cid": CID}),
    Row("forum.caption_screen", "POST", RUN, args=CODE, data={"on": "1", "cid": CID}),
]

ROOM_ROLES = ("nobody", "stranger", "learner", "mentor", "coordinator", "author", "staff", "admin", "projector")
OUT = {"nobody": "unauth", "stranger": "unauth", "author": "unauth"}  # their hello was refused
_ASKS = OUT | {"learner": "ok", "mentor": "ok", "coordinator": "forbidden", "staff": "ok", "admin": "ok",
               "projector": "forbidden"}
_OWNS = _ASKS | {"learner": "not_found", "mentor": "not_found", "staff": "not_found", "admin": "not_found"}
_RUNS = _ASKS | {"learner": "forbidden"}
_LEARNS = _ASKS | dict.fromkeys(("mentor", "staff", "admin"), "forbidden")
_AFTER = _ASKS | dict.fromkeys(("learner", "mentor", "staff", "admin"), "not_over")  # the room is still open
_HEARS = OUT | dict.fromkeys(("learner", "mentor", "coordinator", "staff", "admin", "projector"), "ok")

# {command: {role: "ok" or the ack's err}} after a hello; the hello itself in the first row.
SOCKET_MATRIX: dict[str, dict[str, str]] = {
    "room:hello": {"nobody": "unauth", "stranger": "not_found", "author": "not_found", "learner": "ok", "mentor": "ok",
                   "coordinator": "ok", "staff": "ok", "admin": "ok", "projector": "ok"},
    "room:sync": OUT | dict.fromkeys(("learner", "mentor", "coordinator", "staff", "admin", "projector"), "ok"),
    "question:ask": _ASKS,
    "question:vote": _ASKS,
    "question:after": _AFTER,
    "question:also": _AFTER,
    "question:edit": _OWNS,
    "question:withdraw": _OWNS,
    "question:similar": _ASKS,
    "question:covered": _OWNS,
    "question:report": _ASKS,
    "question:moderate": _RUNS,
    "question:bulk": _RUNS,
    "question:answer": _RUNS,
    "answer:accept": _OWNS,
    "poll:vote": _ASKS,
    **dict.fromkeys(
        ("poll:save", "poll:take", "poll:move", "poll:show", "poll:hands", "poll:close", "poll:reveal", "poll:open",
         "poll:again", "poll:delete", "poll:pick"), _RUNS),
    "question:assign": _RUNS,
    "question:cannot": _RUNS | dict.fromkeys(("mentor", "staff", "admin"), "locked"),  # while the room is open
    "question:anonymise": _OWNS,
    "promise:make": _RUNS,
    "promise:done": _RUNS | dict.fromkeys(("mentor", "staff", "admin"), "not_found"),  # none was made
    "room:open": _RUNS,
    "room:close": _RUNS,
    "room:ping": _HEARS,
    "screen:due": _HEARS,
    "hand": _LEARNS,
    "pulse": _LEARNS,
    "react": _ASKS,
    **dict.fromkeys(
        ("hand:call", "hand:lower", "check:ask", "check:reveal", "check:close", "room:announce", "room:unannounce",
         "room:caption", "caption:key", "caption:revoke", "note:send", "note:read", "screen:clear", "screen:blank",
         "screen:captions"), _RUNS),
    # While no groups are at work.
    "breakout:open": _RUNS,
    "breakout:extend": _RUNS | dict.fromkeys(("mentor", "staff", "admin"), "locked"),
    "breakout:close": _RUNS | dict.fromkeys(("mentor", "staff", "admin"), "locked"),
    "breakout:sit": _LEARNS | {"learner": "locked"},
    "breakout:bring": _LEARNS | {"learner": "locked"},
    "room:settings": _RUNS,
    "room:undo": _RUNS | {"mentor": "not_found", "staff": "not_found", "admin": "not_found"},
}

