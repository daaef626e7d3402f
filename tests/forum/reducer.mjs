// Runs the page's own reducer: one JSON line in (what a client received), one out (what it then knows).
import { createInterface } from "node:readline";
import { catchUp, emptyRoom, noChanges, receive } from "../../static/js/room-state.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { hello, messages, log } = JSON.parse(line);
  const room = emptyRoom();
  catchUp(room, hello, noChanges());
  for (const message of messages) receive(room, message, noChanges());
  // The tail: what a sync answers, in pages of three.
  for (let more = true; more; ) {
    const events = log.filter((event) => event.s > room.s).slice(0, 3);
    more = catchUp(room, { epoch: room.epoch, events, more: events.length === 3 }, noChanges());
  }
  const questions = [...room.questions.values()].sort((a, b) => a.no - b.no);
  const polls = [...room.polls.values()].sort((a, b) => a.pos - b.pos);
  const said = { announcements: [...room.announcements.values()], check: room.check, screen: room.screen, settings: room.settings, breakout: room.breakout };
  if (room.stream === "mod") Object.assign(said, { notes: [...room.notes.values()], bans: room.bans });
  const promises = [...room.promises.values()];
  const { s, state, spot, poll, receipt } = room;
  const known = { s, state, spot, questions, poll, polls, ...said, promises, receipt, held: room.held.size };
  process.stdout.write(`${JSON.stringify(known)}\n`);
}
