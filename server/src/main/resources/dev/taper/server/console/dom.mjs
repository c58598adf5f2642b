// Elements of a page. Text goes in as text alone: no markup is ever made of it, and what hides or moves is escaped.
import { isHidden, shown } from "./token/shown.mjs";

const RIGHT_TO_LEFT = /([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]+)/u;
const OTHER_ALPHABET = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}]/u;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

const escaped = (text) =>
  Array.from(text, (each) => (isHidden(each) ? `\\u{${each.codePointAt(0).toString(16)}}` : each)).join("");

/** An element with attributes; a name that starts with "on" is an event's. Children are nodes, strings, or nothing. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked") element[key] = value;
    else element.setAttribute(key, value === true ? "" : escaped(String(value)));
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false) continue;
    element.append(child instanceof Node ? child : escaped(String(child)));
  }
}

export function replace(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Text from outside: one line, isolated from the text around it; too long, it is cut, with its length and digest. */
export function outside(text, most = 2000, element = "bdi") {
  const node = h(element, { dir: element === "bdi" ? "ltr" : undefined });
  for (const [i, run] of shown(String(text), most).split(RIGHT_TO_LEFT).entries()) {
    node.append(i % 2 === 1 ? h("bdi", {}, run) : run);
  }
  return node;
}

export const code = (text, most = 2000) => outside(text, most, "code");

/** The beginning of a key or digest; all of it is in a title and for who hears the page. */
export function short(text, digits = 16) {
  const [name, bytes] = text.includes("/") ? text.split("/") : ["", text];
  const begin = `${name}${name && "/"}${bytes.slice(0, digits)}…`;
  return h("code", { title: text }, begin);
}

/** A key or digest in groups of eight digits, to be compared. */
export function groups(text) {
  const [name, bytes] = text.includes("/") ? text.split("/") : ["", text];
  return h("code", { class: "groups" }, name && h("span", {}, `${name}/`), bytes.match(/.{1,8}/g).map((each) => h("span", {}, each)));
}

/** What a person should know of the letters of a name; nothing if they are all plain. */
export function lettersNote(text, isName) {
  const mixed = (text.match(WORD) ?? []).filter((word) => /\p{Script=Latin}/u.test(word) && OTHER_ALPHABET.test(word));
  const odd = mixed.length > 0 ? mixed.join("").match(new RegExp(OTHER_ALPHABET, "gu")) : isName ? text.match(/[^\x00-\x7f]/gu) : null;
  if (!odd) return undefined;
  const all = [...new Set(odd)].slice(0, 8).map((each) => `${isHidden(each) ? "" : `${each} `}U+${each.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
  return h("p", { class: mixed.length > 0 ? "alert" : "quiet" }, mixed.length > 0 ? "Mixes alphabets: " : "Letters beyond ASCII: ", all.join(", "));
}

const isMoment = (ms) => !Number.isNaN(new Date(ms).getTime());

export const moment = (ms) => (isMoment(ms) ? new Date(ms).toISOString().replace("T", " ").replace(/\.\d+Z$/, " UTC") : "no time");

/** A moment, with how far it is from now; who sends none that is one does not keep the page from being shown. */
export const time = (ms, now) =>
  !isMoment(ms) ? h("span", {}, moment(ms)) : h("time", { datetime: new Date(ms).toISOString() }, moment(ms), now === undefined ? "" : ` (${fromNow(ms, now)})`);

export function fromNow(ms, now) {
  const seconds = Math.round(Math.abs(ms - now) / 1000);
  if (seconds < 2) return "now";
  const [size, noun] = [[86_400, "day"], [3600, "hour"], [60, "minute"], [1, "second"]].find(([each]) => seconds >= each * 2) ?? [1, "second"];
  const count = Math.round(seconds / size);
  return ms >= now ? `in ${count} ${noun}${count === 1 ? "" : "s"}` : `${count} ${noun}${count === 1 ? "" : "s"} ago`;
}

export const plural = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** Pairs of a label and what stands beside it; pairs without anything are left out. */
export const rows = (...pairs) =>
  h("dl", { class: "asked" }, pairs.filter(([, value]) => value !== undefined && value !== null).map(([label, value]) => h("div", { class: "row" }, h("dt", {}, label), h("dd", {}, value))));

export const facts = (...pairs) =>
  h("dl", { class: "facts" }, pairs.filter(([, value]) => value !== undefined && value !== null).map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));

export const alert = (words, kind = "bad") => h("p", { class: `alert ${kind}` }, words);

/** How long what is said stays in sight: it takes a while to read two lines. */
const SAID_MS = 8000;
let sight;

/** Says something to who hears the page, and shows it for a while; a screen reader still finds it then. */
export function announce(words) {
  const region = document.querySelector("#said");
  clearTimeout(sight);
  region.classList.remove("past");
  replace(region, h("span", {}, words));
  sight = setTimeout(() => region.classList.add("past"), SAID_MS);
}

let ids = 0;
/** A field with its label above it. */
export function field(label, input, hint) {
  input.id ||= `field-${++ids}`;
  if (hint) input.setAttribute("aria-describedby", `${input.id}-hint`);
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input, hint && h("p", { class: "quiet", id: `${input.id}-hint` }, hint));
}

export const select = (options, attributes = {}) =>
  h("select", attributes, options.map(([value, words]) => h("option", { value, selected: value === attributes.value }, words)));

/** A dialog that takes the focus; its promise gives what a button says, undefined if it was left. */
export function dialog(title, content, buttons) {
  const heading = h("h2", { id: `dialog-${++ids}` }, title);
  const form = h("form", { method: "dialog" }, heading, content, h("div", { class: "line buttons" }, buttons.map(([value, words, attributes]) => h("button", { value, ...attributes }, words))));
  const box = h("dialog", { "aria-labelledby": heading.id }, form);
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue === "" ? undefined : box.returnValue);
    });
  });
}
