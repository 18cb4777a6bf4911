// What the pages for people share: the API, elements without HTML, copying, and numbers and times as people read them.

const given = new URLSearchParams(location.search);
if (given.has("token")) {
  // Out of the address, and so out of the browser's console and history; kept for when this tab is loaded anew.
  sessionStorage.setItem("token", given.get("token"));
  given.delete("token");
  history.replaceState(history.state, "", location.pathname + (given.size ? `?${given}` : "") + location.hash);
}
/** What lets this page in from another machine; it is passed on and never shown. */
export const TOKEN = sessionStorage.getItem("token") ?? "";

const whole = new Intl.NumberFormat("en-US");
const dated = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** The JSON of an answer. Throws an `Error` with a line for people. */
export async function ask(path) {
  const headers = TOKEN ? { Authorization: `Bearer ${TOKEN}` } : {};
  let answer;
  try {
    answer = await fetch(path, { headers, cache: "no-store" });
  } catch {
    throw new Error("TUI Live does not answer. Is it running?");
  }
  const json = await answer.json().catch(() => null);
  // Health says its trouble with a status of its own; whoever asks wants the facts.
  if (!answer.ok || json === null) throw new Error(json?.error?.message ?? `The server answered ${answer.status}`);
  return json;
}

/** `make("td", {class: "number"}, "12", other)`: texts become text nodes, never HTML. */
export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") element.addEventListener("click", value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...inside.filter((one) => one !== null && one !== undefined));
  return element;
}

/** A table whose rows become blocks in a narrow window. `columns`: `[title, class, cell(row)]`; `open`: on a click. */
export function table(columns, rows, open = null) {
  const head = make("tr", {}, ...columns.map(([title, look]) => make("th", { class: look || null, scope: "col" }, title)));
  const body = make("tbody");
  const made = make("table", { class: "rows" }, make("thead", {}, head), body);
  const add = (more) => {
    for (const row of more) {
      const cells = columns.map(([title, look, cell]) =>
        make("td", { class: look || null, "data-label": title }, cell(row)));
      body.append(make("tr", open ? { class: "link", onclick: (event) => event.target.closest("a") ?? open(row) } : {}, ...cells));
    }
  };
  add(rows);
  return { element: made, add };
}

export function amount(value) {
  return value === null || value === undefined ? "–" : whole.format(Number(value));
}

export function moment(text) {
  const time = new Date(text ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? "–" : dated.format(time);
}

export function duration(from, to) {
  return span((new Date(to ?? Date.now()) - new Date(from)) / 1000);
}

/** `45 s`, `12 min`, `3 h 05 min`. */
export function span(seconds) {
  if (!Number.isFinite(seconds) || seconds < 0) return "–";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** A name as its writer's script runs. */
export function named(text) {
  return make("bdi", { dir: "auto" }, [...String(text ?? "")].slice(0, 120).join("") || "–");
}

/** An address within this site that keeps the token. */
export function within(path, more = {}) {
  const wanted = new URLSearchParams(more);
  if (TOKEN) wanted.set("token", TOKEN);
  const text = wanted.toString();
  return text ? `${path}?${text}` : path;
}

/** A button that copies what `text()` says, also where the browser keeps its clipboard to https. */
export function copier(text, label = "Copy") {
  const button = make("button", { type: "button" }, label);
  button.addEventListener("click", async () => {
    const done = await copied(text());
    button.textContent = done ? "Copied" : "Not allowed";
    setTimeout(() => (button.textContent = label), 1500);
  });
  return button;
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { "aria-hidden": "true", readonly: "" });
    field.value = text;
    field.style.position = "fixed";
    field.style.opacity = "0";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** Says what went wrong in place of what should be there. */
export function trouble(place, error) {
  place.replaceChildren(make("p", { class: "trouble", role: "alert" }, error.message));
}

for (const link of document.querySelectorAll("a[href^='/']")) {
  if (link.pathname === location.pathname && link.closest("nav")) link.setAttribute("aria-current", "page");
  link.href = within(link.pathname);
}
