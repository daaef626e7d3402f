// What a file is, found beside its sending: {fingerprint, sha256}, promises of hexadecimal digits; null where the browser can't.
export function hashing(file, script, library) {
  const found = {};
  const tell = {};
  for (const name of ["fingerprint", "sha256"]) found[name] = new Promise((done) => { tell[name] = done; });
  const end = () => { tell.fingerprint(null); tell.sha256(null); };
  try {
    const worker = new Worker(script);
    worker.onmessage = ({ data }) => {
      for (const [name, value] of Object.entries(data)) tell[name]?.(value);
      if (data.ended) { end(); worker.terminate(); }
    };
    worker.onerror = (event) => { event.preventDefault(); end(); };
    worker.postMessage({ library, file });
  } catch { end(); }
  return found;
}

const base64 = (hex) => btoa(String.fromCharCode(...hex.match(/../g).map((pair) => Number.parseInt(pair, 16))));

// Tells the server, until it has heard; answers its refusal ({err, message}) or null.
export async function declare(address, sha256) {
  const headers = { "Tus-Resumable": "1.0.0", "Upload-Digest": `sha256 ${base64(sha256)}`, Accept: "application/json" };
  for (;;) {
    try {
      const answer = await fetch(`${address}/digest`, { method: "POST", headers });
      if (answer.ok || answer.status === 404) return null;
      if (answer.status === 409) return await answer.json();
    } catch { /* the line is down: say it again */ }
    await new Promise((done) => { setTimeout(done, 5000); });
  }
}
