// Pictures of questions: shown where the line is good enough, else a link; and the one that is sent with a new question.
const find = (selector, root = document) => root.querySelector(selector);
const SMALL = 400000; // bytes; what is larger is made smaller here, before a poor line has to carry it
const SIDE = 1600; // pixels
const PAUSE = 1500;

const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

// Whoever saves data, or has a slow line, opens the picture only when they want it.
function poor() {
  const line = navigator.connection;
  return Boolean(line && (line.saveData || /(^|-)[23]g$/.test(line.effectiveType || "")));
}

export function pictureAddress(question, key) {
  const address = `${location.pathname.replace(/\/(host|screen)$/, "")}/questions/${question.id}/picture`;
  return key ? `${address}?key=${encodeURIComponent(key)}` : address;
}

export function putPicture(row, question) {
  const place = find("[data-picture]", row);
  const told = JSON.stringify([question.id, question.picture || null]);
  if (!place || place.dataset.told === told) return;
  place.dataset.told = told;
  const { picture } = question;
  place.hidden = !picture;
  find("img", place)?.remove();
  if (!picture) return;
  const link = find("[data-picture-link]", place);
  link.href = pictureAddress(question);
  find("[data-picture-alt]", place).textContent = picture.alt;
  find("[data-picture-kb]", place).textContent = Math.ceil(picture.bytes / 1024);
  find("[data-picture-hidden]", place).hidden = !picture.hidden;
  if (poor()) return;
  const image = new Image(picture.w, picture.h);
  Object.assign(image, { loading: "lazy", decoding: "async", alt: "", src: link.href }); // its words stand in the same link
  link.prepend(image);
}

async function smaller(file) {
  if (file.size <= SMALL) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.85); });
    return made && made.size < file.size ? made : file;
  } catch {
    return file; // the room says what is wrong with it
  }
}

// The part of the compose sheet that takes a picture.
export function startPicture(form) {
  const input = form.elements.picture;
  const { alt } = form.elements;
  const part = find("[data-picture-part]", form);
  let given = null; // of a letter that came back

  const ask = () => { alt.required = Boolean(input.files.length || given); };

  function clear() {
    given = null;
    input.value = "";
    alt.value = "";
    part.open = false;
    ask();
  }

  input.addEventListener("change", () => {
    given = null;
    ask();
  });

  return {
    // What goes with the letter, and an empty sheet after it.
    async take() {
      const file = input.files[0];
      const taken = { picture: file ? await smaller(file) : given, alt: alt.value };
      clear();
      return taken.picture ? taken : {};
    },
    giveBack(letter) {
      if (!letter.picture) return;
      given = letter.picture;
      alt.value = letter.alt;
      part.open = true;
      ask();
    },
    // Sends it until the room says yes or no; under the same cid it is the same picture.
    async send(live, letter) {
      for (;;) {
        await live.back();
        const data = new FormData();
        data.set("csrf_token", form.elements.csrf_token.value);
        data.set("cid", letter.cid);
        data.set("alt", letter.alt);
        data.set("picture", letter.picture, "picture");
        const answer = await fetch(form.dataset.pictures, { method: "POST", body: data, headers: { Accept: "application/json" } }).catch(() => null);
        const said = await answer?.json().catch(() => null);
        if (said?.ok || (said && said.err !== "rate")) return said;
        if (answer && !said && answer.status < 500) return { ok: false, err: "invalid", msg: form.dataset.pictureRefused };
        await pause(said?.retry_ms || PAUSE + Math.random() * PAUSE);
      }
    },
  };
}
