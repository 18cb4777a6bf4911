// /goal: how far each goal is; more than there is room for take turns.
import { celebrate } from "./confetti.js";
import { Connection } from "./connection.js";
import { make, write } from "./make.js";
import { oncePerFrame } from "./motion.js";
import { amount, cut } from "./text.js";

const LONGEST_NAME = 80;
const MOST = 60;
const REM = 16;
/** A goal needs so many rem; it is drawn smaller down to so much, and beyond that only where not even one has room. */
const LEAST_REM = 28;
const SMALL = 0.75;
const SMALLEST = 0.4;
const STEP = 0.05;
const TURN_MS = 7000;

const root = document.documentElement;
const list = document.querySelector(".goals");
const confetti = document.querySelector(".confetti");
const bars = [];
let goals = [];
let reached = null; // the ids of goals that were reached, once something is known
let begin = 0; // the first goal that is seen
let timer = 0;
const draw = oncePerFrame(show);

function show() {
  if (bars.length === 0 && goals.length > 0) fill((bars[0] = bar()), goals[0]); // to be measured
  const { fit, columns, seats } = room(goals.length);
  root.style.setProperty("--fit", String(fit));
  list.style.setProperty("--columns", String(columns));
  const before = reached ?? new Set(goals.map(({ id }) => id));
  reached = new Set(goals.filter(({ progress }) => progress >= 100).map(({ id }) => id));
  const news = goals.findIndex(({ id }) => reached.has(id) && !before.has(id));
  if (news >= 0) begin = news - (news % seats);
  if (begin >= goals.length) begin = 0;
  const seen = goals.slice(begin, begin + seats);
  while (bars.length > seen.length) bars.pop().element.remove();
  while (bars.length < seen.length) bars.push(bar());
  seen.forEach((goal, at) => fill(bars[at], goal));
  if (news >= 0 && !document.hidden) celebrate(confetti, bars[news - begin].element);
  if (goals.length <= seats) {
    clearTimeout(timer);
    timer = 0;
  } else timer ||= setTimeout(next, TURN_MS, seats);
}

function next(seats) {
  timer = 0;
  begin += seats;
  draw();
}

/** How many columns and seats the window has, at which size. */
function room(count) {
  const scale = Number(root.style.getPropertyValue("--scale")) || 1;
  const size = Number.parseFloat(getComputedStyle(root).fontSize);
  const style = getComputedStyle(list);
  const [gap, margin] = [Number.parseFloat(style.rowGap) / size, Number.parseFloat(style.paddingTop) / size];
  const high = Math.max(0, ...bars.map(({ element }) => element.offsetHeight)) / size || 1;
  const tried = (fit) => {
    const unit = REM * scale * fit;
    const rows = Math.floor((innerHeight / unit - 2 * margin + gap) / (high + gap) + 0.001);
    const most = Math.max(1, Math.floor((innerWidth / unit - 2 * margin + gap) / (LEAST_REM + gap)));
    const columns = Math.min(most, Math.max(1, Math.ceil(count / Math.max(1, rows))));
    return { fit, rows, columns, seats: Math.max(1, rows) * columns };
  };
  for (let fit = 1; fit >= SMALL; fit -= STEP) if (tried(fit).rows > 0 && tried(fit).seats >= count) return tried(fit);
  let fit = SMALL;
  while (tried(fit).rows < 1 && fit > SMALLEST) fit -= STEP;
  return tried(fit);
}

function bar() {
  const element = make("section", "card goal");
  const line = make("div", "line");
  const [name, whose] = [make("bdi", "name", ""), make("bdi", "whose", "")];
  const numbers = make("span", "numbers");
  const [current, target] = [document.createElement("b"), document.createTextNode("")];
  const track = make("div", "track");
  const filled = make("div", "filled");
  numbers.append(current, target);
  track.append(filled);
  line.append(name, whose, numbers);
  element.append(line, track);
  list.append(element);
  return { element, name, whose, current, target, filled };
}

function fill({ element, name, whose, current, target, filled }, goal) {
  write(name, cut(goal.name, LONGEST_NAME));
  write(whose, goal.stream ? `@${cut(goal.stream, LONGEST_NAME)}` : "");
  write(current, amount(goal.current));
  write(target, ` / ${amount(goal.target)}`);
  const progress = Math.min(100, Math.max(0, Number(goal.progress) || 0));
  filled.style.transform = `translateX(${progress - 100}%)`;
  element.toggleAttribute("data-reached", progress >= 100);
}

new Connection("goal", (message) => {
  if (message.t !== "goals") return;
  goals = (message.goals ?? []).slice(0, MOST);
  draw();
});
addEventListener("resize", draw);
