// Texts of strangers: cut to what a screen can hold, and names shortened to initials.

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const whole = new Intl.NumberFormat("en-US");
const short = new Intl.NumberFormat("en-US", { notation: "compact", minimumFractionDigits: 1, maximumFractionDigits: 2 });
/** Scripts whose words have initials; of others (CJK, Arabic, emoji, …) one character says more than two. */
const LETTERED = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u;
/** A grapheme can be as long as it likes (letters with a thousand marks); no more than so many units of it are shown. */
const MOST_UNITS = 40;

/** At most `most` characters as a reader counts them, with `…` where something was left out. */
export function cut(text, most) {
  if (typeof text !== "string") return "";
  if (text.length <= most) return text;
  let kept = "";
  let count = 0;
  // Segmenting is lazy, but its input is not: a slice that is certainly long enough will do.
  for (const { segment } of graphemes.segment(text.slice(0, most * MOST_UNITS))) {
    if (count === most) return `${kept.trimEnd()}…`;
    kept += segment.length > MOST_UNITS ? Array.from(segment.slice(0, MOST_UNITS)).slice(0, -1).join("") : segment;
    count += 1;
  }
  return kept;
}

/** One or two characters that stand for a name whose picture is not there. */
export function initials(name) {
  const words = cut(name, 60).split(/[\s._\-|]+/u).filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const first = firstOf(words[0] ?? "");
  if (!LETTERED.test(first)) return first || "?";
  const last = words.length > 1 ? firstOf(words[words.length - 1]) : "";
  return (LETTERED.test(last) || /^\p{Nd}/u.test(last) ? first + last : first).toUpperCase();
}

function firstOf(word) {
  for (const { segment } of graphemes.segment(word)) {
    if (/[\p{L}\p{N}\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(segment)) return segment.slice(0, MOST_UNITS);
  }
  return "";
}

/** `12,345`, and from ten millions on `12.3M`. */
export function amount(number) {
  const value = Number(number);
  if (!Number.isFinite(value)) return "0";
  return Math.abs(value) < 1e7 ? whole.format(value) : short.format(value);
}
