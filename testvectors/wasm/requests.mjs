// Calls, the facts that each gives by docs/requests.md, written down by hand, and the blocks that
// refuse it (none: allowed).

const NOON = "2031-06-01T12:00:00Z";
const TEN = "2031-06-01T10:00:00Z";

const jira = (title, refusedBy, call, facts, more = {}) => ({
  title,
  refusedBy,
  call,
  facts,
  audience: "svc:jira",
  time: TEN,
  ...more,
});

const ISSUE = { tool: "jira.search", operation: "read", resource: "jira:project/ACME/Q3/12" };
const ISSUE_FACTS = [
  'tool("jira.search")',
  'operation("read")',
  'resource("jira:project/ACME/Q3/12")',
];
const LIMIT_50 = ['arg_names({"limit"})', 'arg("limit", 50)', 'arg_decimal("limit", 50000000)'];
const limited = { ...ISSUE, args: { limit: 50 } };

/** For the chain over tools of an issue tracker: four blocks. */
export const JIRA = [
  jira("in scope", [], limited, [...ISSUE_FACTS, ...LIMIT_50]),
  jira(
    "a tool that nobody was given",
    [0, 1, 2, 3],
    { ...limited, tool: "crm.read" },
    ['tool("crm.read")', ...ISSUE_FACTS.slice(1), ...LIMIT_50],
  ),
  jira(
    "a tool whose name only looks like the prefix",
    [0, 1, 2, 3],
    { ...limited, tool: "jirax.search" },
    ['tool("jirax.search")', ...ISSUE_FACTS.slice(1), ...LIMIT_50],
  ),
  jira(
    "a tool that the second hop left out",
    [2, 3],
    { ...limited, tool: "jira.delete" },
    ['tool("jira.delete")', ...ISSUE_FACTS.slice(1), ...LIMIT_50],
  ),
  jira(
    "write instead of read",
    [1],
    { ...limited, operation: "write" },
    [ISSUE_FACTS[0], 'operation("write")', ISSUE_FACTS[2], ...LIMIT_50],
  ),
  jira(
    "no operation",
    [1],
    { tool: "jira.search", resource: ISSUE.resource, args: { limit: 50 } },
    [ISSUE_FACTS[0], ISSUE_FACTS[2], ...LIMIT_50],
  ),
  jira(
    "another folder of the project",
    [3],
    { ...limited, resource: "jira:project/ACME/Q4/1" },
    [...ISSUE_FACTS.slice(0, 2), 'resource("jira:project/ACME/Q4/1")', ...LIMIT_50],
  ),
  jira(
    "another project",
    [1, 3],
    { ...limited, resource: "jira:project/ACMEX/Q3/12" },
    [...ISSUE_FACTS.slice(0, 2), 'resource("jira:project/ACMEX/Q3/12")', ...LIMIT_50],
  ),
  jira("an argument above its range", [1], { ...ISSUE, args: { limit: 51 } }, [
    ...ISSUE_FACTS,
    'arg_names({"limit"})',
    'arg("limit", 51)',
    'arg_decimal("limit", 51000000)',
  ]),
  jira("an argument below its range", [1], { ...ISSUE, args: { limit: 0 } }, [
    ...ISSUE_FACTS,
    'arg_names({"limit"})',
    'arg("limit", 0)',
    'arg_decimal("limit", 0)',
  ]),
  jira("an argument of another type", [1], { ...ISSUE, args: { limit: "50" } }, [
    ...ISSUE_FACTS,
    'arg_names({"limit"})',
    'arg("limit", "50")',
  ]),
  jira("a decimal for an integer", [1], { ...ISSUE, args: { limit: 1.5 } }, [
    ...ISSUE_FACTS,
    'arg_names({"limit"})',
    'arg_decimal("limit", 1500000)',
    'arg_number("limit", "1.5")',
  ]),
  jira("no arguments", [1], ISSUE, [...ISSUE_FACTS, "arg_names({,})"]),
  jira("an argument more", [], { ...ISSUE, args: { limit: 50, tags: ["a", null, 7], all: true } }, [
    ...ISSUE_FACTS,
    'arg_names({"all", "limit", "tags"})',
    ...LIMIT_50.slice(1),
    'arg("tags", ["a", null, 7])',
    'arg("all", true)',
  ]),
  jira("another service", [1], limited, [...ISSUE_FACTS, ...LIMIT_50], { audience: "svc:crm" }),
  jira("in the last second", [], limited, [...ISSUE_FACTS, ...LIMIT_50], {
    time: "2031-06-01T10:59:59Z",
  }),
  jira("after the second hop's end", [2], limited, [...ISSUE_FACTS, ...LIMIT_50], {
    time: "2031-06-01T11:00:00Z",
  }),
  jira("after the end of all", [0], limited, [...ISSUE_FACTS, ...LIMIT_50], { time: NOON, ended: true }),
];

