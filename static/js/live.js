// The connection to a room: says hello, keeps events in order, sends commands until they are acknowledged.
import { io } from "../vendor/socket.io.js";
import { catchUp, emptyRoom, letter, noChanges, receive, tick } from "./room-state.js";

const VERSION = 1;
const PATIENCE = 5000;
const GAP = 300;
const FETCH = 20000;
const AGAIN = new Set(["busy", "internal", "rate"]);

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

export const newCid = () => (crypto.randomUUID ? crypto.randomUUID() : Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(""));

export class Live {
  // CHANGED(room, changes) after everything that arrives; STATUS("on" | "off" | "out" | "old") of the connection.
  constructor({ code, key, changed, status }) {
    Object.assign(this, { code, key, changed, status, room: emptyRoom(), ready: false, ever: false, turn: 0, early: [], waiting: [] });
    this.socket = io("/live", {
      transports: ["websocket", "polling"], reconnectionDelay: 500, reconnectionDelayMax: 2000, randomizationFactor: 0.5,
    });
    this.socket.on("connect", () => this.hello());
    this.socket.on("disconnect", (reason) => this.lost(reason));
    this.socket.on("connect_error", () => this.lost("error"));
    this.socket.on("events", (message) => this.hear((changes) => receive(this.room, message, changes)));
    this.socket.on("tick", (message) => this.hear((changes) => tick(this.room, message, changes)));
    this.socket.on("me", (message) => {
      // A person may sit in two rooms at once, in two windows.
      if (!message.room || message.room === this.code) this.hear((changes) => letter(this.room, message, changes));
    });
    addEventListener("offline", () => this.lost("offline"));
    addEventListener("online", () => (this.socket.connected ? this.hello() : this.socket.connect()));
  }

  lost(reason) {
    if (this.ended) return;
    this.ready = false;
    this.turn += 1; // what is on its way belongs to the lost connection
    this.tell("off");
    // The server ended this socket (signed out, seat lost, far too fast): ask once more who we are.
    if (reason === "io server disconnect") setTimeout(() => this.socket.connect(), 1000 + Math.random() * 2000);
  }

  // Each try that fails is no news: whoever waits three seconds before they say so would wait for ever.
  tell(state) {
    if (state !== this.told) this.status(state);
    this.told = state;
  }

  async hello() {
    const { room } = this;
    const resume = room.epoch ? { [room.stream]: [room.epoch, room.s] } : undefined;
    const turn = ++this.turn;
    this.ready = false;
    this.early = [];
    const answer = await this.once("room:hello", { v: VERSION, code: this.code, key: this.key, resume });
    if (turn !== this.turn) return;
    if (!answer.ok) return this.refused(answer);
    const whole = await this.fetched(answer.r);
    if (turn !== this.turn) return;
    if (!whole) return this.again();
    this.ever = true;
    this.caughtUp(answer.r);
  }

  // Stand where ANSWER says, then apply what was heard meanwhile.
  caughtUp(answer) {
    const changes = noChanges();
    let gap = catchUp(this.room, answer, changes);
    this.ready = true;
    for (const act of this.early.splice(0)) gap = act(changes) || gap;
    this.tell("on");
    this.changed(this.room, changes);
    for (const go of this.waiting.splice(0)) go();
    if (gap) this.mend(answer.more ? 0 : GAP);
  }

  // A large snapshot is the same for everybody and comes by HTTP, compressed. Meanwhile nothing is applied.
  async fetched(answer) {
    if (!answer.snapshot_url) return true;
    try {
      const found = await fetch(answer.snapshot_url, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(FETCH) });
      if (!found.ok) return false;
      Object.assign(answer, await found.json());
      return true;
    } catch {
      return false;
    }
  }

  again(ms = 1000 + Math.random() * 1000) {
    const { turn } = this;
    setTimeout(() => { if (turn === this.turn && this.socket.connected) this.hello(); }, ms);
  }

  refused(answer) {
    if (AGAIN.has(answer.err) || answer.err === "timeout") {
      this.again(answer.retry_ms);
      return;
    }
    this.ended = true;
    this.tell(answer.err === "upgrade" ? "old" : "out");
    this.socket.disconnect();
  }

  // While hello is on its way nothing may be applied to the old state: it waits for the answer.
  hear(act) {
    if (!this.ready) return this.early.push(act);
    const changes = noChanges();
    const gap = act(changes);
    this.changed(this.room, changes);
    if (gap) this.mend(GAP);
  }

  mend(ms) {
    if (!this.mending) this.mending = setTimeout(() => this.sync(), ms);
  }

  // The next page of what is missing. Whoever is thousands behind gets a snapshot instead.
  async sync() {
    const { room, turn } = this;
    const answer = await this.once("room:sync", { epoch: room.epoch, from: room.s });
    this.mending = null;
    if (turn !== this.turn) return; // the connection was lost: the next hello does it
    if (!answer.ok) return this.mend(answer.retry_ms || 2000);
    this.ready = !answer.r.snapshot_url;
    const whole = await this.fetched(answer.r);
    if (turn !== this.turn) return;
    if (!whole) return this.again();
    this.caughtUp(answer.r);
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

  // What an ack says of one's own: the same as the letter that comes with it, whichever is first.
  note(message) {
    const changes = noChanges();
    letter(this.room, message, changes);
    this.changed(this.room, changes);
  }
}

// The fields of a form as a command: whole numbers as numbers, the pressed button's name and value too.
export function fieldsOf(form, submitter) {
  const fields = {};
  const data = new FormData(form, submitter);
  const { many, whole } = form.dataset; // a field with several values; a form whose empty fields count too
  for (const [name, value] of data) if (name !== "csrf_token" && (value !== "" || whole !== undefined)) fields[name] = value;
  if (many) fields[many] = data.getAll(many).filter((value) => value !== "");
  if (fields.rev) fields.rev = Number(fields.rev);
  return fields;
}
