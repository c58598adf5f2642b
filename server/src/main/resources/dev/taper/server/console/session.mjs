// The session of a console on one's own machine: opened by a link, once, and shared by the tabs of this browser.
const KEPT = "taper-session";
const WAIT_FOR_TAB = 400;

const channel = new BroadcastChannel(KEPT);
let session = sessionStorage.getItem(KEPT) ?? undefined;

channel.addEventListener("message", ({ data }) => {
  if (data === "wanted" && session !== undefined) channel.postMessage({ session });
});

/**
 * The token, and what the console said of the session if it did: exchanges the link, which is gone from the address at
 * once; or takes the session of another tab.
 */
export async function opened(call) {
  const [, link] = /^#link=([A-Za-z0-9_-]{1,128})$/.exec(location.hash) ?? [];
  let about;
  if (link !== undefined) {
    history.replaceState(null, "", `${location.pathname}${location.search}#/approvals`);
    session = undefined;
    ({ token: session, ...about } = await call("POST", "/api/session", { link }));
  }
  session ??= await fromOtherTab();
  if (session !== undefined) sessionStorage.setItem(KEPT, session);
  return { token: session, about };
}

const fromOtherTab = () =>
  new Promise((resolve) => {
    const take = ({ data }) => data?.session && resolve(data.session);
    channel.addEventListener("message", take);
    channel.postMessage("wanted");
    setTimeout(() => {
      channel.removeEventListener("message", take);
      resolve(undefined);
    }, WAIT_FOR_TAB);
  });

/** Nothing of it stays. */
export function ended() {
  session = undefined;
  sessionStorage.removeItem(KEPT);
}

/** How one gets in again; nothing here, where the console prints links. */
export const wayIn = () => undefined;
