// /docs: the API's own OpenAPI document, drawn by hand.
import { ask, copier, make, table, trouble } from "./house.js";

const METHODS = ["get", "post", "put", "patch", "delete"];
const DEEPEST = 6;
const content = document.querySelector(".content");

/** What a `$ref` within the document stands for. */
function resolved(document, schema, deep = 0) {
  if (typeof schema?.$ref !== "string" || deep > 20) return schema ?? {};
  const path = schema.$ref.replace(/^#\//, "").split("/").map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
  return resolved(document, path.reduce((inside, part) => inside?.[part], document), deep + 1);
}

/** In a few words: `integer 1–500, default 50`. */
function kind(document, given) {
  const schema = resolved(document, given);
  const among = schema.oneOf ?? schema.anyOf;
  if (among) return [...new Set(among.map((one) => kind(document, one)))].join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  const type = Array.isArray(schema.type) ? schema.type.join(" or ") : (schema.type ?? (schema.properties ? "object" : "any"));
  let text = type === "array" ? `array of ${kind(document, schema.items)}` : type;
  if (schema.format) text += ` (${schema.format})`;
  if (schema.minimum !== undefined || schema.maximum !== undefined) text += ` ${schema.minimum ?? "…"}–${schema.maximum ?? "…"}`;
  if (schema.default !== undefined) text += `, default ${JSON.stringify(schema.default)}`;
  return text;
}

/** The fields of an object, and theirs. */
function shape(document, given, deep = 0) {
  let schema = resolved(document, given);
  while (schema.type === "array") schema = resolved(document, schema.items);
  const fields = Object.entries(schema.properties ?? {});
  if (fields.length === 0 || deep > DEEPEST) return null;
  const needed = new Set(schema.required ?? []);
  return make("ul", { class: "shape" },
    ...fields.map(([name, field]) =>
      make("li", {}, make("code", {}, name), " ", make("span", { class: "kind" }, kind(document, field)), " ",
        needed.has(name) && deep === 0 ? make("span", { class: "needed" }, "required ") : null,
        resolved(document, field).description ?? null, shape(document, field, deep + 1))));
}

function parameters(document, given) {
  const columns = [
    ["Parameter", "", (one) => make("code", {}, one.in === "path" ? `{${one.name}}` : one.name)],
    ["Type", "kind", (one) => kind(document, one.schema)],
    ["Meaning", "", (one) => (one.required && one.in !== "path" ? `Required. ${one.description ?? ""}` : (one.description ?? ""))],
  ];
  return given.length ? table(columns, given.map((one) => resolved(document, one))).element : null;
}

function answers(document, responses) {
  const good = make("ul", { class: "shape" });
  const refusals = make("ul", { class: "shape" });
  for (const [status, given] of Object.entries(responses ?? {})) {
    const answer = resolved(document, given);
    const line = make("li", {}, make("code", {}, status), " ", answer.description ?? "");
    if (!status.startsWith("2")) {
      refusals.append(line);
      continue;
    }
    for (const [type, { schema }] of Object.entries(answer.content ?? {})) {
      line.append(" ", make("span", { class: "kind" }, type), shape(document, schema ?? {}) ?? "");
    }
    good.append(line);
  }
  const said = make("details", { class: "refusals" }, make("summary", {}, "What may be refused"), refusals);
  return make("div", {}, good, refusals.childElementCount ? said : null);
}

/** A body that can be sent as it is; a quote would end the shell's. */
function example(body) {
  return body.example ? JSON.stringify(body.example).replaceAll("'", "\\u0027") : "{…}";
}

function command(method, path, operation) {
  const parts = ["curl"];
  const streams = Object.values(operation.responses ?? {}).some((answer) => answer.content?.["text/event-stream"]);
  if (streams) parts.push("-N"); // each event at once
  if (method !== "get") parts.push(`-X ${method.toUpperCase()}`, '-H "Authorization: Bearer $TOKEN"');
  const body = Object.values(operation.requestBody?.content ?? {})[0];
  if (body) parts.push("-H 'Content-Type: application/json'", `-d '${example(body)}'`);
  return [...parts, `'${location.origin}${path}'`].join(" ");
}

function drawn(document, method, path, operation, common) {
  const line = command(method, path, operation);
  const all = [...common, ...(operation.parameters ?? [])];
  const body = Object.values(resolved(document, operation.requestBody).content ?? {})[0]?.schema;
  const inside = make("div", { class: "inside" },
    operation.description ? make("p", {}, operation.description) : null,
    parameters(document, all),
    body ? make("h4", {}, "Body") : null,
    body ? (shape(document, body) ?? make("p", { class: "kind" }, kind(document, body))) : null,
    make("h4", {}, "Answers"),
    answers(document, operation.responses),
    make("div", { class: "try" }, make("code", {}, line), copier(() => line)));
  const summary = make("summary", {}, make("span", { class: "method", "data-method": method }, method.toUpperCase()),
    make("code", {}, path), make("span", { class: "said" }, operation.summary ?? ""));
  return make("details", { class: "operation" }, summary, inside);
}

ask("/api/openapi.json").then((document) => {
  const title = make("div", {}, make("h1", {}, `${document.info?.title ?? "API"} ${document.info?.version ?? ""}`.trim()),
    document.info?.description ? make("p", { class: "lead" }, document.info.description) : null);
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => drawn(document, method, path, item[method], item.parameters ?? [])));
  content.replaceChildren(title, ...operations);
}).catch((error) => trouble(content, error));
