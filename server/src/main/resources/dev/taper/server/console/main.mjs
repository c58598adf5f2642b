// Starts the console: the session, what this machine trusts, the pages, the keys.
import { end, get, Refused, start, whenEnded } from "./api.mjs";
import { Approvals } from "./approvals.mjs";
import { ApproverKey } from "./approver-key.mjs";
import { alert, announce, h, outside, replace } from "./dom.mjs";
import { Health } from "./health.mjs";
import { keys } from "./keystore.mjs";
import { Living } from "./living.mjs";
import { askAhead, trustOf } from "./queue.mjs";
import { Reviews } from "./reviews.mjs";
import { wayIn } from "./session.mjs";
import { Task, Timeline } from "./timeline.mjs";

const PULSE = 5000;
const SINGLE_KEYS = "taper-single-keys";
const CHOSEN_KEY = "taper-approver";

/** Pages by the first part of the fragment: the name in the navigation, the class, what has to be configured. */
const PAGES = {
  approvals: ["Approvals", Approvals, "approvals"],
  living: ["Living authority", Living, "living"],
  reviews: ["Reviews", Reviews, "reviews"],
  timeline: ["Timeline", Timeline, "timeline"],
  health: ["Health", Health, "health"],
  key: ["Your key", ApproverKey],
  tasks: [undefined, Task, "timeline"],
};

const view = document.querySelector("#view");
const nav = document.querySelector("#pages");
const other = new BroadcastChannel("taper-changed");

let context;
let page;
let turn = 0;

async function run() {
  whenEnded(ended);
  document.querySelector("#skip").addEventListener("click", (event) => {
    event.preventDefault(); // the fragment is the address of a page
    view.focus();
  });
  try {
    // What does not need each other is asked for at once: the person waits for all of it.
    const [session, own] = await Promise.all([start(), keys()]);
    if (session.roles?.length === 0) return withoutRole(session);
    const by = chosenOf(own, session);
    if (firstPage(session) === "approvals") askAhead(by?.key);
    context = contextOf(session, await get("/api/trust"), by);
    renderFrame({});
    addEventListener("hashchange", () => context && route(true)); // not after the end
    addEventListener("keydown", onKey);
    other.addEventListener("message", () => pulse());
    setInterval(pulse, PULSE);
    await route(false);
    await pulse();
  } catch (error) {
    ended(error);
  }
}

function contextOf(session, trust, by) {
  const ahead = session.now - Date.now();
  const result = {
    ...{ session, by, trust: trustOf(trust), can: session.can, now: () => Date.now() + ahead },
    personOf: (key) => trust.names?.approvers?.find((each) => each.key === key)?.name,
    groupsOf: (key) => trust.names?.approvers?.filter((each) => each.key === key).flatMap(({ groups = [] }) => groups) ?? [],
    changed: () => other.postMessage("changed"),
    reload: () => route(false),
    chosen: (key) => localStorage.setItem(CHOSEN_KEY, key),
    choose: async () => (result.by = chosenOf(await keys(), session)),
  };
  return result;
}

/** The key that approves: the keeper's or one of this browser. */
function chosenOf(own, { keeper }) {
  const all = [...own, ...(keeper ? [{ key: keeper.key, name: keeper.name, isKeeper: true }] : [])];
  return all.find(({ key }) => key === localStorage.getItem(CHOSEN_KEY)) ?? all[0];
}

const isForPeople = ({ mode } = context.session) => mode === "people";

/** Whether a page is there: what it shows is, and keys are made by pages of one's own machine. */
const isOffered = (id, session = context.session) => (id === "key" ? !isForPeople(session) : session.pages.includes(PAGES[id][2]));

/** The page for the first part of a fragment. */
const pageFor = (id, session) => (Object.hasOwn(PAGES, id) && isOffered(id, session) ? id : Object.keys(PAGES).find((each) => isOffered(each, session)));

const firstPage = (session) => pageFor(fragment()[0].split("/")[0], session);

