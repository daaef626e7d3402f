// In a thread of its own: what tells a file again (its size, beginning and end), then the SHA-256 of the whole of it.
// The server lets this script alone compile WebAssembly (archive/manage/sending.py).
const BLOCK = 4 * 1024 * 1024;
const ENDS = 1024 * 1024;

const bytes = async (piece) => new Uint8Array(await piece.arrayBuffer());

onmessage = async ({ data: { library, file } }) => {
  try {
    importScripts(library);
    const hash = await hashwasm.createSHA256();
    hash.init().update(`${file.size}:`).update(await bytes(file.slice(0, ENDS))).update(await bytes(file.slice(-ENDS)));
    postMessage({ fingerprint: hash.digest("hex") });
    hash.init();
    for (let at = 0; at < file.size; at += BLOCK) hash.update(await bytes(file.slice(at, at + BLOCK)));
    postMessage({ sha256: hash.digest("hex") });
  } catch { /* no WebAssembly, or the file can't be read: it goes without */ }
  postMessage({ ended: true });
};
