// /question: the chosen comment pops in, and out again.
import { Avatar } from "./avatar.js";
import { Connection } from "./connection.js";
import { make, write } from "./make.js";
import { oncePerFrame, popIn, popOut } from "./motion.js";
import { fitted } from "./question_fit.js";
import { cut } from "./text.js";

const LONGEST_NAME = 60;
const LONGEST_TEXT = 500;
/** Up to so many characters a text is short, and up to so many it is not long. */
const SHORT = 45;
const MEDIUM = 160;

const stage = document.querySelector(".stage");
let wanted = null;
let shown = null; // {id, element, avatar, name, text}
const draw = oncePerFrame(show);

function show() {
  if (shown !== null && shown.id !== wanted?.id) leave();
  if (wanted === null) return;
  if (shown === null) enter();
  shown.avatar.show(wanted.user || wanted.id, wanted.name, wanted.avatar);
  write(shown.name, cut(wanted.name, LONGEST_NAME));
  const text = cut(wanted.text, LONGEST_TEXT).trim();
  write(shown.text, text);
  shown.element.dataset.length = text.length <= SHORT ? "short" : text.length <= MEDIUM ? "medium" : "long";
  fitted(stage, shown.element);
}

function enter() {
  const element = make("article", "card question");
  const said = make("div", "said");
  const [name, text] = [make("bdi", "name", ""), make("p", "text", "")];
  const avatar = new Avatar();
  said.append(name, text);
  element.append(avatar.element, said);
  stage.append(element);
  shown = { id: wanted.id, element, avatar, name, text };
  if (!document.hidden) popIn(element);
}

function leave() {
  for (const late of stage.querySelectorAll(".going")) late.remove();
  for (const animation of shown.element.getAnimations()) animation.cancel();
  shown.element.classList.add("going");
  popOut(shown.element);
  shown = null;
}

addEventListener("resize", draw);

new Connection("question", (message) => {
  if (message.t !== "question") return;
  wanted = message.question ?? null;
  draw();
});
