// The answer to one ask: the terms, what would be signed, and the two buttons.
import { alert, field, h, outside, plural, replace } from "./dom.mjs";
import { effectWords, termsForm } from "./terms.mjs";
import { isLabel } from "./token/text.mjs";

const DIGITS = 8;

/** The form; actions have approve(terms), refuse(reason), and asks(), which gives all that are open. */
export function answerParts(item, { by, now, can, session }, actions) {
  const { read } = item;
  const effect = h("p", { class: "effect", "aria-live": "polite" });
  const terms = termsForm(read, update);
  const seen = seenField(read, update);
  const approve = h("button", { type: "button", class: "main", id: "approve", "aria-describedby": "would", onclick: () => isReady() && actions.approve(terms.read()) });
  effect.id = "would";
  replace(approve, by?.isKeeper ? "Approve, signed by the keeper" : "Approve and sign");
  const why = h("input", { type: "text", id: "refusal", maxlength: "1000", oninput: update });
  const refuse = h("button", { type: "button", onclick: () => isReason() && actions.refuse(why.value.trim()) }, "Refuse");
  why.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.repeat && isReason()) actions.refuse(why.value.trim());
  });
  const isElsewhere = session.mode === "people";
  const isReason = () => isLabel(why.value.trim(), 1024);
  const isFlawed = read.flaws.length > 0;
  const blocked = isFlawed || !by || !can.includes("approve");
  let isForbidden = false;
  const isReady = () => !isForbidden && !blocked && terms.read().flaw === undefined && seen.isSeen();
  function update() {
    const said = terms.read();
    replace(effect, isFlawed ? "It cannot be approved here, for what is said above. It can be refused." : said.flaw ?? effectWords(read, said, now(), actions.asks()));
    approve.disabled = !isReady();
    refuse.disabled = isForbidden || !isReason() || !can.includes("refuse");
  }
  update();
  const element = h(
    "section",
    { class: "card answer", "aria-labelledby": "answer" },
    h("h3", { id: "answer" }, "Your answer"),
    isElsewhere && elsewhere(item.ask, session),
    !isElsewhere && [
      !by && alert(h("span", {}, "There is no approver's key in this browser. ", h("a", { href: "#/key" }, "Make one, or take the keeper's.")), ""),
      !isFlawed && seen.element,
      !isFlawed && terms.element,
      effect,
      callLine(read),
      h("div", { class: "line buttons" }, approve),
    ],
    can.includes("refuse") ? h("div", { class: "refuse" }, field("Or refuse: why not", why, "The agent's side reads it."), refuse) : h("p", { class: "quiet" }, "You can look at it; to refuse it takes the role approver, and a name."),
  );
  const forbid = () => {
    isForbidden = true;
    update();
  };
  const focusOn = (target) => {
    if (target.disabled) return false;
    target.focus();
    target.scrollIntoView({ block: "nearest" });
    return true;
  };
  return { element, forbid, focusApprove: () => focusOn(approve), focusRefuse: () => focusOn(why) };
}

/** Where it is approved: by pages of the approver's own machine, which verify the ask and have a key. */
function elsewhere(ask, { origin, own, relays }) {
  const words = "Nothing is approved here: pages that another machine serves could have a key sign something else than they show.";
  if (!relays) return h("p", { class: "alert note" }, words, " This console relays to none on your machine: that takes --console-secret-file.");
  const command = `taper console --relay ${origin} --relay-secret-file relay.secret --root-keys root.pub`;
  return h(
    "div",
    { class: "alert note", id: "elsewhere" },
    h("p", {}, words, " Approve on your own machine, where this runs, with the secret of the relay and root keys that you did not get from here:"),
    h("pre", {}, h("code", {}, command)),
    h("p", {}, "Then open ", h("a", { href: `${own}/#/approvals/${ask}`, rel: "noreferrer" }, "this ask there"), "."),
  );
}

/** The call again, right above the button. */
function callLine({ call }) {
  if (!call) return undefined;
  const { tool, operation, resource, whole, digest } = call;
  return h("p", {}, "The call: ", h("b", {}, outside(tool, 1024)), `, operation ${operation ?? "none"}, on `, outside(resource ?? "nothing", 1024), `, with ${plural(whole.length, "argument")}; digest `, h("code", {}, digest), ".");
}

/** Of a call that is too long to be seen at a glance, some digits of its digest are asked for, which stand behind all of it. */
function seenField({ call }, onChange) {
  if (call.isWhole) return { element: undefined, isSeen: () => true };
  const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", maxlength: String(DIGITS), oninput: onChange });
  const lines = call.whole.map(({ name, value }) => h("div", {}, outside(name, 1e9), ": ", outside(value, 1e9)));
  const all = h("details", {}, h("summary", {}, `Show all ${call.width} columns`), h("pre", {}, lines), h("p", {}, "Its digest ends with ", h("code", {}, call.digest.slice(-DIGITS))));
  const hint = "They stand behind the whole call. An approval covers all of it.";
  const element = h("div", { class: "alert" }, h("p", {}, "This call is too long to be seen at a glance."), all, field(`The last ${DIGITS} digits of the digest`, input, hint));
  return { element, isSeen: () => all.open && input.value.trim().toLowerCase() === call.digest.slice(-DIGITS) };
}
