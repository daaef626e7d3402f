// What a client knows of a room's polls: as state-questions.js, pure and absolute.
// room.tallies holds what ticks bring of polls that aren't revealed: {round, n, results?}; results come to moderators,
// and to everybody while a poll that says so runs.

function put(room, poll, changes) {
  const old = room.polls.get(poll.id);
  if (old && old.rev > poll.rev) return;
  room.polls.set(poll.id, poll);
  changes.polls.add(poll.id);
}

export const polls = {
  empty: () => ({ poll: null, polls: new Map(), tallies: new Map(), ballots: new Map() }),

  changes: () => ({ polls: new Set(), shown: false }),

  events: {
    "poll.saved": put,
    "poll.opened": put,
    "poll.closed": put,
    "poll.revealed": put,
    "poll.removed": (room, { id }, changes) => {
      room.polls.delete(id);
      changes.polls.add(id);
    },
    "poll.shown": (room, { id }, changes) => {
      changes.polls.add(id).add(room.poll);
      changes.shown = true;
      room.poll = id;
    },
  },

  snapshot(room, snapshot, changes) {
    for (const id of room.polls.keys()) changes.polls.add(id);
    room.polls = new Map(snapshot.polls.map((poll) => [poll.id, poll]));
    for (const id of room.polls.keys()) changes.polls.add(id);
    room.poll = snapshot.poll;
    changes.polls.add(snapshot.poll);
  },

  me(room, me, changes) {
    room.ballots = new Map();
    for (const [id, round, choice, n] of me.ballots) ballot(room, { pid: id, round, choice, n }, changes);
  },

  tick(room, { p }, changes) {
    for (const [id, round, n, results] of p || []) {
      // A moderator hears two ticks: the one for everybody must not hide what the other one said.
      const known = room.tallies.get(id);
      room.tallies.set(id, { round, n, results: results || (known?.round === round ? known.results : undefined) });
      changes.polls.add(id);
    }
  },
};

// One's own choice, from `me` or from an ack; of two the later round, then the higher counter.
export function ballot(room, { pid, round, choice, n }, changes) {
  const old = room.ballots.get(pid);
  if (old && (old.round > round || (old.round === round && old.n > n))) return;
  room.ballots.set(pid, { round, choice, n });
  changes.polls.add(pid);
}

const STANDS = { open: 0, closed: 1, revealed: 2 };

// The polls that people see, the running ones first, then the newest.
export function inSight(room) {
  return [...room.polls.values()].filter((poll) => poll.state in STANDS)
    .sort((a, b) => STANDS[a.state] - STANDS[b.state] || b.pos - a.pos);
}
