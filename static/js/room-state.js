// What a client knows of a room, as pure functions: no page, no socket, so that it can be tested alone.
// Events are absolute and carry revisions: seeing one twice, or after a newer snapshot, changes nothing.

export function emptyRoom() {
  return {
    epoch: null, stream: null, role: null, s: 0, state: "planned", spot: null, on: null,
    questions: new Map(), counts: new Map(), votes: new Map(), mine: new Map(), held: new Map(),
  };
}

export function noChanges() {
  return { ids: new Set(), added: [], removed: [], mine: false, spot: false, state: false, counts: new Set(), on: false };
}

function put(room, question, changes) {
  const old = room.questions.get(question.id);
  if (old && old.rev > question.rev) return;
  room.questions.set(question.id, { ...old, ...question });
  if (!old) changes.added.push(question.id);
  changes.ids.add(question.id);
}

function one(room, { t, d }, changes) {
  if (t === "room.spotlight") {
    room.spot = d.id;
    changes.spot = true;
  } else if (t === "room.state") {
    room.state = d.state;
    changes.state = true;
  } else if (t === "question.published" || t === "question.pending") {
    put(room, d, changes);
  } else if (t === "question.removed" && room.stream === "pub") {
    if (room.questions.delete(d.id)) changes.removed.push(d.id);
  } else if (t.startsWith("question.") && room.questions.has(d.id)) {
    put(room, d, changes);
  }
}

// Apply what is next in line; hold back what came early. True when something is missing in between.
export function receive(room, message, changes) {
  if (message.e !== room.epoch || message.st !== room.stream) return message.st === room.stream;
  for (const event of message.l) if (event.s > room.s) room.held.set(event.s, event);
  for (let event; (event = room.held.get(room.s + 1)); ) {
    room.held.delete(event.s);
    room.s = event.s;
    one(room, event, changes);
  }
  return room.held.size > 0;
}

function replace(room, snapshot, changes) {
  const kept = new Set(snapshot.questions.map((question) => question.id));
  for (const id of room.questions.keys()) if (!kept.has(id)) changes.removed.push(id);
  for (const id of changes.removed) room.questions.delete(id);
  for (const question of snapshot.questions) put(room, question, changes);
  room.s = snapshot.s;
  room.state = snapshot.state;
  room.spot = snapshot.spot;
  changes.state = changes.spot = true;
  for (const s of room.held.keys()) if (s <= room.s) room.held.delete(s);
}

// The answer to room:hello or room:sync. True when the gap isn't closed yet.
export function catchUp(room, answer, changes) {
  if (answer.stream) {
    room.stream = answer.stream;
    room.role = answer.role;
    room.on = answer.on;
    changes.on = true;
  }
  if (answer.snapshot) {
    room.epoch = answer.epoch;
    replace(room, answer.snapshot, changes);
  }
  const left = receive(room, { st: room.stream, e: answer.epoch, l: answer.events || [] }, changes);
  if (answer.counts) tick(room, { v: answer.counts }, changes);
  if (answer.me) {
    room.mine = new Map(answer.me.mine.map((question) => [question.id, question]));
    room.votes = new Map(answer.me.votes.map(([id, val, n]) => [id, { val, n }]));
    changes.mine = true;
    for (const id of room.questions.keys()) changes.ids.add(id);
  }
  return left || Boolean(answer.more);
}

// Absolute counts, the last one wins. True when the head says that the tail was lost.
export function tick(room, message, changes) {
  for (const [id, n] of message.v || []) {
    if (room.counts.get(id) === n) continue;
    room.counts.set(id, n);
    changes.counts.add(id);
  }
  if (message.on !== undefined) {
    room.on = message.on;
    changes.on = true;
  }
  return message.h !== undefined && message.h > room.s;
}

// The fate of an own question, from `me` or from an ack, whichever is first.
export function own(room, question, changes) {
  const old = room.mine.get(question.id);
  if (old && old.rev > question.rev) return;
  room.mine.set(question.id, question);
  changes.mine = true;
  changes.ids.add(question.id);
}

const UNANSWERED = new Set(["open", "answering", "later"]);

export function inOrder(room, order, wanted = () => true) {
  const n = (question) => room.counts.get(question.id) || 0;
  const all = [...room.questions.values()].filter(wanted);
  if (order === "new") return all.sort((a, b) => b.no - a.no);
  const shown = order === "open" ? all.filter((question) => UNANSWERED.has(question.state)) : all;
  const last = (question) => (question.state === "answered" ? 1 : 0);
  return shown.sort((a, b) => last(a) - last(b) || n(b) - n(a) || a.no - b.no);
}

// What stands in the middle of the table: the question being answered, else the one on the screen.
export function current(room) {
  for (const question of room.questions.values()) if (question.state === "answering") return question;
  return room.questions.get(room.spot) || null;
}
