// Voices: «me too» and, told to nobody but the moderators, «not for now». A voice is a state, not an event: the last
// wish wins, and it shows at once.
import { toast } from "./room-forms.js";
import { emptyFamily, voice } from "./state-moderation.js";

export function startVoices({ live, list, redraw }) {
  const wishes = new Map();
  const up = (val) => (val > 0 ? 1 : 0);
  const shift = (id, by) => live.room.counts.set(id, Math.max(0, (live.room.counts.get(id) || 0) + by));

  async function wish(id, val) {
    const { room } = live;
    const before = { val: voice(room, id), n: room.votes.get(id)?.n || 0 };
    const n = before.n + 1;
    emptyFamily(room, id);
    room.votes.set(id, { val, n });
    shift(id, up(val) - up(before.val));
    redraw(id);
    if (wishes.has(id)) return wishes.set(id, val);
    wishes.set(id, val);
    const answer = await live.send("question:vote", { qid: id, val, n });
    const last = wishes.get(id);
    wishes.delete(id);
    if (!answer.ok) {
      shift(id, up(before.val) - up(room.votes.get(id)?.val ?? 0));
      room.votes.set(id, before);
      toast(answer.msg);
      redraw(id);
      return;
    }
    // Another device may have counted further: go on from there, until the last wish is what stands.
    room.votes.set(id, { val: answer.r.val, n: answer.r.n });
    if (last !== answer.r.val) wish(id, last);
    else redraw(id);
  }

  list.addEventListener("submit", (event) => {
    const button = event.target.querySelector("[data-metoo]");
    if (!button || !live.ever) return;
    event.preventDefault();
    wish(button.closest("[data-q]").dataset.q, button.getAttribute("aria-pressed") === "true" ? 0 : 1);
  });
  return wish;
}
