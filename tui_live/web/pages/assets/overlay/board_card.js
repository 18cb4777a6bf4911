// One place of the leaderboard.
import { Avatar } from "./avatar.js";
import { drawing, make, write } from "./make.js";
import { pulse } from "./motion.js";
import { amount, cut } from "./text.js";

const MEDALS = new Map([[2, "medal-silver"], [3, "medal-bronze"]]);
const LONGEST_NAME = 60;

export class BoardCard {
  element = make("li", "card");
  #avatar = new Avatar();
  #face = make("span", "face");
  #place = make("span", "place");
  #who = make("div", "who");
  #name = make("bdi", "name", "");
  #score = make("span", "score");
  #ribbon = make("span", "ribbon");
  #crown = null;
  #shown = 0;

  constructor() {
    this.#ribbon.textContent = "Winner";
    this.#face.append(this.#avatar.element);
    this.#who.append(this.#name, this.#ribbon);
    this.element.append(this.#place, this.#face, this.#who, this.#score);
  }

  get winner() {
    return "winner" in this.element.dataset;
  }

  show(card, place, narrow) {
    this.#avatar.show(card.id, card.name, card.avatar);
    write(this.#name, cut(card.name, LONGEST_NAME));
    const known = this.#score.textContent !== "";
    if (write(this.#score, amount(card.score)) && known) pulse(this.#score);
    this.element.toggleAttribute("data-winner", card.winner === true);
    const home = narrow ? this.#who : this.element;
    if (this.#score.parentNode !== home) home.append(this.#score);
    if (place !== this.#shown) this.#stand(place);
  }

  #stand(place) {
    this.#shown = place;
    this.element.dataset.place = String(place);
    if (MEDALS.has(place)) this.#place.replaceChildren(drawing(MEDALS.get(place), "medal"));
    else this.#place.textContent = String(place);
    if (place === 1) {
      this.#crown ??= drawing("crown", "crown");
      this.#face.append(this.#crown);
    } else this.#crown?.remove();
  }
}
