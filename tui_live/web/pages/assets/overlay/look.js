// What the address says about looks, applied before anything is painted: background, theme, scale.
// A classic script in the head: a module would run after the first paint, and the key colour would blink.
(() => {
  "use strict";
  const KEYS = new Map([["green", "#00ff00"], ["magenta", "#ff00ff"], ["transparent", "transparent"]]);
  const NO_COLOURS = new Set(["inherit", "initial", "unset", "revert", "currentcolor"]);
  const THEMES = new Set(["classic", "minimal"]);
  //: Below so many rem a page is narrow: what stood side by side stands one above the other.
  const NARROW_REM = 44;

  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  // What the browser writes of this page, such as an error's place, goes to OBS's log: the token is not to be in it.
  // From now on a cookie opens the page, its files and its line.
  if (query.has("token")) {
    const rest = location.search.slice(1).split("&").filter((part) => part && !/^token(=|$)/.test(part)).join("&");
    history.replaceState(history.state, "", location.pathname + (rest && `?${rest}`) + location.hash);
  }

  /** A colour that CSS understands, or null: `green` is the key's, `00ff00` needs no `%23`. */
  function colour(text) {
    const wanted = (text ?? "").trim().toLowerCase();
    if (KEYS.has(wanted)) return KEYS.get(wanted);
    const plain = /^[0-9a-f]{6}$/.test(wanted) ? `#${wanted}` : wanted;
    const fits = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$|^[a-z]{3,30}$/.test(plain) && !NO_COLOURS.has(plain);
    return fits && CSS.supports("color", plain) ? plain : null;
  }

  function scale(text) {
    const wanted = Number.parseFloat(text ?? "");
    return wanted > 0 && Number.isFinite(wanted) ? Math.min(4, Math.max(0.25, wanted)) : 1;
  }

  const configured = document.querySelector('meta[name="background"]')?.content;
  const background = colour(query.get("background")) ?? colour(configured) ?? KEYS.get("green");
  const size = scale(query.get("scale"));
  // On html, not on body: OBS lays its own "body { background: transparent }" over every page.
  root.style.backgroundColor = background;
  root.style.setProperty("--scale", String(size));
  const clear = background === "transparent" || /^#(?:.{3}[^f]|.{6}(?!ff)..)$/.test(background);
  root.dataset.ground = clear ? "clear" : "key";
  // Navy, white and sky are too near a blue key (in OBS's measure, distance in CbCr): there all is warm.
  const [red, green, blue] = getComputedStyle(root).backgroundColor.match(/[\d.]+/g).map(Number);
  const [cb, cr] = [(-0.1006 * red - 0.3386 * green + 0.4392 * blue) / 255, (0.4392 * red - 0.3989 * green - 0.0403 * blue) / 255];
  root.dataset.colours = !clear && cb > 0.2 && cr < 0.25 ? "warm" : "cool";
  root.dataset.theme = THEMES.has(query.get("theme")) ? query.get("theme") : "classic";

  function shape() {
    root.dataset.shape = innerWidth / (16 * size) < NARROW_REM ? "narrow" : "wide";
  }
  shape();
  addEventListener("resize", shape);
})();
