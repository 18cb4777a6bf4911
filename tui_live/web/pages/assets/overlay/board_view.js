// The leaderboard on screen: cards travel when ranks change, new ones come in, leavers go.
import { BoardCard } from "./board_card.js";
import { celebrate } from "./confetti.js";
import { write } from "./make.js";
import { popIn, popOut, travel } from "./motion.js";
import { arrangement } from "./room.js";
import { amount } from "./text.js";
import { places } from "./wanted.js";

/** So many may be seen leaving; earlier ones (also those that a hidden page left standing) are taken out. */
const MOST_LEAVERS = 20;

export class BoardView {
  #board;
  #list;
  #leavers;
  #confetti;
  #cards = new Map();
  #shape = "";
  #wanted = places();
  #first = true;

  constructor(board, confetti) {
    this.#board = board;
    this.#confetti = confetti;
    this.#list = board.querySelector(".cards");
    this.#leavers = board.querySelector(".leavers");
  }

  show(state) {
    this.#board.hidden = false;
    this.#head(state);
    const room = arrangement(this.#board, Math.max(state.order.length, this.#wanted));
    const order = state.order.slice(0, room.rows * room.columns); // who finds no room would stand on somebody else
    const moved = this.#moved(order);
    const lively = moved && !this.#first && !document.hidden;
    const before = lively ? this.#places() : null;
    if (moved) this.#leave(order, lively);
    this.#arrange(room);
    const fresh = this.#fill(state.cards, order);
    if (moved) this.#sort(order);
    if (lively) this.#animate(before, fresh);
    this.#first = false;
  }

  #head({ scoring, people, paused, order }) {
    // Of a stream that has not begun, or that nobody watches, there is nothing to say to viewers.
    this.#board.querySelector(".head").hidden = people === 0 && order.length === 0;
    write(this.#board.querySelector(".scoring"), amount(scoring));
    write(this.#board.querySelector(".people"), amount(people));
    this.#board.querySelector(".paused").hidden = !paused;
  }

  #moved(order) {
    const now = this.#list.children;
    return now.length !== order.length || order.some((id, at) => this.#cards.get(id)?.element !== now[at]);
  }

  /** Where every card is seen now, also in the middle of a travel. */
  #places() {
    return new Map([...this.#cards].map(([id, card]) => [id, card.element.getBoundingClientRect()]));
  }

  #leave(order, lively) {
    const staying = new Set(order);
    for (const [id, { element }] of this.#cards) {
      if (staying.has(id)) continue;
      this.#cards.delete(id);
      if (!lively) {
        element.remove();
        continue;
      }
      const { offsetLeft, offsetTop, offsetWidth } = element;
      Object.assign(element.style, { left: `${offsetLeft}px`, top: `${offsetTop}px`, width: `${offsetWidth}px` });
      this.#leavers.append(element);
      popOut(element);
    }
    while (this.#leavers.childElementCount > MOST_LEAVERS) this.#leavers.firstElementChild.remove();
  }

  #arrange({ rows, columns, fit, narrow }) {
    const shape = `${rows} ${columns} ${fit} ${narrow}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    document.documentElement.style.setProperty("--fit", String(fit));
    this.#board.style.setProperty("--rows", String(rows));
    this.#board.style.setProperty("--columns", String(columns));
    this.#board.dataset.shape = narrow ? "narrow" : "wide";
  }

  #fill(cards, order) {
    const fresh = new Set();
    const narrow = this.#board.dataset.shape === "narrow";
    order.forEach((id, at) => {
      let card = this.#cards.get(id);
      if (card === undefined) {
        card = new BoardCard();
        this.#cards.set(id, card);
        fresh.add(id);
      }
      const won = !card.winner && cards.get(id).winner && !this.#first;
      card.show(cards.get(id), at + 1, narrow);
      if (won && !document.hidden) celebrate(this.#confetti, card.element);
    });
    return fresh;
  }

  /** Puts the cards into their order, moving as few as possible. */
  #sort(order) {
    let after = null;
    for (const id of order) {
      const { element } = this.#cards.get(id);
      const due = after === null ? this.#list.firstElementChild : after.nextElementSibling;
      if (due !== element) this.#list.insertBefore(element, due);
      after = element;
    }
  }

  #animate(before, fresh) {
    for (const { element } of this.#cards.values()) {
      for (const animation of element.getAnimations()) animation.cancel();
      element.style.zIndex = "";
    }
    const now = this.#places(); // all at once: measuring between two animations would lay the page out each time
    for (const [id, { element }] of this.#cards) {
      if (fresh.has(id)) popIn(element);
      else if (before.has(id)) travel(element, before.get(id), now.get(id));
    }
  }
}