const tool = (title, refusedBy, name, args, facts, more = {}) => ({
  title,
  refusedBy,
  call: { tool: name, args },
  facts: [`tool("${name}")`, ...facts],
  audience: "svc:gateway",
  time: TEN,
  names: "names.json",
  ...more,
});

const url = (value, scheme, host, port, path, hostClass) => [
  'arg_names({"url"})',
  `arg("url", "${value}")`,
  `arg_url("url", "${scheme}", "${host}", ${port}, "${path}")`,
  `arg_host_class("url", "${hostClass}")`,
];
const inside = (value, host, port, bits, hostClass) => [
  ...url(value, "https", host, port, "/", hostClass),
  `arg_ip("url", "${bits}")`,
];
const TEN_1 = `4:00001010${"0".repeat(23)}1`;
const DB8_1 = `6:00100000000000010000110110111000${"0".repeat(95)}1`;
const list = (name, values, every, hosts) => [
  `arg_names({"${name}"})`,
  `arg("${name}", ${JSON.stringify(values)})`,
  ...(hosts === undefined ? [] : [`arg_each_host("${name}", ${every}, {${hosts}})`]),
];
const file = (path) => ['arg_names({"file"})', `arg("file", "${path}")`, `arg_path("file", "${path}")`];
const labels = (list) => ['arg_names({"labels"})', `arg("labels", ${JSON.stringify(list)})`];
const payment = (millionths, currency, whole) => [
  'arg_names({"amount", "currency"})',
  whole === undefined ? `arg_number("amount", "${millionths / 1e6}")` : `arg("amount", ${whole})`,
  `arg_decimal("amount", ${millionths})`,
  `arg("currency", "${currency}")`,
];
const DOCS = "https://docs.acme.com/a";
const DOCS_FACTS = url(DOCS, "https", "docs.acme.com", 443, "/a", "public");

