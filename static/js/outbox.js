// Questions that were written but not yet acknowledged: kept in the browser until the room has them.
import { openDB } from "../vendor/idb.js";

const NAME = "outbox";

const opened = openDB("mentores-room", 1, {
  upgrade(db) {
    db.createObjectStore(NAME, { keyPath: "cid" });
  },
}).catch(() => null); // private windows may refuse: then it lives as long as the page

const here = new Map();

export async function keep(letter) {
  here.set(letter.cid, letter);
  const db = await opened;
  if (db) await db.put(NAME, letter).catch(() => undefined);
}

export async function drop(cid) {
  here.delete(cid);
  const db = await opened;
  if (db) await db.delete(NAME, cid).catch(() => undefined);
}

// The letters of ROOM and WRITER, oldest first: another person on this device never sees them.
export async function kept(room, writer) {
  const db = await opened;
  const stored = db ? await db.getAll(NAME).catch(() => []) : [];
  for (const letter of stored) if (!here.has(letter.cid)) here.set(letter.cid, letter);
  return [...here.values()].filter((letter) => letter.room === room && letter.writer === writer).sort((a, b) => a.at - b.at);
}
