// The page's line to the server: comes back by itself, and reloads the page when the server has other pages.
import { places } from "./wanted.js";

/** Milliseconds before the first, second, … try; the last one holds for all that follow. Jitter only shortens them. */
const RETRIES = [250, 500, 1000];
const JITTER = 0.25;
/** A host that answers nothing is given up after so many milliseconds, and so is a line whose beats are not answered. */
const CONNECT_MS = 2000;
const SILENT_MS = 25000;
const BEAT_MS = 10000;
/** The least time between two reloads for the same version, so that a stale cache cannot make a page reload for ever. */
const RELOAD_MS = 30000;

/** The version that the page was loaded with. */
export const VERSION = document.querySelector('meta[name="version"]')?.content ?? "";

/** `/ws` with what the page's own address says; what makes no sense is left out. */
export function address(page, search = location.search) {
  const query = new URLSearchParams(search);
  const wanted = new URLSearchParams({ page });
  const stream = query.get("stream")?.trim().replace(/^@/, "");
  if (stream) wanted.set("stream", stream.slice(0, 200)); // one that there is not shows nothing, not all the others
  const top = places(search);
  if (top > 0) wanted.set("top", String(top));
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws?${wanted}`;
}

/**
 * Calls `receive(message)` for every message but `hello`. `<html data-connection>` says `open` or `lost`; viewers are
 * shown nothing of it, what was on screen stays.
 */
export class Connection {
  #address;
  #receive;
  #socket = null;
  #tries = 0;
  #timer = 0;
  #heard = 0;
  #answers = false; // whether this server answers beats: only then does silence mean anything

  constructor(page, receive) {
    this.#address = address(page);
    this.#receive = receive;
    // One timer for the page's whole life. A hidden page's timers run about once a minute: the server is patient.
    setInterval(() => this.#beat(), BEAT_MS);
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => this.#hurry());
    this.#connect();
  }

  #connect() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    this.#answers = false;
    this.#timer = setTimeout(() => this.#lost(socket), CONNECT_MS);
    socket.onmessage = (event) => this.#take(socket, event.data);
    socket.onclose = () => this.#lost(socket);
  }

  #lost(socket) {
    if (socket !== this.#socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
    this.#socket = null;
    document.documentElement.dataset.connection = "lost";
    clearTimeout(this.#timer);
    const wait = RETRIES[Math.min(this.#tries, RETRIES.length - 1)] * (1 - JITTER * Math.random());
    this.#tries += 1;
    this.#timer = setTimeout(() => this.#connect(), wait);
  }

  #take(socket, data) {
    if (socket !== this.#socket) return;
    this.#heard = performance.now();
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      console.warn("A message that is not JSON was left out.");
      return;
    }
    if (message?.t !== "hello") {
      if (typeof message?.t === "string") this.#receive(message);
      return;
    }
    clearTimeout(this.#timer);
    const back = this.#tries > 0 || document.documentElement.dataset.connection !== "open";
    this.#tries = 0;
    this.#answers = !back;
    document.documentElement.dataset.connection = "open";
    if (message.version !== VERSION) reload(message.version);
    if (back) this.#beat(); // the server knows at once which version is shown; later ones answer our beats
  }

  #beat() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    if (this.#answers && performance.now() - this.#heard > SILENT_MS) this.#lost(this.#socket);
    else this.#socket.send(JSON.stringify({ version: VERSION }));
  }

  #hurry() {
    if (this.#socket === null && !document.hidden) this.#connect();
  }
}

/** Load the page anew, once the server really gives it out: an error page would never come back by itself. */
async function reload(version) {
  const stamp = JSON.stringify({ version, at: Date.now() });
  const before = JSON.parse(sessionStorage.getItem("reloaded") ?? "{}");
  if (before.version === version && Date.now() - before.at < RELOAD_MS) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    if (!answer.ok) return;
  } catch {
    return;
  }
  sessionStorage.setItem("reloaded", stamp);
  location.reload();
}
