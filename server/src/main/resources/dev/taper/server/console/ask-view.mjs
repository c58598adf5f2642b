// One ask, as it is shown before it is answered: all of it from signed bytes, but for its reason, which is a claim.
import { difference } from "./alike.mjs";
import { alert, code, groups, h, lettersNote, moment, outside, plural, rows, time } from "./dom.mjs";

const FOLDED_CHAIN = 6;

const STANDING = {
  known: ["good", "known: the names file has this name with this key"],
  unknown: ["warn", "not in the names file: the name is what the holder before calls the key"],
  another: ["bad", "the names file has this name with another key"],
};

/** What an argument is to who decides, if the service's catalog says it. */
const ROLES = { touched: "touches", amount: "amount" };

const badge = (kind, words) => h("span", { class: `badge ${kind}` }, words);

/** What is wrong, if anything is. */
export const flawsOf = (ask) =>
  ask.flaws.length > 0 &&
  h("div", { class: "flaws" }, ask.flaws.map(({ code: name, words }) => h("p", { class: "alert bad" }, h("b", {}, name), " ", words)), h("p", {}, "It cannot be approved here."));

/** What is asked, part by part. */
export function callView({ call, catalog, reason }, catalogs, isWhole) {
  const all = isWhole ? call.whole : call.arguments;
  const known = catalogs.filter(({ audience }) => audience === call.audience);
  const standing = known.some((each) => each.catalog === catalog) ? badge("good", "known here") : known.length > 0 ? badge("bad", "another than is known here") : badge("warn", "not known here");
  return [
    rows(
      ["at", [outside(call.audience), lettersNote(call.audience, true)]],
      ["tool", h("span", { class: "chip tool" }, outside(call.tool))],
      ["operation", call.operation === undefined ? "none" : h("span", { class: "chip operation" }, outside(call.operation))],
      ["resource", call.resource === undefined ? "none" : [h("span", { class: "chip resource" }, outside(call.resource)), lettersNote(call.resource, true)]],
      ["arguments", all.length === 0 ? "none" : [argumentsView(all), !isWhole && call.omitted > 0 && h("p", { class: "alert" }, `${call.omitted} more arguments are not shown here.`)]],
      ["meant by", catalog === undefined ? badge("bad", "no catalog") : h("span", { class: "line" }, "the catalog", h("code", { title: catalog }, `${catalog.slice(0, 16)}…`), standing)],
      ["digest", groups(call.digest)],
      ["claims", [h("q", {}, outside(reason, 2000)), h("span", { class: "quiet" }, " (its own words, not verified)")]],
    ),
  ];
}

const argumentsView = (all) =>
  h("dl", { class: "arguments" }, all.map((each) => h("div", { class: each.role }, h("dt", {}, ROLES[each.role] && h("span", { class: "role" }, ROLES[each.role], " "), outside(each.name, 1e9)), h("dd", {}, outside(each.value, 1e9, "code"), each.unit !== undefined && [" ", outside(each.unit, 64)], lettersNote(each.value, false)))));

/** Who asks, on whose behalf. */
export const askerView = ({ holder, delegator, task, purpose, root, until }, now) =>
  rows(
    ["agent", [outside(holder.holder), lettersNote(holder.holder, true), standingView(holder)]],
    ["its key", groups(holder.key)],
    ["on behalf of", [outside(delegator), lettersNote(delegator, true)]],
    ["task", [outside(task), purpose === undefined ? undefined : [": ", outside(purpose)]]],
    ["issued by", h("span", {}, root.name === undefined ? "" : `${root.name} `, code(root.key))],
    ["token ends", until === undefined ? "never" : time(Number(until) * 1000, now)],
  );

function standingView({ standing }) {
  const [kind, words] = STANDING[standing];
  return h("p", { class: "standing" }, badge(kind, standing === "another" ? "another key" : standing), h("span", { class: "quiet" }, ` ${words}`));
}

/** The chain from the delegator on; long ones are folded in the middle. */
export function chainView({ hops, delegator }) {
  const items = hops.map(hopView);
  const origin = h("li", { class: "origin" }, h("b", {}, outside(delegator)), h("span", { class: "quiet" }, "delegates"));
  if (items.length <= FOLDED_CHAIN) return h("ol", { class: "chain" }, origin, items);
  const [first, last] = [items.slice(0, 2), items.slice(-2)];
  const between = items.slice(2, -2);
  return [
    h("ol", { class: "chain" }, origin, first),
    h("details", { class: "more" }, h("summary", {}, `${between.length} hops between`), h("ol", { class: "chain", start: "4" }, between)),
    h("ol", { class: "chain", start: String(items.length) }, last),
  ];
}

const HOW = { authority: "gets it from", delegated: "gets it from", rotated: "goes on with a new key after", narrowed: "adds to its own token, after", third_party: "a third party's block", bearer: "bearer" };

