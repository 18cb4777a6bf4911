// /alerts: gifts, follows and shares pop up, one after the other, never more than a few at once.
import { AlertCard } from "./alert_card.js";
import { Connection } from "./connection.js";
import { make, write } from "./make.js";
import { popIn, popOut, travel } from "./motion.js";
import { amount } from "./text.js";

const AT_ONCE = 3;
const MOST_WAITING = 12;
/** How long one stays, and how long when others wait; the least time between two entrances. */
const STAY_MS = 5000;
const HURRIED_MS = 2200;
const APART_MS = 350;

const stage = document.querySelector(".alerts");
const waiting = [];
const shown = []; // {element, since}
const rest = make("p", "more", "");
let left = 0;
let timer = 0;
let entered = -APART_MS;

function take(alert) {
  waiting.push(alert);
  if (waiting.length <= MOST_WAITING) return;
  // The smallest waits in vain: big gifts are what people want to see named.
  let least = 0;
  waiting.forEach((other, at) => {
    if ((other.coins ?? 0) < (waiting[least].coins ?? 0)) least = at;
  });
  waiting.splice(least, 1);
  left += 1;
}

/** Lets go whose time is over, lets in who waits, and sets the clock for the next change. */
function turn() {
  clearTimeout(timer);
  const now = performance.now();
  const before = new Map(shown.map(({ element }) => [element, element.getBoundingClientRect()]));
  const stay = waiting.length > 0 ? HURRIED_MS : STAY_MS;
  while (shown.length > 0 && now - shown[0].since >= stay) leave(shown.shift().element, before);
  if (waiting.length > 0 && shown.length < AT_ONCE && now - entered >= APART_MS) {
    entered = now;
    enter(waiting.shift(), now);
  }
  if (waiting.length === 0 && shown.length === 0) left = 0;
  tellRest();
  move(before);
  if (shown.length === 0 && waiting.length === 0) return;
  const next = waiting.length > 0 ? HURRIED_MS : STAY_MS;
  const due = shown.length > 0 ? shown[0].since + next : now;
  const door = waiting.length > 0 && shown.length < AT_ONCE ? entered + APART_MS : Infinity;
  timer = setTimeout(turn, Math.max(16, Math.min(due, door) - now));
}

function enter(alert, now) {
  const { element } = new AlertCard(alert);
  stage.insertBefore(element, rest.parentNode === stage ? rest : null);
  shown.push({ element, since: now });
  popIn(element);
}

function leave(element, before) {
  const { offsetLeft, offsetTop, offsetWidth } = element;
  Object.assign(element.style, { left: `${offsetLeft}px`, top: `${offsetTop}px`, width: `${offsetWidth}px` });
  element.classList.add("going");
  before.delete(element);
  popOut(element);
}

function move(before) {
  const now = [...before.keys()].map((element) => {
    for (const animation of element.getAnimations()) if (animation.id === "travel") animation.cancel();
    return element.getBoundingClientRect();
  });
  [...before].forEach(([element, from], at) => {
    if (Math.abs(from.width - now[at].width) < 1) travel(element, from, now[at]); // not while it still pops in
  });
}

function tellRest() {
  if (left === 0) {
    rest.remove();
    return;
  }
  write(rest, `+${amount(left)} more`);
  if (rest.parentNode !== stage) stage.append(rest);
}

new Connection("alerts", (message) => {
  // What happened while nobody could see it is no news when the scene comes back.
  if (message.t !== "alerts" || document.hidden) return;
  for (const alert of message.alerts ?? []) take(alert);
  left += message.more ?? 0;
  turn();
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return;
  waiting.length = shown.length = left = 0;
  stage.replaceChildren();
});
