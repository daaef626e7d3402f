// What a client knows of a room, as pure functions: no page, no socket, so that it can be tested alone.
// Each noun of the room is a part of its own (state-*.js): what is empty, its events, its share of a snapshot,
// of the `me` block and of a tick. Unknown events and fields are passed over.
import { breakouts } from "./state-breakouts.js";
import { closing } from "./state-closing.js";
import { life } from "./state-life.js";
import { moderation } from "./state-moderation.js";
import { polls } from "./state-polls.js";
import { questions } from "./state-questions.js";

const PARTS = [questions, polls, life, breakouts, closing, moderation];
const gather = (name) => Object.assign({}, ...PARTS.map((part) => part[name]?.()));
const EVENTS = Object.assign({}, ...PARTS.map((part) => part.events));

export function emptyRoom() {
  return { epoch: null, stream: null, role: null, s: 0, state: "planned", on: null, held: new Map(), ...gather("empty") };
}

export function noChanges() {
  return { state: false, on: false, ...gather("changes") };
}

function one(room, { t, d }, changes) {
  if (t === "room.state") {
    room.state = d.state;
    changes.state = true;
  } else if (Object.hasOwn(EVENTS, t)) {
    EVENTS[t](room, d, changes);
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
  for (const part of PARTS) part.snapshot?.(room, snapshot, changes);
  room.s = snapshot.s;
  room.state = snapshot.state;
  changes.state = true;
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
  for (const values of answer.ticks || []) tick(room, values, changes);
  if (answer.counts) tick(room, { v: answer.counts }, changes);
  if (answer.me) for (const part of PARTS) part.me?.(room, answer.me, changes);
  return left || Boolean(answer.more);
}

// What is told to this person alone.
export function letter(room, message, changes) {
  for (const part of PARTS) part.letter?.(room, message, changes);
}

// Absolute values, the last one wins. True when the head says that the tail was lost.
export function tick(room, message, changes) {
  for (const part of PARTS) part.tick?.(room, message, changes);
  if (message.on !== undefined) {
    room.on = message.on;
    changes.on = true;
  }
  return message.h !== undefined && message.h > room.s;
}