/** The path and the query behind the mark. */
const fragment = () => location.hash.replace(/^#\/?/, "").split("?");

function renderFrame({ open }) {
  const [first] = location.hash.slice(2).split(/[/?]/);
  const current = first === "tasks" ? "timeline" : first;
  const links = Object.entries(PAGES).filter(([id, [name]]) => name && isOffered(id));
  const count = (id) => (id === "approvals" && open > 0 ? h("span", { class: "badge warn", "aria-label": `, ${open} open` }, open) : undefined);
  replace(nav, h("ul", {}, links.map(([id, [name]]) => h("li", {}, h("a", { href: `#/${id}`, "aria-current": id === current ? "page" : undefined }, name, count(id))))));
  const { mode, relay, origin } = context.session;
  replace(document.querySelector("#who"), personView(context.session), signOutButton());
  if (isForPeople()) replace(document.querySelector("#source"), "These pages and all that they show are the word of ", outside(origin), ". Nothing is signed here.");
  else replace(document.querySelector("#source"), mode === "relay" ? ["Asks and data come from ", outside(relay), ", which is believed nothing: keys and trust are this machine's."] : "All of this is read by this machine itself.");
}

const signOutButton = () => h("button", { type: "button", onclick: signOut }, "Sign out");

/** Who signed in, and as what; nothing on one's own machine. */
const personView = ({ person, shown_as: shownAs, roles }) => roles && [h("span", { id: "person" }, outside(person ?? shownAs, 80), ` (${roles.join(", ") || "no role"})`), " "];

/** Shows the page that the fragment names; the newest of several turns wins. */
async function route(isByUser) {
  const mine = ++turn;
  const [path, query = ""] = fragment();
  const [id, ...rest] = path.split("/");
  const known = pageFor(id);
  const [name, Page] = PAGES[known];
  try {
    const parameters = rest.map(decodeURIComponent);
    const next = page instanceof Page && page.isKept ? page : new Page(context);
    const element = await next.open(parameters, new URLSearchParams(query));
    if (mine !== turn) return;
    page = next;
    document.title = `${next.title ?? name} – Taper console`;
    renderFrame({ open: context.open });
    if (view.lastChild !== element || view.childNodes.length > 1) replace(view, relayNote(known), namelessNote(), element);
    if (isByUser) (view.querySelector("[data-focus]") ?? view.querySelector("h1, h2"))?.focus();
  } catch (error) {
    if (mine === turn) failed(error);
  }
}

/** What no signature of the chain vouches for, is what the relay says. */
const relayNote = (id) =>
  context.session.mode === "relay" && !["approvals", "key"].includes(id) && h("p", { class: "alert note" }, "This page is the word of ", outside(context.session.relay), ": nothing here verifies it.");

/** Whoever acts is recorded by a name. */
const namelessNote = () =>
  isForPeople() && context.session.person === undefined && context.session.roles.some((role) => role !== "viewer") && h("p", { class: "alert note" }, "You can only look: this console knows no name of yours by which it could record what you do.");

function failed(error) {
  if (!(error instanceof Refused)) console.error(error);
  replace(view, h("h1", { tabindex: "-1" }, "This cannot be shown"), alert(error instanceof Refused ? error.message : `The page could not make sense of what the console sent: ${error.message}`));
}

async function pulse() {
  if (!context) return;
  try {
    const beat = await get("/api/pulse");
    if (!context) return; // it ended meanwhile
    if (beat.instance !== context.session.instance) return location.reload();
    const hasChanged = context.open !== beat.open;
    context.open = beat.open;
    if (hasChanged) renderFrame(beat);
    await page?.pulse?.(beat);
  } catch (error) {
    if (error instanceof Refused && error.status !== 401) announce(error.message);
  }
}

const ENDED = {
  stale_page: "Somebody signed in anew in this browser: this page is of the session before. Load it again.",
  link_used: "This link was used already. If it was not you, stop the console and start it again.",
  link_ended: "This link has ended: it is good for five minutes.",
  unknown_link: "This link is none of this console's.",
  no_session: wayIn() ? "There is no session, or it has ended." : "There is no session, or it has ended. Run “taper console” again, and open the link that it prints.",
};

/** Nothing of what was shown stays. */
function ended(error) {
  context = undefined;
  page = undefined;
  turn++;
  replace(nav);
  replace(document.querySelector("#who"));
  replace(document.querySelector("#source"));
  document.title = "Taper console";
  const words = error instanceof Refused ? (ENDED[error.code] ?? error.message) : `This browser cannot show the console: ${error.message}`;
  replace(view, h("h1", { tabindex: "-1" }, "Not signed in"), h("p", {}, words), wayIn());
  document.querySelectorAll("dialog").forEach((each) => each.remove());
  view.querySelector("h1").focus();
}

/** Somebody whom the provider knows, and this console does not. */
function withoutRole(session) {
  replace(document.querySelector("#who"), personView(session), signOutButton());
  document.title = "No role – Taper console";
  replace(view, h("h1", { tabindex: "-1" }, "You have no role here"), h("p", {}, "You signed in, and this console gives you no role: you see nothing, and do nothing. Whoever runs it says in its sign-in file what gives which role. After a change, sign out and in again."));
  view.querySelector("h1").focus();
}

async function signOut() {
  await end();
  ended(new Refused(401, "no_session"));
}

const NUMBERS = ["approvals", "living", "reviews", "timeline", "health", "key"];

function onKey(event) {
  const isTyping = event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
  if (!context || isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.key === "?") return void help();
  if (localStorage.getItem(SINGLE_KEYS) === "off") return;
  const id = NUMBERS[Number(event.key) - 1];
  if (id) location.hash = `#/${id}`;
  else if (!page?.key?.(event.key)) return;
  event.preventDefault();
}

const HELP = [
  ["1 to 6", "the pages, in their order"],
  ["j, k, or arrows", "the next ask, the one before"],
  ["a, then Enter", "approve and sign"],
  ["r", "refuse: write why, then Enter"],
  ["x", "select the ask, or not"],
  ["b", "answer all that are selected"],
];

function help() {
  if (document.querySelector("dialog[open]")) return;
  const box = h("input", { type: "checkbox", id: "single", checked: localStorage.getItem(SINGLE_KEYS) !== "off", onchange: () => localStorage.setItem(SINGLE_KEYS, box.checked ? "on" : "off") });
  const list = h("dl", { class: "asked" }, HELP.map(([key, words]) => h("div", { class: "row" }, h("dt", {}, h("kbd", {}, key)), h("dd", {}, words))));
  const close = h("button", {}, "Close");
  const element = h("dialog", { "aria-labelledby": "help" }, h("form", { method: "dialog" }, h("h2", { id: "help" }, "Keys"), list, h("p", { class: "line" }, box, h("label", { for: "single" }, "Single keys do this")), close));
  element.addEventListener("close", () => element.remove());
  document.body.append(element);
  element.showModal();
}

run();
