// Saying a question instead of typing it: the sound goes to this site's own server, its words come into the sheet to be read.
const RATE = 24000; // bits a second
const TRIES = 20; // while others are being written down
const PAUSE = 3000;
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", ""];

const later = (ms) => new Promise((done) => { setTimeout(done, ms); });

export function dictation(form) {
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return;
  const part = form.querySelector("[data-dictation]");
  const body = form.querySelector("textarea");
  const find = (name) => part.querySelector(`[data-dictation-${name}]`);
  const [begin, stop, again, left] = ["begin", "stop", "again", "left"].map(find);
  const longest = Number(part.dataset.seconds);
  let recorder = null; // while somebody speaks
  let wanted = false;
  let kept = null; // the sound that hasn't arrived

  function show(state) {
    for (const line of part.querySelectorAll("[data-dictation-when]")) line.hidden = line.dataset.dictationWhen !== state;
    const had = part.contains(document.activeElement);
    begin.hidden = state === "listening" || state === "writing";
    stop.hidden = state !== "listening";
    again.hidden = !kept || state === "writing";
    if (!had) return;
    const next = { listening: stop, writing: body }[state] || begin; // no button stays while it is written: the words come there
    next.focus({ preventScroll: true });
  }

  function write(text) {
    body.value = [body.value.trimEnd(), text].filter(Boolean).join(" ");
    body.dispatchEvent(new Event("input", { bubbles: true }));
    show("written");
    body.focus({ preventScroll: true });
  }

  async function ask(sound) {
    const data = new FormData();
    data.set("csrf_token", form.elements.csrf_token.value);
    data.set("sound", sound, "sound");
    const answer = await fetch(part.dataset.dictation, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null);
    return (await answer?.json().catch(() => null)) || { ok: false, err: "lost" };
  }

  async function send(sound) {
    kept = sound;
    show("writing");
    let said = await ask(sound);
    for (let i = 0; i < TRIES && ["busy", "rate"].includes(said.err); i += 1) {
      await later(said.retry_ms || PAUSE);
      said = await ask(sound);
    }
    if (["busy", "rate", "lost"].includes(said.err)) return show("lost");
    kept = null;
    if (said.ok) return said.text ? write(said.text) : show("nothing");
    part.querySelector("[data-dictation-when=refused]").textContent = said.msg;
    return show("refused");
  }

  function count(began) {
    const seconds = Math.max(0, longest - Math.floor((Date.now() - began) / 1000));
    left.textContent = seconds;
    if (!seconds) recorder.stop();
  }

  async function listen() {
    wanted = true;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } }).catch(() => null);
    if (!stream) return show("denied");
    const parts = [];
    const mimeType = TYPES.find((type) => !type || MediaRecorder.isTypeSupported(type));
    recorder = new MediaRecorder(stream, { audioBitsPerSecond: RATE, ...(mimeType && { mimeType }) });
    const ticking = setInterval(count, 250, Date.now());
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      clearInterval(ticking);
      for (const track of stream.getTracks()) track.stop();
      const sound = new Blob(parts, { type: recorder.mimeType });
      recorder = null;
      if (wanted) send(sound);
      else show("");
    });
    recorder.start(1000);
    if (!wanted) return recorder.stop(); // the sheet was closed meanwhile
    left.textContent = longest;
    return show("listening");
  }

  begin.addEventListener("click", listen);
  stop.addEventListener("click", () => recorder?.stop());
  again.addEventListener("click", () => send(kept));
  form.addEventListener("submit", () => recorder?.stop()); // what was said becomes the next draft
  form.querySelector("[data-shut]").addEventListener("click", () => {
    wanted = false;
    recorder?.stop();
  });
  part.hidden = false;
}
