// /sessions: past evenings, and with #KEY the people of one.
import { amount, ask, duration, make, moment, named, span, table, trouble, within } from "./house.js";
import { initials } from "../overlay/text.js";
import { picture } from "../overlay/avatar.js";

const content = document.querySelector(".content");
let asked = 0;

const state = (session) => make("span", { class: "state", "data-state": session.status }, session.status ?? "–");
const gapsOf = ({ gaps }) => (Array.isArray(gaps) ? gaps.length : gaps);

const SESSIONS = [
  ["Streamer", "", (one) => make("a", { href: `#${one.id}` }, named(one.streamer_username))],
  ["Began", "", (one) => moment(one.session_start)],
  ["Length", "number", (one) => duration(one.session_start, one.session_end)],
  ["Status", "", state],
  ["Events", "number", (one) => amount(one.total_events)],
  ["People", "number", (one) => amount(one.total_users)],
  ["Coins", "number", (one) => amount(one.total_coins)],
  ["Gaps", "number", (one) => amount(gapsOf(one))],
];
/** What stands above the people of one session, beside what the list of sessions says. */
const MORE = [
  ["Time in gaps", "number", (one) => (one.gaps ? span(one.gap_seconds) : "–")],
  ["Likes with a name", "number", (one) => (Number.isFinite(one.like_coverage) ? `${Math.round(100 * one.like_coverage)} %` : "–")],
];
const PEOPLE = [
  ["Rank", "number", (one) => amount(one.rank)],
  ["Name", "", person],
  ["Score", "number", (one) => amount(one.score)],
  ["Coins", "number", (one) => amount(one.coins)],
  ["Gifts", "number", (one) => amount(one.gifts)],
  ["Likes", "number", (one) => amount(one.likes)],
  ["Comments", "number", (one) => amount(one.comments)],
];

function person(one) {
  const face = make("span", { class: "face", dir: "auto" }, initials(one.nickname || one.username || ""));
  const address = picture(one.avatar_url);
  if (address) {
    const image = new Image();
    Object.assign(image, { alt: "", referrerPolicy: "no-referrer", loading: "lazy" });
    image.onerror = () => image.remove();
    image.src = address;
    face.append(image);
  }
  const handle = one.username ? make("small", {}, named(`@${one.username}`)) : null;
  return make("span", { class: "person" }, face, make("span", {}, named(one.nickname || one.username), handle));
}

/** A list that goes on for as long as the server has more. */
async function listing(path, name, columns, none, open = null) {
  const first = await ask(path);
  const { element, add } = table(columns, first[name] ?? [], open);
  const place = make("div", {}, (first[name] ?? []).length ? element : make("p", { class: "quiet" }, none));
  let next = first.next;
  const button = make("button", { class: "more", type: "button" }, "Show more");
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const more = await ask(`${path}?${new URLSearchParams({ after: next })}`);
      add(more[name] ?? []);
      next = more.next;
      if (next === null || next === undefined) button.remove();
    } catch (error) {
      place.append(make("p", { class: "trouble", role: "alert" }, error.message));
    }
    button.disabled = false;
  });
  if (next !== null && next !== undefined) place.append(button);
  return place;
}

async function all() {
  const list = await listing("/api/sessions", "sessions", SESSIONS, "No sessions yet.", (one) => (location.hash = one.id));
  return [make("h2", {}, "Sessions"), list];
}

async function one(key) {
  const path = `/api/sessions/${encodeURIComponent(key)}`;
  const [answer, people] = await Promise.all([
    ask(path).catch(() => ({})), // its people are what matters
    listing(`${path}/participants`, "participants", PEOPLE, "Nobody has points."),
  ]);
  const session = answer.session ?? answer;
  const facts = make("dl", { class: "facts" });
  const fact = (name, value) => facts.append(make("div", {}, make("dt", {}, name), make("dd", {}, value)));
  if (session.id) {
    for (const [title, , cell] of [...SESSIONS.slice(1), ...MORE]) fact(title, cell(session));
    fact("Key", make("code", {}, String(session.id)));
  }
  const exported = (format) => make("a", { href: within(`/api/export/session/${encodeURIComponent(key)}`, { format }) }, format.toUpperCase());
  return [
    make("div", {}, make("a", { class: "back", href: "#" }, "← All sessions"), make("h1", {}, named(session.streamer_username ?? key)), facts,
      make("p", { class: "exports quiet" }, "Every event as a file: ", exported("jsonl"), " · ", exported("json"), " · ", exported("csv")),
      make("h2", {}, "Participants"), make("div", { class: "people" }, people)),
  ];
}

function keyOf(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error("There is no session with such a key");
  }
}

async function show() {
  const mine = (asked += 1);
  try {
    const key = keyOf(location.hash.slice(1));
    const made = await (key ? one(key) : all());
    if (mine === asked) content.replaceChildren(...made);
  } catch (error) {
    if (mine === asked) trouble(content, error);
  }
}

addEventListener("hashchange", show);
show();
