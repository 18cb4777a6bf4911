// One clip: its player, who asked for it and why, and the chat before it.
import { amount, make, moment, named } from "./house.js";

/** What becomes of a clip, in words. */
const STATES = {
  requested: "being saved",
  renaming: "getting its name",
  saved: "saved",
  kept: "saved under OBS's name",
  failed: "failed",
  deleted: "deleted",
  gone: "no file",
};

/** How a clip is doing, and why there is no file, or not under its own name. */
export function state(clip) {
  const gone = !clip.url && (clip.state === "saved" || (clip.state === "kept" && !clip.reason));
  const kind = gone ? "gone" : clip.state;
  const reason = gone ? "The file is not in its folder any more, or is no video." : clip.reason;
  return make("span", { class: "fate" }, make("span", { class: "state", "data-state": kind }, STATES[kind] ?? kind),
    reason && clip.state !== "deleted" ? make("small", {}, quoted(reason, 300)) : null);
}

/** `0:30`, `12:05`. */
export function timed(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** `820 kB`, `12.3 MB`. */
export function size(bytes) {
  if (!Number.isFinite(bytes)) return "–";
  if (bytes < 1e6) return `${Math.ceil(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** What somebody wrote, as its script runs. */
export function quoted(text, most = 1000) {
  const signs = [...String(text ?? "").slice(0, 4 * most)];
  return make("bdi", { dir: "auto" }, signs.length > most ? `${signs.slice(0, most).join("")} …` : signs.join(""));
}

/** Who asked: for a clip by hand or by rate, the streamer. */
export function who({ causes: [first] }) {
  return make("span", { class: "who" }, named(first.nickname || first.username),
    first.nickname ? make("small", {}, named(`@${first.username}`)) : null);
}

/** A clip's elements. `begin()` plays it where the browser allows that; `close()` lets go of the file. */
export function player(clip) {
  const address = clip.url ? `${clip.url}?id=${clip.id}` : null;
  const said = make("p", { class: "said", role: "status" });
  const video = address ? make("video", { controls: "", playsinline: "", preload: "metadata", src: address }) : null;
  const download = address ? make("a", { class: "download", href: `${address}&download=1`, download: clip.file ?? "" }, `Download ${size(clip.size)}`) : null;
  let closed = false;
  if (video) {
    video.addEventListener("error", async () => {
      const gone = !closed && (await isGone(address));
      if (closed) return;
      said.textContent = gone ? "The file is not there any more."
        : `This browser cannot play this ${format(clip)} file. Download it, and play it in a video player.`;
    });
    video.addEventListener("loadedmetadata", () => {
      if (video.videoWidth === 0) said.textContent = `This browser shows no picture of this ${format(clip)} file. Download it, and play it in a video player.`;
    });
  }
  const elements = [
    make("a", { class: "back", href: "#" }, "← All clips"),
    make("h1", {}, who(clip)),
    make("div", { class: "stage" }, make("div", { class: "screen" }, video ?? make("p", { class: "nothing" }, state(clip)), said, facts(clip), download), chat(clip)),
  ];
  return {
    elements,
    begin() {
      const log = elements[2].querySelector(".chat ol");
      if (log) log.scrollTop = log.scrollHeight;
      video?.play().catch(() => {}); // refused until the page is touched: the controls are there
    },
    close() {
      closed = true;
      video?.pause();
      video?.removeAttribute("src");
      video?.load();
    },
  };
}

async function isGone(address) {
  try {
    return (await fetch(address, { method: "HEAD", cache: "no-store" })).status === 404;
  } catch {
    return false;
  }
}

function format({ file }) {
  return (/\.([a-z0-9]{1,5})$/i.exec(file ?? "")?.[1] ?? "video").toUpperCase();
}

function facts(clip) {
  const [first, ...others] = clip.causes;
  const all = make("dl", { class: "facts" });
  const fact = (name, ...value) => all.append(make("div", {}, make("dt", {}, name), make("dd", {}, ...value)));
  fact("Why", make("b", {}, named(first.trigger)), " ", first.message ? quoted(first.message) : null);
  if (others.length) {
    const list = make("ul", {}, ...others.slice(0, 100).map((one) =>
      make("li", {}, named(one.nickname || one.username), " ", make("b", {}, named(one.trigger)), " ", one.message ? quoted(one.message, 300) : null)));
    fact(`${others.length} more asked`, list);
  }
  fact("When", moment(clip.requested_at));
  fact("Stream", named(clip.streamer));
  if (clip.viewers) fact("Viewers", amount(clip.viewers));
  fact("Length", timed(clip.duration_seconds));
  if (clip.file) fact("File", make("code", {}, quoted(clip.file)));
  if (clip.url && clip.state === "kept") fact("Name", state(clip));
  return all;
}

function chat(clip) {
  const at = new Date(clip.causes[0].at).getTime();
  const lines = clip.chat.map((one) => {
    const before = Math.round((at - new Date(one.time).getTime()) / 1000);
    return make("li", {}, make("time", { datetime: one.time }, before > 0 ? `−${before} s` : "0 s"),
      make("span", {}, make("b", {}, named(one.nickname || one.username)), " ", quoted(one.text)));
  });
  return make("aside", { class: "chat" }, make("h2", {}, "Chat of the 30 s before"),
    lines.length ? make("ol", { tabindex: "0" }, ...lines) : make("p", { class: "quiet" }, "Nothing was written."));
}
