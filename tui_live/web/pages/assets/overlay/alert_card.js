// One pop-up: who did what.
import { Avatar, picture } from "./avatar.js";
import { drawing, make, write } from "./make.js";
import { pulse } from "./motion.js";
import { amount, cut } from "./text.js";

const LONGEST = 60;
const DEEDS = new Map([["follow", "follows now"], ["share", "shared the stream"]]);

export class AlertCard {
  element = make("article", "card alert");
  #times = make("span", "times", "");
  #coins = make("span", "coins");
  #sum = make("span", "", "");

  constructor(alert) {
    this.element.dataset.kind = alert.kind === "gift" || DEEDS.has(alert.kind) ? alert.kind : "other";
    const avatar = new Avatar();
    avatar.show(alert.user || alert.name, alert.name, alert.avatar);
    const what = make("div", "what");
    what.append(make("bdi", "name", cut(alert.name, LONGEST)), this.#deed(alert));
    this.element.append(avatar.element, what, emblem(alert));
  }

  /** A gift streak has come to more. */
  grow(alert) {
    this.#count(alert);
    pulse(this.#times);
  }

  #deed(alert) {
    const line = make("div", "deed");
    if (alert.kind !== "gift") {
      line.append(make("span", "verb", DEEDS.get(alert.kind) ?? ""));
      return line;
    }
    const gift = make("bdi", "gift", cut(alert.gift, LONGEST) || "a gift");
    this.#coins.append(drawing("coin", ""), this.#sum);
    line.append(make("span", "verb", "sent"), gift, this.#times, this.#coins);
    this.#count(alert);
    return line;
  }

  #count({ count, coins }) {
    write(this.#times, count > 1 ? `×${amount(count)}` : "");
    write(this.#sum, coins > 0 ? amount(coins) : "");
    this.#times.hidden = !(count > 1);
    this.#coins.hidden = !(coins > 0);
  }
}

/** The gift's own picture once it is there, until then and otherwise ours. */
function emblem(alert) {
  const frame = make("span", "picture");
  const ours = drawing(DEEDS.has(alert.kind) ? alert.kind : "gift", "");
  frame.append(ours);
  const address = alert.kind === "gift" ? picture(alert.image) : "";
  if (address) {
    const image = new Image();
    image.alt = "";
    image.referrerPolicy = "no-referrer";
    image.onload = () => ours.replaceWith(image);
    image.src = address;
  }
  return frame;
}
