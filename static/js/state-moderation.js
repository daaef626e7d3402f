// What a client knows of a room's moderation: settings, joined questions, and for moderators who may only read and what
// should wait. Pure functions, as in state-questions.js.
import { put } from "./state-questions.js";

export const moderation = {
  empty: () => ({ settings: {}, bans: [], downs: new Map(), banned: false }),

  changes: () => ({ settings: false, bans: false, banned: false }),

  events: {
    "question.merged": merge,
    "question.unmerged": merge,
    "question.reported": merge,
    "room.settings": (room, settings, changes) => {
      room.settings = settings;
      changes.settings = true;
    },
    "room.bans": (room, { bans }, changes) => {
      room.bans = bans;
      changes.bans = true;
    },
  },

  snapshot(room, snapshot, changes) {
    room.settings = snapshot.settings;
    room.bans = snapshot.bans || [];
    changes.settings = changes.bans = true;
  },

  me(room, me, changes) {
    room.banned = Boolean(me.banned);
    changes.banned = true;
  },

  tick(room, { d }, changes) {
    for (const [id, n] of d || []) {
      room.downs.set(id, n);
      changes.counts.add(id);
    }
  },

  letter(room, { t, on }, changes) {
    if (t !== "ban") return;
    room.banned = on;
    changes.banned = true;
  },
};

function merge(room, question, changes) {
  if (room.questions.has(question.id)) put(room, question, changes);
  if (question.into) changes.ids.add(question.into.id);
}

// What one's button stands at: a voice for a question that was joined with another counts there.
export function voice(room, id) {
  let found = room.votes.get(id)?.val || 0;
  if (found > 0) return found;
  for (const [other, { val }] of room.votes) {
    if (room.questions.get(other)?.into?.id === id && val) found = Math.max(val, found || val);
  }
  return found;
}

// Whoever presses speaks for the whole family: what they pressed elsewhere in it is emptied, as the server does.
export function emptyFamily(room, id) {
  for (const [other, vote] of room.votes) if (room.questions.get(other)?.into?.id === id) vote.val = 0;
}

// Whether one of one's own questions was joined with this one.
export function asksToo(room, id) {
  for (const question of room.mine.values()) if (question.into?.id === id) return true;
  return false;
}
