// What a client knows of what outlives the meeting: promises, and the receipt of a closed room.

const put = (room, promise, changes) => {
  const old = room.promises.get(promise.id);
  if (old && old.rev > promise.rev) return;
  room.promises.set(promise.id, promise);
  changes.promises = true;
};

const count = (room, receipt, changes) => {
  room.receipt = receipt;
  changes.receipt = true;
};

export const closing = {
  empty: () => ({ promises: new Map(), receipt: null }),

  changes: () => ({ promises: false, receipt: false }),

  events: { "promise.set": put, "room.receipt": count, "room.archived": count },

  snapshot(room, snapshot, changes) {
    room.promises = new Map(snapshot.promises.map((promise) => [promise.id, promise]));
    room.receipt = snapshot.receipt;
    changes.promises = changes.receipt = true;
  },
};
