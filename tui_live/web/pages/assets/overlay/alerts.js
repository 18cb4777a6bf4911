// /alerts: gifts, follows and shares pop up, one after the other, never more than a few at once.
import { AlertCard } from "./alert_card.js";
import { Connection } from "./connection.js";
import { make, write } from "./make.js";
import { popIn, popOut, travel } from "./motion.js";
import { amount } from "./text.js";

const AT_ONCE = 3;
const MOST_WAITING = 12;
/** How long one stays behind its last growth, and how long when others wait: then no streak keeps its place for ever. */
const STAY_MS = 5000;
const HURRIED_MS = 2200;
const MOST_HURRIED_MS = 8000;
/** The least time between two entrances, and how long the others take to close ranks. */
const APART_MS = 350;
const CLOSE_MS = 350;
/** How long is told what was left out. */
const REST_MS = 4000;
/** How high one card and what stands around it are, in rem: a lower window shows them smaller. */
const LEAST_REM = 15;
const SMALLEST = 0.4;

const root = document.documentElement;
const stage = document.querySelector(".alerts");
const waiting = [];
let shown = []; // {element, card, streak, entered, since}
let rests = []; // {count, until}
const rest = make("p", "more", "");
let timer = 0;
let door = 0; // nobody enters before

function take(alert, now) {
  if (alert.streak) {
    const seen = shown.find(({ streak }) => streak === alert.streak);
    if (seen) {
      seen.card.grow(alert);
      seen.since = now;
      return;
    }
    const at = waiting.findIndex(({ streak }) => streak === alert.streak);
    if (at >= 0) {
      waiting[at] = alert;
      return;
    }
  }
  waiting.push(alert);
  if (waiting.length <= MOST_WAITING) return;
  // The smallest waits in vain: big gifts are what people want to see named.
  let least = 0;
  waiting.forEach((other, at) => {
    if ((other.coins ?? 0) < (waiting[least].coins ?? 0)) least = at;
  });
  waiting.splice(least, 1);
  leaveOut(1, now);
}

function leaveOut(count, now) {
  if (count > 0) rests.push({ count, until: now + REST_MS });
}

/** When somebody's time is over. */
function due({ entered, since }) {
  return waiting.length > 0 ? Math.min(since + HURRIED_MS, entered + MOST_HURRIED_MS) : since + STAY_MS;
}

/** Lets go whose time is over, lets in who waits, and sets the clock for the next change. */
function turn() {
  clearTimeout(timer);
  const now = performance.now();
  for (const one of shown.filter((each) => due(each) <= now)) leave(one);
  const open = waiting.length > 0 && shown.length < AT_ONCE && !stage.querySelector(".going") && hasRoom();
  if (open && now >= door) enter(waiting.shift(), now);
  rests = rests.filter(({ until }) => until > now);
  tellRest();
  const times = [...shown.map(due), ...rests.map(({ until }) => until), ...(open ? [Math.max(door, now)] : [])];
  if (times.length > 0) timer = setTimeout(turn, Math.max(16, Math.min(...times) - now));
}

function enter(alert, now) {
  const card = new AlertCard(alert);
  stage.insertBefore(card.element, rest.parentNode === stage ? rest : null);
  shown.push({ element: card.element, card, streak: alert.streak ?? "", entered: now, since: now });
  door = now + APART_MS;
  popIn(card.element);
}

/** Goes where it stands; only then do the others close ranks. */
function leave(one) {
  shown = shown.filter((each) => each !== one);
  one.element.classList.add("going");
  popOut(one.element, close);
}

/** Takes out who has gone, once nobody comes or goes any more: so nobody runs over anybody. */
function close() {
  const gone = [...stage.querySelectorAll(".going")];
  if (gone.length === 0) return;
  const busy = stage.getAnimations({ subtree: true })
    .filter(({ id, playState }) => (id === "in" || id === "out") && playState === "running");
  if (busy.length > 0 && !document.hidden) {
    Promise.allSettled(busy.map(({ finished }) => finished)).then(close);
    return;
  }
  const staying = [...stage.children].filter((element) => !gone.includes(element));
  const before = staying.map((element) => element.getBoundingClientRect());
  for (const element of gone) element.remove();
  for (const animation of staying.flatMap((element) => element.getAnimations())) if (animation.id === "travel") animation.cancel();
  const now = staying.map((element) => element.getBoundingClientRect());
  staying.forEach((element, at) => travel(element, before[at], now[at], CLOSE_MS));
  if (now.some(({ top }, at) => Math.abs(top - before[at].top) >= 1)) door = performance.now() + CLOSE_MS;
  turn();
}

/** Whether another card, as high as the highest, and the line below it still fit into the window. */
function hasRoom() {
  if (shown.length === 0) return true;
  const unit = Number.parseFloat(getComputedStyle(root).fontSize);
  const style = getComputedStyle(stage);
  const gap = Number.parseFloat(style.rowGap);
  const heights = shown.map(({ element }) => element.offsetHeight);
  const used = heights.reduce((sum, height) => sum + height + gap, 2 * Number.parseFloat(style.paddingTop));
  return used + Math.max(...heights) + gap + 3 * unit <= innerHeight;
}

function tellRest() {
  const left = rests.reduce((sum, { count }) => sum + count, 0);
  if (left === 0) {
    rest.remove();
    return;
  }
  write(rest, `+${amount(left)} more`);
  if (rest.parentNode !== stage) stage.append(rest);
}

function shape() {
  const scale = Number(root.style.getPropertyValue("--scale")) || 1;
  const fit = Math.min(1, Math.max(SMALLEST, innerHeight / (16 * scale * LEAST_REM)));
  root.style.setProperty("--fit", String(fit));
}
shape();
addEventListener("resize", shape);

new Connection("alerts", (message) => {
  // What happened while nobody could see it is no news when the scene comes back.
  if (message.t !== "alerts" || document.hidden) return;
  const now = performance.now();
  for (const alert of message.alerts ?? []) take(alert, now);
  leaveOut(message.more ?? 0, now);
  turn();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  waiting.length = 0;
  shown = rests = [];
  stage.replaceChildren();
});
