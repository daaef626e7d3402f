// The connection to a room: says hello, keeps events in order, sends commands until they are acknowledged.
import { io } from "../vendor/socket.io.js";
import { catchUp, emptyRoom, noChanges, receive, tick } from "./room-state.js";
import { own } from "./state-questions.js";

const VERSION = 1;
const PATIENCE = 5000;
const GAP = 300;
const AGAIN = new Set(["busy", "internal", "rate"]);

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

export const newCid = () => (crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(""));

export class Live {
  // CHANGED(room, changes) after everything that arrives; STATUS("on" | "off" | "out" | "old") of the connection.
  constructor({ code, key, changed, status }) {
    Object.assign(this, { code, key, changed, status, room: emptyRoom(), ready: false, ever: false, early: [], waiting: [] });
    this.socket = io("/live", {
      transports: ["websocket", "polling"], reconnectionDelay: 500, reconnectionDelayMax: 8000, randomizationFactor: 0.5,
    });
    this.socket.on("connect", () => this.hello());
    this.socket.on("disconnect", (reason) => this.lost(reason));
    this.socket.on("connect_error", () => this.lost("error"));
    this.socket.on("events", (message) => this.hear((changes) => receive(this.room, message, changes)));
    this.socket.on("tick", (message) => this.hear((changes) => tick(this.room, message, changes)));
    this.socket.on("me", (message) => this.hear((changes) => { if (message.q) own(this.room, message.q, changes); }));
    addEventListener("offline", () => this.lost("offline"));
    addEventListener("online", () => { if (!this.socket.connected) this.socket.connect(); });
  }

  lost(reason) {
    if (this.ended) return;
    this.ready = false;
    this.status("off");
    // The server ended this socket (signed out, seat lost): ask once more who we are.
    if (reason === "io server disconnect") setTimeout(() => this.socket.connect(), 1000);
  }

  async hello() {
    const { room } = this;
    const resume = room.epoch ? { [room.stream]: [room.epoch, room.s] } : undefined;
    this.early = [];
    const answer = await this.once("room:hello", { v: VERSION, code: this.code, key: this.key, resume });
    if (!answer.ok) return this.refused(answer);
    const changes = noChanges();
    const gap = catchUp(room, answer.r, changes);
    this.ready = this.ever = true;
    for (const act of this.early.splice(0)) act(changes);
    this.status("on");
    this.changed(room, changes);
    for (const go of this.waiting.splice(0)) go();
    if (gap) this.sync();
  }

  refused(answer) {
    if (AGAIN.has(answer.err) || answer.err === "timeout") {
      setTimeout(() => { if (this.socket.connected) this.hello(); }, answer.retry_ms || 1000);
      return;
    }
    this.ended = true;
    this.status(answer.err === "upgrade" ? "old" : "out");
    this.socket.disconnect();
  }

  // While hello is on its way nothing may be applied to the old state: it waits for the answer.
  hear(act) {
    if (!this.ready) return this.early.push(act);
    const changes = noChanges();
    const gap = act(changes);
    this.changed(this.room, changes);
    if (gap && !this.mending) this.mending = setTimeout(() => this.sync(), GAP);
  }

  async sync() {
    const { room } = this;
    const answer = await this.once("room:sync", { epoch: room.epoch, from: room.s });
    this.mending = null;
    if (!answer.ok) {
      if (this.ready) this.mending = setTimeout(() => this.sync(), answer.retry_ms || 2000);
      return;
    }
    const changes = noChanges();
    const gap = catchUp(room, answer.r, changes);
    this.changed(room, changes);
    if (gap) this.mending = setTimeout(() => this.sync(), 2100);
  }

  once(command, payload) {
    return new Promise((done) => {
      this.socket.timeout(PATIENCE).emit(command, payload, (failed, ack) => done(failed ? { ok: false, err: "timeout" } : ack));
    });
  }

  back() {
    return this.ready ? Promise.resolve() : new Promise((done) => { this.waiting.push(done); });
  }

  // Sends the same command, with the same cid, until the room says yes or no. `rate` is the caller's to show.
  async send(command, payload) {
    for (;;) {
      await this.back();
      const answer = await this.once(command, payload);
      if (answer.ok || (answer.err !== "timeout" && answer.err !== "busy" && answer.err !== "internal")) return answer;
      await pause(answer.retry_ms || 500 + Math.random() * 500);
    }
  }

  note(question) {
    const changes = noChanges();
    own(this.room, question, changes);
    this.changed(this.room, changes);
  }
}

// The fields of a form as a command: whole numbers as numbers, the pressed button's name and value too.
export function fieldsOf(form, submitter) {
  const fields = {};
  for (const [name, value] of new FormData(form, submitter)) if (name !== "csrf_token" && value !== "") fields[name] = value;
  if (fields.rev) fields.rev = Number(fields.rev);
  return fields;
}
