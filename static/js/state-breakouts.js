// What a client knows of work in groups: what runs, how many sit where, where this person sits. Pure functions.
const newer = (old, fresh) => !old || old.no < fresh.no || (old.no === fresh.no && old.rev <= fresh.rev);

export const breakouts = {
  empty: () => ({ breakout: null, group: { of: null, no: null }, seated: { of: null, sizes: new Map() } }),

  changes: () => ({ groups: false }),

  events: {
    "room.breakout": (room, breakout, changes) => {
      if (newer(room.breakout, breakout)) room.breakout = breakout;
      changes.groups = true;
    },
  },

  snapshot(room, snapshot, changes) {
    room.breakout = snapshot.breakout || null;
    changes.groups = true;
  },

  me(room, me, changes) {
    room.group = me.group || { of: null, no: null };
    changes.groups = true;
  },

  letter(room, message, changes) {
    if (message.t !== "group") return;
    room.group = message;
    changes.groups = true;
  },

  tick(room, { bo }, changes) {
    if (!bo) return;
    room.seated = { of: bo[0], sizes: new Map(bo[1]) };
    changes.groups = true;
  },
};

// The number of one's own group in what runs or ran last.
export const ownGroup = (room) => (room.breakout && room.group.of === room.breakout.no ? room.group.no : null);

// «8:05», and null when the time is up.
export function clockLeft(ends, now = Date.now()) {
  const seconds = Math.ceil((Date.parse(ends) - now) / 1000);
  return seconds > 0 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : null;
}