/** For the chain over several tools: three blocks, the first with most constraints. */
export const TOOLS = [
  tool("a URL in scope", [], "http.get", { url: DOCS }, DOCS_FACTS),
  tool("a scheme that is not allowed", [0, 2], "http.get", { url: "http://docs.acme.com:8080" },
    url("http://docs.acme.com:8080", "http", "docs.acme.com", 8080, "/", "public")),
  tool("a host that ends alike", [0], "http.get", { url: "https://docs.evil-acme.com/" },
    url("https://docs.evil-acme.com/", "https", "docs.evil-acme.com", 443, "/", "public")),
  tool("a private address", [0, 2], "http.get", { url: "https://10.0.0.1/" },
    inside("https://10.0.0.1/", "10.0.0.1", 443, TEN_1, "private")),
  tool("an address in a network", [], "http.inside", { url: "https://10.0.0.1/" },
    inside("https://10.0.0.1/", "10.0.0.1", 443, TEN_1, "private")),
  tool("a mapped address", [], "http.inside", { url: "https://[::ffff:a00:1]:8443/" },
    inside("https://[::ffff:a00:1]:8443/", "[::ffff:a00:1]", 8443, TEN_1, "private")),
  tool("an address of the other family", [], "http.inside", { url: "https://[2001:db8::1]/" },
    inside("https://[2001:db8::1]/", "[2001:db8::1]", 443, DB8_1, "reserved")),
  tool("an address beside the networks", [0], "http.inside", { url: "https://8.0.0.1/" },
    inside("https://8.0.0.1/", "8.0.0.1", 443, `4:00001000${"0".repeat(23)}1`, "public")),
  tool("a name in no network", [0], "http.inside", { url: DOCS }, DOCS_FACTS),
  tool("another port", [0], "http.inside", { url: "https://10.0.0.1:80/" },
    inside("https://10.0.0.1:80/", "10.0.0.1", 80, TEN_1, "private")),
  tool("a port in the range", [], "http.admin", { url: "https://a.b:8999/" },
    url("https://a.b:8999/", "https", "a.b", 8999, "/", "public")),
  tool("a port above the range", [0], "http.admin", { url: "https://a.b:9000/" },
    url("https://a.b:9000/", "https", "a.b", 9000, "/", "public")),
  tool("URLs to known hosts", [], "http.batch", { urls: [DOCS, "https://acme.com/"] },
    list("urls", [DOCS, "https://acme.com/"], true, '"acme.com", "docs.acme.com"')),
  tool("no URL at all", [], "http.batch", { urls: [] }, list("urls", [], true, ",")),
  tool("one URL to another host", [0], "http.batch", { urls: [DOCS, "https://evil.com/"] },
    list("urls", [DOCS, "https://evil.com/"], true, '"docs.acme.com", "evil.com"')),
  tool("one that is no URL", [0], "http.batch", { urls: [DOCS, "https"] },
    list("urls", [DOCS, "https"], false, '"docs.acme.com"')),
  tool("one that is no string", [0], "http.batch", { urls: [5, DOCS] },
    list("urls", [5, DOCS], false, '"docs.acme.com"')),
  tool("files that end alike", [], "files.list", { files: ["a.csv", "b.csv"] },
    list("files", ["a.csv", "b.csv"])),
  tool("a file that ends otherwise", [0], "files.list", { files: ["a.csv", "b.exe"] },
    list("files", ["a.csv", "b.exe"])),
  tool("a file that is a number", [0], "files.list", { files: ["a.csv", 5] }, list("files", ["a.csv", 5])),
  tool("a URL that only the last hop refuses", [2], "http.get", { url: "https://www.acme.com/" },
    url("https://www.acme.com/", "https", "www.acme.com", 443, "/", "public")),
  tool("a file below the folder", [], "files.read", { file: "/data/reports/q3" }, file("/data/reports/q3")),
  tool("a file beside the folder", [0], "files.read", { file: "/data/reports-old/q3" },
    file("/data/reports-old/q3")),
  tool("labels in scope", [], "tickets.label", { labels: ["bug", "triage"] }, labels(["bug", "triage"])),
  tool("no label at all", [], "tickets.label", { labels: [] },
    list("labels", [], true, ",")),
  tool("a label that is not allowed", [0], "tickets.label", { labels: ["bug", "wontfix"] },
    labels(["bug", "wontfix"])),
  tool("too many labels", [0], "tickets.label", { labels: ["bug", "bug", "bug", "bug"] },
    labels(["bug", "bug", "bug", "bug"])),
  tool("a list that is none", [0], "tickets.label", { labels: "bug" },
    ['arg_names({"labels"})', 'arg("labels", "bug")']),
  tool("an amount in scope", [], "payments.transfer", { amount: 99.95, currency: "CHF" },
    payment(99950000, "CHF")),
  tool("a whole amount at the limit", [], "payments.transfer", { amount: 100, currency: "EUR" },
    payment(100000000, "EUR", 100)),
  tool("an amount above the last hop's limit", [2], "payments.transfer", { amount: 100.01, currency: "EUR" },
    payment(100010000, "EUR")),
  tool("an amount above both limits", [0, 2], "payments.transfer", { amount: 1500.51, currency: "EUR" },
    payment(1500510000, "EUR")),
  tool("another currency", [0], "payments.transfer", { amount: 1, currency: "USD" },
    payment(1000000, "USD", 1)),
  tool("an argument that is not listed", [0], "payments.transfer", { amount: 1, currency: "CHF", to: "me" }, [
    'arg_names({"amount", "currency", "to"})',
    ...payment(1000000, "CHF", 1).slice(1),
    'arg("to", "me")',
  ]),
  tool("before its beginning", [0], "http.get", { url: DOCS }, DOCS_FACTS, { time: "2030-12-31T23:59:59Z" }),
  tool("a service that knows no names", [], "http.get", { url: DOCS }, DOCS_FACTS, { names: null }),
];

