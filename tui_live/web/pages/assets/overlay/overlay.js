// /overlay: the leaderboard.
import { merged } from "./board.js";
import { BoardView } from "./board_view.js";
import { Connection } from "./connection.js";
import { oncePerFrame } from "./motion.js";

const view = new BoardView(document.querySelector(".board"), document.querySelector(".confetti"));
let state = null;
const draw = oncePerFrame(() => view.show(state));

new Connection("overlay", (message) => {
  const next = merged(state, message);
  if (next === state) return;
  state = next;
  draw();
});
addEventListener("resize", () => state && draw());
