// One file on its way: sends it in pieces, waits out what passes, and says what is the matter.
import { declare, hashing } from "./upload-hash.js";
import { filled, pace, percent, size, span } from "./upload-words.js";

const CHUNK = 16 * 1024 * 1024; // a proxy that buffers whole requests loses no more than this
const RETRIES = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000];
const PATIENCE = 60_000; // after those, again and again
const WAITING = new Set(["offline", "full", "paused", "taken", "signedout"]);

// {status, err, message} of what went wrong; status 0 without an answer.
function reading(error) {
  const status = error.originalResponse?.getStatus() ?? 0;
  try {
    const { err = "", message = "" } = JSON.parse(error.originalResponse.getBody());
    return { status, err, message };
  } catch { return { status, err: "", message: "" }; }
}

export class Job {
  // ENDED() once the whole file and its SHA-256 have arrived.
  constructor(box, file, ended) {
    Object.assign(this, { box, file, ended, card: box.querySelector("[data-job]"), pace: pace(), shaken: true, state: "" });
    this.card.hidden = false;
    this.part("name").textContent = file.name;
    this.card.onclick = (event) => this.act(event.target.closest("[data-act]")?.dataset.act);
    this.progress(0, file.size);
    this.show("running");
    this.start();
  }

  part(name) { return this.card.querySelector(`[data-${name}]`); }

  get running() { return this.state === "running" || this.state === "offline" || this.state === "full"; }

  async start() {
    const { box, file } = this;
    const found = hashing(file, box.dataset.hasher, box.dataset.library);
    const fingerprint = (await found.fingerprint) ?? `${file.size}-${file.lastModified}-${file.name}`.slice(0, 200);
    this.upload = new tus.Upload(file, {
      endpoint: box.dataset.upload,
      uploadUrl: box.dataset.fingerprint === fingerprint ? box.dataset.before : null,
      chunkSize: CHUNK,
      retryDelays: RETRIES,
      storeFingerprintForResuming: false, // the server lists what was begun, for every browser
      headers: { Accept: "application/json" },
      metadata: { recording: box.dataset.recording, filename: file.name, fingerprint },
      onShouldRetry: (error) => this.again(error),
      onProgress: (sent, whole) => this.progress(sent, whole),
      onChunkComplete: () => { this.shaken = false; },
      onUploadUrlAvailable: () => this.placed(),
      onError: (error) => this.stopped(error),
      onSuccess: () => this.arrived(),
    });
    this.digest = new Promise((done) => { this.placed = done; }).then(() => found.sha256).then((sha256) => this.say(sha256));
    if (this.state !== "paused") this.upload.start();
  }

  async say(sha256) {
    if (!sha256) return;
    this.part("sha256").textContent = sha256;
    this.part("hash").hidden = false;
    const refusal = await declare(this.upload.url, sha256);
    if (refusal) { this.upload.abort(); this.refuse(refusal.message); }
  }

  show(state) {
    if (this.state === state || this.state === "refused") return;
    this.state = state;
    for (const piece of this.card.querySelectorAll("[data-on]")) piece.hidden = !piece.dataset.on.split(" ").includes(state);
    this.card.classList.toggle("is-paused", WAITING.has(state));
    this.card.classList.toggle("is-bad", state === "refused");
    if (state !== "running") this.pace.stop();
  }

  progress(sent, whole) {
    const { dataset } = this.card;
    if (this.running) this.show(this.sent !== sent ? "running" : this.state);
    this.sent = sent;
    const speed = this.pace.at(sent);
    this.part("bar").value = whole ? (100 * sent) / whole : 0;
    this.part("percent").textContent = percent(whole ? sent / whole : 0);
    this.part("of").textContent = filled(dataset.ofWords, { sent: size(sent), size: size(whole) });
    this.part("rate").textContent = speed > 0 ? filled(dataset.rateWords, { size: size(speed) }) : "";
    this.part("left").textContent = speed > 0 && sent < whole ? filled(dataset.leftWords, { time: span((whole - sent) / speed) }) : "";
  }

  // Whether to try again. What the server refuses in words is final; a lost line, a busy server, a full disk pass.
  again(error) {
    const { status, err, message } = reading(error);
    const elsewhere = err === "taken" || (err === "offset" && !this.shaken);
    if (elsewhere || status === 401 || (message && err !== "offset" && err !== "disk_full")) return false;
    if (status >= 400 && status < 500 && ![409, 423, 429].includes(status)) return false;
    this.shaken = true;
    this.show(err === "disk_full" ? "full" : "offline");
    return true;
  }

  // No more tries: for good, or until somebody or the line says so.
  stopped(error) {
    const { status, err, message } = reading(error);
    if (err === "taken" || (err === "offset" && !this.shaken)) this.show("taken");
    else if (status === 401) this.show("signedout");
    else if (this.again(error)) this.timer = setTimeout(() => this.go(), PATIENCE);
    else this.refuse(message);
  }

  refuse(message) {
    if (message) this.part("message").textContent = message;
    this.show("refused");
    this.box.querySelector("[data-drop]").hidden = false;
  }

  go() {
    clearTimeout(this.timer);
    this.shaken = true;
    this.show("running");
    this.upload?.abort().then(() => this.upload.start());
  }

  act(name) {
    if (name === "pause") { clearTimeout(this.timer); this.upload?.abort(); this.show("paused"); }
    if (name === "resume") this.go();
    if (name === "other") { this.upload?.abort(); this.show("paused"); location.reload(); }
  }

  async arrived() {
    this.progress(this.file.size, this.file.size);
    this.show("sent");
    await this.digest;
    if (this.state === "sent") this.ended();
  }
}