/** For the first three blocks of JIRA's chain, a bearer block and one more: a single issue. */
export const TAIL = [
  JIRA[0],
  { ...JIRA[1], refusedBy: [0, 1, 2, 3] },
  JIRA[4],
  { ...JIRA[6], title: "an issue that only the bearer's block refuses" },
  jira(
    "an issue that only the last block refuses",
    [4],
    { ...limited, resource: "jira:project/ACME/Q3/13" },
    [...ISSUE_FACTS.slice(0, 2), 'resource("jira:project/ACME/Q3/13")', ...LIMIT_50],
  ),
  JIRA[16],
];

const at = 'time(2031-06-01T10:00:00Z);';

/** Plain tokens of the official implementation, and what they are asked. */
export const MADE = {
  authority: `
    right("/a/file1", {"read", "write"});
    right("/a/file2", {"read"});
    owner({"name": "alice", "ids": [1, null, true, hex:00ff]});
    readable($path) <- right($path, $operations), $operations.contains("read");
    check if time($time), $time < 2031-06-01T12:00:00Z;
    check if owner($owner), $owner.get("ids").any($id -> $id == null);`,
  blocks: [
    `check if resource($path), $path.starts_with("/a/");
     check if operation("read") or operation("write");`,
    `claims("admin");
     check all resource($path), $path.matches("/a/file[0-9]+");
     reject if operation("write"), resource("/a/file2");`,
  ],
  thirdParty: 'group("staff"); check if group($name);',
  decisions: [
    ["allowed", { allowed: true, policy: "allow 0", failed: 0 },
      `resource("/a/file1"); operation("read"); ${at}
       allow if resource($path), readable($path);`],
    ["allowed by the second policy", { allowed: true, policy: "allow 1", failed: 0 },
      `resource("/a/file1"); operation("write"); ${at}
       deny if operation("delete");
       allow if resource($path), operation($o), right($path, $rights), $rights.contains($o);`],
    ["a reject of a block", { allowed: false, policy: "allow 0", failed: 1 },
      `resource("/a/file2"); operation("write"); ${at} allow if true;`],
    ["a check of each block", { allowed: false, policy: "allow 0", failed: 4 },
      `resource("/b/file"); operation("list"); time(2031-06-01T12:00:00Z); allow if true;`],
    ["a deny policy", { allowed: false, policy: "deny 0", failed: 0 },
      `resource("/a/file1"); operation("read"); ${at}
       deny if owner($owner), $owner.get("name") == "alice"; allow if true;`],
    ["no policy that matches", { allowed: false, policy: null, failed: 0 },
      `resource("/a/file3"); operation("read"); ${at} allow if resource($path), readable($path);`],
    ["a failed check and no policy", { allowed: false, policy: null, failed: 1 },
      `resource("/a/file1"); operation("read"); ${at}
       check if operation("list"); allow if operation("list");`],
    ["a third party's fact, untrusted", { allowed: false, policy: null, failed: 0 },
      `resource("/a/file1"); operation("read"); ${at} allow if group("staff");`],
    ["a third party's fact, trusted", { allowed: true, policy: "allow 0", failed: 0 },
      `resource("/a/file1"); operation("read"); ${at}
       allow if group("staff") trusting {scraper};`],
    ["a fact of an attenuating block", { allowed: false, policy: null, failed: 0 },
      `resource("/a/file1"); operation("read"); ${at} allow if claims("admin");`],
  ],
  claim: `delegator("user:alice@acme.com"); holder("agent:planner"); task("T-4713");
    check if tool($tool), $tool.starts_with("jira.");`,
};