function hopView({ index, mode, grantor, holder, key, standing, grants, conditions, budgets, justification, unknown, handedOn }) {
  return h(
    "li",
    {},
    h("div", { class: "card hop" },
      h("h4", {}, `Block ${index}: `, outside(holder ?? "nobody"), ` ${HOW[mode]} `, outside(grantor)),
      handedOn && h("p", { class: "line" }, badge(STANDING[standing][0], standing === "another" ? "another key" : standing), code(key)),
      grants.map((alternatives) => alternatives.map(({ words }, i) => h("div", { class: "grant" }, h("span", { class: "or" }, i === 0 ? "may" : "or"), h("div", { class: "chips" }, words.map((each, j) => h("span", { class: "chip" }, outside(each, 4000), j + 1 < words.length && h("span", { class: "unseen" }, ", "))))))),
      grants.length === 0 && h("p", { class: "quiet" }, "names no grants: what the blocks before allow"),
      (conditions.length > 0 || budgets.length > 0) && h("div", { class: "grant" }, h("span", { class: "or" }, "but"), h("div", { class: "chips" }, [...conditions.map(({ words }) => words), ...budgets].map((words) => h("span", { class: "chip time" }, outside(words, 4000))))),
      justification && h("p", {}, "justified: ", outside(justification, 4000)),
      unknown.map((each) => h("p", { class: "alert bad" }, h("b", {}, "Unknown here"), " ", code(each, 2000))),
    ),
  );
}

/** What the grants say of this call, and whether this approver's key is asked for. */
export function effectView({ effect, hops }, key, groupsOfKey) {
  const notes = effect.map(({ index, effect: kind, needs }) => {
    const of = `Block ${index} (`;
    const grantor = outside(hops[index].grantor);
    if (kind === "open") return undefined;
    if (kind === "closed") return h("p", { class: "alert bad" }, of, grantor, ") has no grant for this call: an approval would have no effect.");
    if (kind === "unsure") return h("p", { class: "alert" }, of, grantor, "): only the service can tell whether its grants cover this call.");
    const isNamed = needs.some(({ keys, groups: names }) => keys.includes(key) || names.some((name) => groupsOfKey.includes(name)));
    const words = needs.map((need, i) => [i > 0 && h("b", {}, " or "), need.words.map((each, j) => [j > 0 && ", and ", outside(each, 4000)])]);
    return [
      h("p", {}, of, grantor, ") lets this call through ", words, "."),
      isNamed && h("p", {}, h("span", { class: "badge good" }, "your key"), " is asked for there."),
      key !== undefined && !isNamed && needs.some(({ keys, groups: names }) => keys.length + names.length > 0) && alert("Your key is not among those that are asked for there, as far as is known here: an approval may have no effect.", ""),
      needs.every(({ isJustified }) => !isJustified) && alert("The agent has to justify the call as well.", ""),
    ];
  });
  const isOpen = effect.every(({ effect: kind }) => kind === "open");
  return [notes, isOpen && h("p", {}, "No block of this token asks for an approval of this call; the service's own policies may.")];
}

/** Other asks that look like this one, with what differs. */
export function alikeView(found, number) {
  if (found.length === 0) return undefined;
  const rest = found.length - 3;
  return h(
    "section",
    { class: "alike", "aria-labelledby": "alike" },
    h("h3", { id: "alike" }, "Looks like ", plural(found.length, "other ask")),
    found.slice(0, 3).map(({ other, parts }) =>
      h("div", { class: "card odd" },
        h("p", {}, parts.length === 0 ? ["The same call, asked again: ", number(other), ", with another state of the token."] : ["It differs from ", number(other), " in:"]),
        parts.length > 0 && h("dl", { class: "asked" }, parts.map(partView)),
      ),
    ),
    rest > 0 && h("p", { class: "quiet" }, `These are the nearest; ${plural(rest, "other")} ${rest === 1 ? "differs" : "differ"} as little.`),
  );
}

function partView({ name, here, there }) {
  const { before, here: own, there: others, after } = difference(here ?? "", there ?? "");
  const side = (part, whole, element) => whole === undefined ? `not ${element === "ins" ? "here" : "there"}` : h("span", { class: "difference" }, outside(tail(before), 400), h(element, {}, part === "" ? h("i", {}, "nothing") : outside(part, 400)), outside(after.slice(0, 60), 400));
  return h("div", { class: "row" }, h("dt", {}, outside(name)), h("dd", {}, h("p", {}, here !== undefined && "here ", side(own, here, "ins"), h("span", { class: "quiet" }, points(own))), h("p", {}, there !== undefined && "there ", side(others, there, "del"), h("span", { class: "quiet" }, points(others)))));
}

const tail = (text) => (text.length > 60 ? `…${text.slice(-59)}` : text);

/** The numbers of letters beyond ASCII: what looks the same is told apart by them. */
function points(text) {
  const odd = Array.from(text).filter((each) => each > "~");
  return odd.length === 0 ? "" : ` (${odd.slice(0, 6).map((each) => `U+${each.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`).join(" ")})`;
}

/** What was answered before for this agent. */
export function beforeView(before, own) {
  const lines = [];
  if (before) {
    const { approved, used, same_tool: ofTool, denied, last_at: last } = before;
    lines.push(h("p", {}, `By the audit log, ${own === undefined ? "approvers" : "your key"} gave this agent ${plural(approved, "approval")}${last ? `, the last at ${moment(last)}` : ""}; ${plural(used, "call")} used them, ${ofTool} of this tool. It was refused ${plural(denied, "call")}.`));
    if (before.items?.length > 0) {
      lines.push(h("details", {}, h("summary", {}, "Show the last ones"), h("ul", { class: "records" }, before.items.map(({ time: at, seq, kind, tool, resource, task }) => h("li", {}, h("span", { class: "stamp" }, moment(at)), h("span", { class: "words" }, outside(kind ?? ""), " ", outside(tool ?? ""), resource && [" on ", outside(resource)], task && [", ", outside(task)]), h("a", { class: "number", href: `#/timeline/${seq}` }, `#${seq}`))))));
    }
  }
  if (own !== undefined) lines.push(h("p", {}, own));
  return lines;
}
