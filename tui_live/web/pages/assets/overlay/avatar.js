// Somebody's picture, or their initials where there is none, it is no web address, or it does not load.
import { initials } from "./text.js";

/** Grounds of initials; style sheets name their colours. */
const GROUNDS = 6;

/** In a rehearsal: where the stand-in for TikTok gives out its pictures. */
const STAND_IN = document.querySelector('meta[name="stand-in"]')?.content ?? "";

/** The address when a page may load it as a picture: `https`, our own server's, the stand-in's. Else an empty text. */
export function picture(address) {
  if (typeof address !== "string" || address === "" || address.length > 4096) return "";
  try {
    const url = new URL(address);
    const fits = url.protocol === "https:" || url.origin === location.origin || (STAND_IN && url.origin === STAND_IN);
    return fits ? url.href : "";
  } catch {
    return "";
  }
}

/** An avatar to be put somewhere; `show` again whenever the person's name or picture may be another. */
export class Avatar {
  element = document.createElement("span");
  #letters = document.createElement("span");
  #image = null;
  #address = "";

  constructor() {
    this.element.className = "avatar";
    this.#letters.className = "initials";
    this.#letters.dir = "auto";
    this.element.append(this.#letters);
  }

  show(id, name, address) {
    const letters = initials(name);
    if (this.#letters.textContent !== letters) this.#letters.textContent = letters;
    this.element.dataset.ground = String(groundOf(id));
    const wanted = picture(address);
    if (wanted === this.#address) return;
    this.#address = wanted;
    this.#drop();
    if (wanted) this.#load(wanted);
  }

  /** The initials stay until the picture is there, so that nothing is ever empty. */
  #load(address) {
    const image = new Image();
    this.#image = image;
    image.alt = "";
    image.referrerPolicy = "no-referrer";
    image.decoding = "async";
    image.draggable = false;
    image.onload = () => {
      image.onload = image.onerror = null;
      if (image === this.#image) this.element.append(image);
    };
    image.onerror = () => {
      image.onload = image.onerror = null;
      if (image === this.#image) this.#image = null;
    };
    image.src = address;
  }

  #drop() {
    if (this.#image === null) return;
    this.#image.onload = this.#image.onerror = null;
    this.#image.remove();
    this.#image = null;
  }
}

function groundOf(id) {
  let sum = 0;
  for (const character of String(id).slice(0, 40)) sum = (sum * 31 + character.codePointAt(0)) >>> 0;
  return sum % GROUNDS;
}
