// Lists that come page by page, and the forms that filter them.
import { announce, h, plural, replace } from "./dom.mjs";

/** A list with a button for more; load(after) gives items and perhaps next, line(item) an element. */
export function pager(load, line, { list = h("ul", { class: "cards" }), none = "There is nothing.", noun = "entry" } = {}) {
  const more = h("button", { type: "button", hidden: true, onclick: () => add() }, "Show more");
  const note = h("p", { class: "quiet" });
  let after;
  let count = 0;
  async function add() {
    more.disabled = true;
    const isFirst = after === undefined;
    const { items, next, total } = await load(after);
    const lines = items.map(line);
    list.append(...lines);
    count += items.length;
    after = next;
    more.hidden = next === undefined;
    more.disabled = false;
    replace(note, count === 0 ? none : total === undefined ? `${plural(count, noun)}${next === undefined ? "" : ", and more"}.` : `${count} of ${plural(total, noun)}.`);
    if (isFirst) return;
    announce(`${items.length} more.`);
    const first = lines[0]?.querySelector("a, button, h3");
    first?.focus();
  }
  const element = h("div", { class: "list" }, note, list, more);
  return { element, add };
}

/** A form of fields whose values go into the page's address, so that it can be kept and sent on. */
export function filters(path, fields, label) {
  const form = h("form", { class: "finder filters", role: "search", "aria-label": label }, fields, h("div", { class: "line" }, h("button", { class: "main" }, "Show"), h("a", { href: `#/${path}` }, "Show all")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    location.hash = `#/${path}${query.size > 0 ? `?${query}` : ""}`;
  });
  const isSet = location.hash.includes("?");
  return h("details", { class: "find", open: isSet || matchMedia("(min-width: 40rem)").matches }, h("summary", {}, label), form);
}

export const textFilter = (name, label, value) => {
  const input = h("input", { type: "text", name, id: `filter-${name}`, value: value ?? "", autocomplete: "off", spellcheck: "false" });
  return h("div", { class: "field" }, h("label", { for: input.id }, label), input);
};

/** The address of a page with parameters. */
export const link = (path, parameters) => `#/${path}?${new URLSearchParams(parameters)}`;
