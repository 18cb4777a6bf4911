// /replays/: the clips of OBS's replay buffer, and with #NUMBER the player of one.
import { ask, make, moment, named, table, trouble } from "./house.js";
import { player, quoted, size, state, timed, who } from "./replay.js";

const REFRESH_MS = 5000;
const opened = document.querySelector(".replay");
const list = document.querySelector(".clips .list");
const obs = document.querySelector(".obs");
const form = document.querySelector(".search");

/** By their numbers: what was asked for with "Show more" stays when the newest are asked for again. */
let clips = new Map();
let next = null;
let drawn = "";
let wanted = 0;
let asked = 0;
let close = () => {};
let shown = "";

const COLUMNS = [
  ["Who", "", (one) => make("a", { href: `#${one.id}` }, who(one))],
  ["Why", "why", why],
  ["When", "", (one) => moment(one.requested_at)],
  ["Stream", "", (one) => named(one.streamer)],
  ["Length", "number", (one) => timed(one.duration_seconds)],
  ["Size", "number", (one) => size(one.size)],
  ["State", "what", state],
];

function why(one) {
  const more = one.causes.length - 1;
  return make("span", {}, make("b", {}, named(one.trigger)), " ", one.message ? quoted(one.message, 160) : null,
    more > 0 ? make("small", { class: "quiet" }, ` and ${more} more`) : null);
}

function draw() {
  const rows = [...clips.values()].sort((one, other) => other.id - one.id);
  const now = JSON.stringify([rows, next, wanted]);
  if (now === drawn) return;
  drawn = now;
  if (rows.length === 0) {
    const none = form.elements.q.value.trim() ? "No clip has all of these words."
      : "No clips yet. When somebody writes one of your trigger words, the last half minute is saved and shown here.";
    list.replaceChildren(make("p", { class: "quiet" }, none));
    return;
  }
  const { element } = table(COLUMNS, rows, (one) => (location.hash = one.id));
  for (const [at, row] of [...element.tBodies[0].rows].entries()) {
    if (rows[at].id === wanted) row.setAttribute("aria-current", "true");
  }
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(element);
  if (next !== null) list.append(make("button", { class: "more", type: "button", onclick: more }, "Show more"));
  if (focused) list.querySelector(`a[href="${focused}"]`)?.focus();
}

function path(before = null) {
  const query = new URLSearchParams();
  const words = form.elements.q.value.trim();
  if (words) query.set("q", words);
  if (before !== null) query.set("before", before);
  return `/api/clips${query.size ? `?${query}` : ""}`;
}

/** The newest clips once more; `anew` forgets what was there. */
async function look(anew = false) {
  const mine = (asked += 1);
  try {
    const found = await ask(path());
    if (mine !== asked) return;
    if (anew || clips.size === 0) [clips, next] = [new Map(), found.next];
    for (const one of found.clips) clips.set(one.id, one);
    draw();
    const mentioned = clips.get(wanted);
    if (mentioned && shown && shown !== mark(mentioned)) open();
  } catch (error) {
    if (mine === asked && (anew || clips.size === 0)) trouble(list, error);
    drawn = "";
  }
}

async function more({ currentTarget: button }) {
  const mine = asked;
  button.disabled = true;
  try {
    const found = await ask(path(next));
    if (mine !== asked && found.clips.some(({ id }) => clips.has(id))) return;
    for (const one of found.clips) clips.set(one.id, one);
    next = found.next;
    draw();
  } catch (error) {
    button.disabled = false;
    button.after(make("p", { class: "trouble", role: "alert" }, error.message));
  }
}

/** What of a clip decides how its player looks. */
const mark = ({ state: at, url, reason }) => JSON.stringify([at, url, reason]);

async function open() {
  const text = location.hash.slice(1);
  wanted = /^[0-9]{1,15}$/.test(text) ? Number(text) : 0;
  const mine = wanted;
  draw();
  if (!text) {
    close();
    [close, shown] = [() => {}, ""];
    opened.hidden = true;
    opened.replaceChildren();
    return;
  }
  try {
    if (!wanted) throw new Error("There is no clip with such a number");
    const { clip } = await ask(`/api/clips/${wanted}`);
    if (mine !== wanted) return;
    close();
    const made = player(clip);
    [close, shown] = [made.close, mark(clip)];
    opened.replaceChildren(...made.elements);
    opened.hidden = false;
    made.begin();
  } catch (error) {
    if (mine !== wanted) return;
    close();
    [close, shown] = [() => {}, ""];
    opened.hidden = false;
    trouble(opened, error);
    opened.prepend(make("a", { class: "back", href: "#" }, "← All clips"));
  }
  opened.scrollIntoView({ block: "nearest" });
}

function tell(status) {
  obs.hidden = !status;
  if (obs.hidden) return;
  const { ready, reason, remedy, buffer_seconds: seconds, warning } = status;
  const said = ready ? `OBS is ready${seconds ? `: its replay buffer holds ${seconds} s` : ""}` : (reason ?? `OBS: ${status.state}`);
  obs.dataset.ready = String(Boolean(ready));
  obs.textContent = [said, ready ? warning : remedy].filter(Boolean).join(" — ");
}

async function refresh() {
  if (!document.hidden) {
    await look();
    await ask("/api/status").then((status) => tell(status.obs), () => tell(null));
  }
  setTimeout(refresh, REFRESH_MS);
}

let typed = 0;
form.addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => look(true), 250);
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", open);
open();
refresh();
