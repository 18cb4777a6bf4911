// /goal: how far each goal is.
import { celebrate } from "./confetti.js";
import { Connection } from "./connection.js";
import { make, write } from "./make.js";
import { oncePerFrame } from "./motion.js";
import { amount, cut } from "./text.js";

const LONGEST_NAME = 80;
const MOST = 20;

const list = document.querySelector(".goals");
const confetti = document.querySelector(".confetti");
const bars = [];
let goals = [];
let first = true;
const draw = oncePerFrame(show);

function show() {
  while (bars.length > goals.length) bars.pop().element.remove();
  while (bars.length < goals.length) bars.push(bar());
  goals.forEach((goal, at) => fill(bars[at], goal));
  first = false;
}

function bar() {
  const element = make("section", "card goal");
  const line = make("div", "line");
  const name = make("bdi", "name", "");
  const numbers = make("span", "numbers");
  const [current, target] = [document.createElement("b"), document.createTextNode("")];
  const track = make("div", "track");
  const filled = make("div", "filled");
  numbers.append(current, target);
  track.append(filled);
  line.append(name, numbers);
  element.append(line, track);
  list.append(element);
  return { element, name, current, target, filled };
}

function fill({ element, name, current, target, filled }, goal) {
  const other = write(name, cut(goal.name, LONGEST_NAME));
  write(current, amount(goal.current));
  write(target, ` / ${amount(goal.target)}`);
  const progress = Math.min(100, Math.max(0, Number(goal.progress) || 0));
  filled.style.transform = `translateX(${progress - 100}%)`;
  const reached = progress >= 100;
  const news = reached && !("reached" in element.dataset) && !other && !first;
  element.toggleAttribute("data-reached", reached);
  if (news && !document.hidden) celebrate(confetti, element);
}

new Connection("goal", (message) => {
  if (message.t !== "goals") return;
  goals = (message.goals ?? []).slice(0, MOST);
  draw();
});
