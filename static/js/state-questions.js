// What a client knows of a room's questions: events, snapshot, counts and what is one's own, as pure functions.
// Events are absolute and carry revisions: seeing one twice, or after a newer snapshot, changes nothing.

export function put(room, question, changes) {
  const old = room.questions.get(question.id);
  if (old && old.rev > question.rev) return;
  room.questions.set(question.id, { ...old, ...question });
  if (!old) changes.added.push(question.id);
  changes.ids.add(question.id);
}

function change(room, question, changes) {
  if (room.questions.has(question.id)) put(room, question, changes);
}

function remove(room, question, changes) {
  // Moderators keep what was removed, with its reason.
  if (room.stream !== "pub") change(room, question, changes);
  else if (room.questions.delete(question.id)) changes.removed.push(question.id);
}

// The fate of an own question, from `me` or from an ack, whichever is first.
export function own(room, question, changes) {
  const old = room.mine.get(question.id);
  if (old && old.rev > question.rev) return;
  room.mine.set(question.id, question);
  changes.mine = true;
  changes.ids.add(question.id);
}

export const questions = {
  // `sent`: the cids of one's own questions that arrived, so that none stands twice.
  empty: () => ({ spot: null, questions: new Map(), counts: new Map(), votes: new Map(), mine: new Map(), sent: new Set() }),

  changes: () => ({ ids: new Set(), added: [], removed: [], mine: false, spot: false, counts: new Set() }),

  events: {
    "question.published": put,
    "question.pending": put,
    "question.edited": change,
    "question.state": change,
    "question.answer": change,
    "question.removed": remove,
    "room.spotlight": (room, { id }, changes) => {
      room.spot = id;
      changes.spot = true;
    },
  },

  snapshot(room, snapshot, changes) {
    const kept = new Set(snapshot.questions.map((question) => question.id));
    for (const id of room.questions.keys()) if (!kept.has(id)) changes.removed.push(id);
    for (const id of changes.removed) room.questions.delete(id);
    for (const question of snapshot.questions) put(room, question, changes);
    room.spot = snapshot.spot;
    changes.spot = true;
  },

  me(room, me, changes) {
    room.mine = new Map(me.mine.map((question) => [question.id, question]));
    room.votes = new Map(me.votes.map(([id, val, n]) => [id, { val, n }]));
    changes.mine = true;
    for (const id of room.questions.keys()) changes.ids.add(id);
  },

  letter(room, { q, cid }, changes) {
    if (cid) room.sent.add(cid);
    if (q) own(room, q, changes);
  },

  tick(room, { v }, changes) {
    for (const [id, n] of v || []) {
      if (room.counts.get(id) === n) continue;
      room.counts.set(id, n);
      changes.counts.add(id);
    }
  },
};

const UNANSWERED = new Set(["open", "answering", "later"]);
const HEARD = new Set(["answering", "answered"]);

// The orders of forum/protocol/order.py, for what changes on a page.
export function inOrder(room, order, wanted = () => true) {
  const n = (question) => room.counts.get(question.id) || 0;
  const byVoices = (a, b) => n(b) - n(a) || Number(b.first) - Number(a.first) || a.no - b.no;
  const all = [...room.questions.values()].filter(wanted);
  if (order === "new") return all.sort((a, b) => b.no - a.no);
  if (order === "fair") return byTurns(room, all, byVoices);
  const shown = order === "open" ? all.filter((question) => UNANSWERED.has(question.state)) : all;
  const last = (question) => ({ answered: 1, merged: 2 })[question.state] || 0;
  if (order === "best") {
    const best = (question) => wilson(n(question), room.downs.get(question.id) || 0);
    return all.sort((a, b) => last(a) - last(b) || best(b) - best(a) || byVoices(a, b));
  }
  return shown.sort((a, b) => last(a) - last(b) || byVoices(a, b));
}

export const waits = (question) => UNANSWERED.has(question.state);
// The order that the room has set for what waits.
export const roomOrder = (room) => (room.settings?.order === "fair" ? "fair" : "voices");

// In each turn one question of each place; a place that was heard more waits as many turns.
function byTurns(room, listed, byVoices) {
  const waiting = (question) => UNANSWERED.has(question.state);
  const turns = new Map();
  for (const { state, place } of room.questions.values()) if (HEARD.has(state)) turns.set(place, (turns.get(place) || 0) + 1);
  const turn = new Map();
  for (const question of [...room.questions.values()].filter(waiting).sort(byVoices)) {
    const now = turns.get(question.place) || 0;
    turn.set(question.id, now);
    turns.set(question.place, now + 1);
  }
  const first = listed.filter(waiting).sort((a, b) => turn.get(a.id) - turn.get(b.id) || byVoices(a, b));
  return [...first, ...listed.filter((question) => !waiting(question)).sort(byVoices)];
}

// What stands in the middle of the table: the question being answered, else the one on the screen.
export function current(room) {
  for (const question of room.questions.values()) if (question.state === "answering") return question;
  return room.questions.get(room.spot) || null;
}

// The lower bound of Wilson's interval at 95 %: few voices without a «not for now» don't beat many with one.
function wilson(up, down) {
  const n = up + down;
  if (!n) return 0;
  const z = 1.96;
  const share = up / n;
  return (share + (z * z) / (2 * n) - z * Math.sqrt((share * (1 - share) + (z * z) / (4 * n)) / n)) / (1 + (z * z) / n);
}
