// What a client knows of a room beside its questions: hands, pulse, reactions, announcements, captions, notes, the
// projector. Events are absolute and numbered by `rev`; what comes in ticks is absolute too, the last one wins.
const LINES = 40;
const NOTES = 50;
const FORGET = 15000; // what a process said of its reactions, when it says nothing more

function newer(old, fresh) {
  return !old || old.rev <= fresh.rev;
}

function addLines(room, lines) {
  for (const [no, text] of lines) room.lines.set(no, text);
  const numbers = [...room.lines.keys()].sort((a, b) => a - b);
  for (const no of numbers.slice(0, -LINES)) room.lines.delete(no);
}

export const life = {
  empty: () => ({
    announcements: new Map(), check: null, screen: { rev: 0, blank: false, captions: false }, notes: new Map(),
    hands: { up: [], called: null, by: null, who: [] }, shares: null, away: 0, rx: new Map(), lines: new Map(),
    hand: { no: null, called: false }, pulse: { level: null, until: 0 },
  }),

  changes: () => ({ said: false, check: false, screen: false, notes: false, hands: false, pulse: false, rx: false, lines: false, away: false }),

  events: {
    "room.announced": (room, said, changes) => {
      if (newer(room.announcements.get(said.id), said)) room.announcements.set(said.id, said);
      changes.said = true;
    },
    "room.unannounced": (room, { id }, changes) => {
      room.announcements.delete(id);
      changes.said = true;
    },
    "room.check": (room, check, changes) => {
      if (room.check && (room.check.no > check.no || (room.check.no === check.no && room.check.rev > check.rev))) return;
      // Asked anew: what everybody chose before doesn't count any more.
      if (check.state === "asked") room.pulse = { level: null, until: 0 };
      room.check = check.state === "closed" ? null : check;
      changes.check = changes.pulse = true;
    },
    "room.screen": (room, screen, changes) => {
      if (newer(room.screen, screen)) room.screen = screen;
      changes.screen = true;
    },
    note: (room, note, changes) => {
      if (newer(room.notes.get(note.id), note)) room.notes.set(note.id, note);
      for (const id of [...room.notes.keys()].slice(0, -NOTES)) room.notes.delete(id);
      changes.notes = true;
    },
  },

  snapshot(room, snapshot, changes) {
    room.announcements = new Map(snapshot.announcements.map((said) => [said.id, said]));
    room.check = snapshot.check;
    room.screen = snapshot.screen;
    room.notes = new Map((snapshot.notes || []).map((note) => [note.id, note]));
    changes.said = changes.check = changes.screen = changes.notes = true;
  },

  me(room, me, changes) {
    for (const letter of [me.hand, me.pulse]) if (letter) this.letter(room, letter, changes);
  },

  // To this person alone, and the acks of `hand` and `pulse`, which say the same.
  letter(room, { t, no, called, level, ms }, changes) {
    if (t === "hand") {
      room.hand = { no, called };
      changes.hands = true;
    } else if (t === "pulse") {
      room.pulse = { level, until: Date.now() + ms };
      changes.pulse = true;
    }
  },

  tick(room, { hands, pulse, rx, cc, away }, changes) {
    if (hands) {
      Object.assign(room.hands, hands);
      changes.hands = true;
    }
    if (pulse) {
      room.shares = pulse;
      changes.pulse = true;
    }
    if (rx) {
      room.rx.set(rx[0], { counts: rx[1], at: Date.now() });
      changes.rx = true;
    }
    if (cc?.length) {
      addLines(room, cc);
      changes.lines = true;
    }
    if (away !== undefined) {
      room.away = away;
      changes.away = true;
    }
  },
};

// {kind: how many in the last ten seconds}, over all processes of the server.
export function reactions(room, now = Date.now()) {
  const sum = {};
  for (const { counts, at } of room.rx.values()) {
    if (now - at > FORGET) continue;
    for (const [kind, n] of Object.entries(counts)) sum[kind] = (sum[kind] || 0) + n;
  }
  return sum;
}

// How many are before one's own hand; -1 when it isn't waiting.
export const placeOf = (room) => room.hands.up.indexOf(room.hand.no);

export const lastLines = (room, n) => [...room.lines.keys()].sort((a, b) => a - b).slice(-n).map((no) => [no, room.lines.get(no)]);

export const lastSaid = (room) => [...room.announcements.values()].at(-1);
