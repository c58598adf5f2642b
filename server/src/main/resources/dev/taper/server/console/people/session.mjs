// The session of somebody who signed in. Its cookie no script can read; its token is told to this page alone.
import { h } from "./dom.mjs";

const AIM = "taper-aim";

/** The token of the session that the browser has, and what the console said of it. */
export async function opened(call) {
  const { token, ...about } = await call("GET", "/api/session");
  const aim = sessionStorage.getItem(AIM);
  if (aim !== null && location.hash === "") history.replaceState(null, "", `${location.pathname}${aim}`);
  sessionStorage.removeItem(AIM);
  return { token, about };
}

/** The cookie is the browser's and the server's business. */
export function ended() {}

/** Where one signs in; the page that was wanted is kept in this tab, as no server sees the fragment. */
export const wayIn = () =>
  h("p", {}, h("a", { class: "button main", href: "/signin", id: "sign-in", onclick: () => /^#\/[\w/?=&.%-]{0,400}$/.test(location.hash) && sessionStorage.setItem(AIM, location.hash) }, "Sign in"));
