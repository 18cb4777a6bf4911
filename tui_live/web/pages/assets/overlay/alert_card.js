// One pop-up: who did what.
import { Avatar, picture } from "./avatar.js";
import { drawing, make } from "./make.js";
import { amount, cut } from "./text.js";

const LONGEST = 60;
const DEEDS = new Map([["follow", "follows now"], ["share", "shared the stream"]]);

export class AlertCard {
  element = make("article", "card alert");

  constructor(alert) {
    this.element.dataset.kind = alert.kind === "gift" || DEEDS.has(alert.kind) ? alert.kind : "other";
    const avatar = new Avatar();
    avatar.show(alert.name, alert.name, alert.avatar);
    const what = make("div", "what");
    what.append(make("bdi", "name", cut(alert.name, LONGEST)), deed(alert));
    this.element.append(avatar.element, what, emblem(alert));
  }
}

function deed(alert) {
  const line = make("div", "deed");
  if (alert.kind !== "gift") {
    line.append(make("span", "verb", DEEDS.get(alert.kind) ?? ""));
    return line;
  }
  line.append(make("span", "verb", "sent"), make("bdi", "gift", cut(alert.gift, LONGEST) || "a gift"));
  if (alert.count > 1) line.append(make("span", "times", `×${amount(alert.count)}`));
  if (alert.coins > 0) {
    const coins = make("span", "coins");
    coins.append(drawing("coin", ""), make("span", "", amount(alert.coins)));
    line.append(coins);
  }
  return line;
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
