// A voice is a state, not an event: the last wish wins, and it shows at once.
import { toast } from "./room-forms.js";

// LIST's buttons become wishes; REDRAW(id) shows a question anew. Gives wish(id, 1 or 0).
export function startVoices({ live, list, redraw }) {
  const wishes = new Map();

  async function wish(id, val) {
    const { room } = live;
    const before = room.votes.get(id) || { val: 0, n: 0 };
    const n = before.n + 1;
    room.votes.set(id, { val, n });
    room.counts.set(id, Math.max(0, (room.counts.get(id) || 0) + val - before.val));
    redraw(id);
    if (wishes.has(id)) return wishes.set(id, val);
    wishes.set(id, val);
    const answer = await live.send("question:vote", { qid: id, val, n });
    const last = wishes.get(id);
    wishes.delete(id);
    if (!answer.ok) {
      room.counts.set(id, Math.max(0, (room.counts.get(id) || 0) + before.val - (room.votes.get(id)?.val ?? 0)));
      room.votes.set(id, before);
      toast(answer.msg);
      redraw(id);
    } else {
      // Another device may have counted further: go on from there, until the last wish is what stands.
      room.votes.set(id, { val: answer.r.val, n: answer.r.n });
      if (last !== answer.r.val) wish(id, last);
      else redraw(id);
    }
  }

  list.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-metoo]");
    if (!button || !live.ever) return;
    event.preventDefault();
    wish(button.closest("[data-q]").dataset.q, button.getAttribute("aria-pressed") === "true" ? 0 : 1);
  });
  return wish;
}
