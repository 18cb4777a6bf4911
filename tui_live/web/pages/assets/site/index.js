// /: the overlays with their addresses for OBS, the streams, and who is connected.
import { amount, ask, copier, make, moment, named, table, TOKEN, trouble, within } from "./house.js";

const OVERLAYS = [
  ["overlay", "Leaderboard", "Who leads: picture, name, score; cards travel when ranks change.", ["top"]],
  ["question", "Question", "The comment that you chose, while it is on screen.", []],
  ["goal", "Goals", "How far the stream's goals are.", []],
  ["alerts", "Alerts", "Gifts, follows and shares pop up.", []],
];
const REFRESH_MS = 5000;

const form = document.querySelector(".choices");
const streams = document.querySelector(".streams .list");
const connected = document.querySelector(".connected");

const rows = OVERLAYS.map(([page, title, said, own]) => {
  const [shown, link] = [make("code"), make("a", { target: "_blank", rel: "noopener" }, "Open")];
  const row = { page, own, shown, link, url: "" };
  const item = make("li", { class: "address" }, make("h3", {}, title), make("p", {}, said), shown, copier(() => row.url), link);
  document.querySelector(".addresses").append(item);
  return row;
});

function write() {
  const chosen = new FormData(form);
  for (const row of rows) {
    const wanted = {};
    for (const [name, value] of chosen) {
      const given = String(value).trim();
      if (given && form.elements[name].checkValidity() && (name !== "top" || row.own.includes("top"))) wanted[name] = given;
    }
    row.url = location.origin + within(`/${row.page}`, wanted);
    const plain = new URLSearchParams(wanted).toString();
    row.shown.textContent = `${location.origin}/${row.page}${plain && `?${plain}`}`;
    if (TOKEN) row.shown.textContent += `${plain ? "&" : "?"}token=••••••`;
    row.link.href = row.url;
  }
}

function list(found) {
  streams.replaceChildren(
    ...found.map(({ name, state, viewers }) =>
      make("div", { class: "stream" }, make("b", {}, named(name)), make("span", { class: "state", "data-state": state }, state ?? ""),
        Number.isFinite(viewers) && state === "live" ? make("span", { class: "viewers" }, `${amount(viewers)} watching`) : null)),
  );
  if (found.length === 0) streams.append(make("p", { class: "quiet" }, "None yet: add one in the console with “a”."));
  const select = form.elements.stream;
  const names = found.map(({ name }) => name);
  if ([...select.options].slice(1).map((option) => option.value).join() === names.join()) return;
  const before = select.value;
  select.replaceChildren(select.options[0], ...names.map((name) => make("option", { value: name }, name)));
  select.value = names.includes(before) ? before : "";
  write();
}

/** The stream of a connected page, marked where nobody watches it: a typing error shows nothing on air. */
function whose({ stream, watched }) {
  if (!stream) return "all together";
  return make("span", {}, named(stream), watched === false ? make("span", { class: "trouble" }, " not watched") : null);
}

function showPages(pages) {
  connected.hidden = !Array.isArray(pages) || pages.length === 0;
  if (connected.hidden) return;
  const columns = [
    ["Page", "", (page) => `/${page.page}`],
    ["Stream", "", whose],
    ["Since", "", (page) => moment(page.connected_at)],
    ["Last heard", "", (page) => moment(page.heartbeat_at)],
  ];
  connected.querySelector(".list").replaceChildren(table(columns, pages).element);
}

async function refresh() {
  if (!document.hidden) {
    try {
      list((await ask("/api/streams")).streams ?? []);
    } catch (error) {
      trouble(streams, error);
    }
    // Older servers say nothing of pages; then nothing is shown of them.
    await ask("/api/status").then((status) => showPages(status.pages), () => showPages(null));
  }
  setTimeout(refresh, REFRESH_MS);
}

form.addEventListener("input", write);
form.addEventListener("submit", (event) => event.preventDefault());
write();
refresh();
