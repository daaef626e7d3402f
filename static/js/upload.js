// Sending a recording: resumable (tus), with pause, and on from where it stopped after the tab was closed.
const box = document.querySelector("[data-upload]");
const CHUNK = 16 * 1024 * 1024; // a proxy that buffers whole requests loses no more than this
const RETRIES = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000];
const tongue = document.documentElement.lang;

// Sizes and times in the reader's own signs.
const number = (value, options) => new Intl.NumberFormat(tongue, options).format(value);
const bytes = (value) => {
  const [unit, each] = value >= 1e9 ? ["gigabyte", 1e9] : ["megabyte", 1e6];
  return number(value / each, { style: "unit", unit, maximumFractionDigits: unit === "gigabyte" ? 2 : 0 });
};
const span = (seconds) => {
  const [unit, each] = seconds >= 90 ? ["minute", 60] : ["second", 1];
  return number(Math.max(1, Math.round(seconds / each)), { style: "unit", unit, unitDisplay: "long" });
};

// The same file on any browser of the same machine: its name, size and time, and the recording it is for.
const fingerprint = (file) => [box.dataset.recording, file.size, file.lastModified, file.name].join("-").slice(0, 200);

function job(file) {
  const card = box.querySelector("[data-job]");
  const part = (name) => card.querySelector(`[data-${name}]`);
  const drop = box.querySelector("[data-drop]");
  let mark = { at: performance.now(), sent: null, speed: 0 };

  const state = (name) => {
    for (const piece of card.querySelectorAll("[data-on]")) piece.hidden = piece.dataset.on !== name;
    card.classList.toggle("is-paused", name === "paused" || name === "offline");
    card.classList.toggle("is-bad", name === "refused");
  };

  function progress(sent, size) {
    const share = sent / size;
    part("bar").value = share * 100;
    part("percent").textContent = number(Math.floor(share * 100) / 100, { style: "percent" });
    part("sent").textContent = bytes(sent);
    part("size").textContent = bytes(size);
    const now = performance.now();
    if (mark.sent === null) mark = { at: now, sent, speed: 0 };
    if (now - mark.at < 1000) return;
    const speed = ((sent - mark.sent) / (now - mark.at)) * 1000;
    mark = { at: now, sent, speed: mark.speed ? 0.7 * mark.speed + 0.3 * speed : speed };
    part("speed").textContent = bytes(mark.speed);
    part("left").textContent = mark.speed > 0 ? `≈ ${span((size - sent) / mark.speed)}` : "";
  }

  function refuse(error) {
    let said = "";
    try { said = JSON.parse(error.originalResponse?.getBody() ?? "").message ?? ""; } catch { /* no sentence */ }
    if (said) part("message").textContent = said;
    state("refused");
    drop.hidden = false;
  }

  const upload = new tus.Upload(file, {
    endpoint: box.dataset.upload,
    uploadUrl: box.dataset.before && box.dataset.fingerprint === fingerprint(file) ? box.dataset.before : null,
    chunkSize: CHUNK,
    retryDelays: RETRIES,
    fingerprint: async () => fingerprint(file),
    metadata: { recording: box.dataset.recording, filename: file.name, fingerprint: fingerprint(file) },
    removeFingerprintOnSuccess: true,
    // Refusals of the server are final; a broken line, a busy server or a full disk is waited out.
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      const again = status === 0 || status === 409 || status === 423 || status === 429 || (status >= 500 && status !== 507);
      if (again) state("offline");
      return again;
    },
    onProgress: (sent, size) => { if (!card.classList.contains("is-paused") || navigator.onLine) { if (mark.sent !== sent) state("running"); } progress(sent, size); },
    onError: refuse,
    onSuccess: () => { progress(file.size, file.size); state("sent"); leaving = false; wait(); },
  });

  part("name").textContent = file.name;
  card.hidden = false;
  drop.hidden = true;
  box.querySelector("[data-half]")?.remove();
  progress(0, file.size);
  state("running");
  let leaving = true;
  addEventListener("beforeunload", (event) => { if (leaving && !card.classList.contains("is-paused") && !card.classList.contains("is-bad")) event.preventDefault(); });

  card.onclick = (event) => {
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (act === "pause") { upload.abort(); mark.sent = null; state("paused"); }
    if (act === "resume") { upload.start(); state("running"); }
    if (act === "other") { upload.abort(); leaving = false; location.reload(); }
  };
  addEventListener("online", () => { if (card.classList.contains("is-paused") && leaving) upload.start(); });
  upload.start();
}

// The check is done when the recording is no longer "verifying": the page then says what came of it.
async function wait() {
  try {
    const answer = await fetch(box.dataset.state, { headers: { Accept: "application/json" } });
    if (answer.ok && (await answer.json()).state !== "verifying") { location.reload(); return; }
  } catch { /* the line is down: ask again */ }
  setTimeout(wait, 2000);
}

function offer() {
  const drop = box.querySelector("[data-drop]");
  if (!drop || !globalThis.tus?.isSupported) return;
  const input = drop.querySelector("input[type=file]");
  drop.querySelector("[data-plain]").hidden = true;
  const take = (files) => { if (files.length) job(files[0]); };
  drop.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("change", () => { take([...input.files]); input.value = ""; });
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragover");
      if (name === "drop") take([...event.dataTransfer.files]);
    });
  }
}

// Once the document is read, so that the library below this module is there.
addEventListener("DOMContentLoaded", () => {
  if (box?.dataset.waiting !== undefined) wait();
  else if (box) offer();
});
