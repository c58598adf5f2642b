package dev.taper.cli;

import dev.taper.DecodeLimits;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.cli.token.ChainPages;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.store.Database;
import dev.taper.store.registry.Registry;
import dev.taper.token.UnverifiedToken;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Makes the pages that are hardest to show: long names, long chains, many calls, hostile texts. */
final class SamplePages {
  /** 170 characters without a place to break. */
  static final String LONG_NAME =
      "agent:" + "researcher-of-quarterly-tickets-".repeat(6).substring(0, 164);

  /** What whoever grants, asks or decides may write to mislead a reader. */
  static final String HOSTILE =
      "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
          + "</style></title><h1>verified</h1> \u202eelbasrever\u202c \u05e9\u05dc\u05d5\u05dd 100,"
          + " x\u0300\u0301\u0302\u0303\u0304z  two\u00a0spaces";

  private static final Clock CLOCK = Clock.fixed(Cli.NOW, ZoneOffset.UTC);
  private static final int CALLS = 2_000;
  private static final int HOPS = 50;
  private static final int ITEMS = 120;

  private final Cli cli;
  private final Path folder;
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey audit = PrivateKey.generate(Algorithm.ED25519);
  private final List<PrivateKey> keys = new ArrayList<>();

  SamplePages(Path folder) {
    this.folder = folder;
    this.cli = new Cli(folder);
    for (int i = 0; i <= HOPS; i++) {
      keys.add(PrivateKey.generate(Algorithm.ED25519));
    }
    cli.file("root.pub", root.publicKey() + "\n");
    cli.file("audit.pub", audit.publicKey() + "\n");
  }

  /** Writes all of them; their names without the ending. */
  List<String> write() throws IOException {
    chains();
    trails();
    reviews();
    return List.of("chain", "long-chain", "trail", "tree", "review", "long-review");
  }

  private void chains() {
    AgentToken planner = mint("T-4711", HOSTILE, "agent:planner");
    AgentToken named =
        planner.delegate(
            keys.get(0),
            Hop.to(Agent.of(LONG_NAME, keys.get(1).publicKey()))
                .grant(
                    "jira.search, jira.a.tool.whose.name.is.long.enough.to.need.a.second.line."
                        + "n".repeat(90)
                        + " on jira:project/ACME/*")
                .expiresIn(Duration.ofDays(90)),
            CLOCK);
    cli.file("chain.token", named.encodeBase64());
    cli.ok("inspect", "chain.token", "-p", "root.pub", "--html", "chain.html");
    cli.file("long-chain.html", ChainPages.of(chain(HOPS), Cli.NOW));
  }

  private AgentToken mint(String task, String purpose, String holder) {
    return Issuer.of(root)
        .clock(CLOCK)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of(holder, keys.get(0).publicKey()))
                .task(task, purpose)
                .grant("jira.* read, list on jira:project/ACME/*")
                .grant("mail.send where to matches \"[a-z]+@acme[.]com\"")
                .expiresIn(Duration.ofHours(4)));
  }

  /** A chain in which every third name is long, and every seventh step narrows. */
  private AgentToken chain(int hops) {
    AgentToken token = mint("T-50", "hand on fifty times", "agent:0");
    UnverifiedToken roomy =
        UnverifiedToken.decode(token.encode(), DecodeLimits.DEFAULT.withMaxBlocks(62));
    token = AgentToken.of(roomy);
    for (int i = 1; i <= hops; i++) {
      String name = i % 3 == 0 ? (i + LONG_NAME).substring(0, 170) : "agent:" + i;
      Hop hop = Hop.to(Agent.of(name, keys.get(i).publicKey()));
      if (i % 7 == 0) {
        hop = hop.grant("jira.* read, list on jira:project/ACME/" + "Q3/".repeat(i / 7) + "*");
      }
      if (i == 20) {
        hop = hop.check(Datalog.check("check if note(\"" + " ".repeat(30_000) + "\")"));
      }
      token = token.delegate(keys.get(i - 1), hop, CLOCK);
    }
    return token;
  }

  private void trails() throws IOException {
    try (AuditLog log =
        AuditLog.on(
                AuditSink.inFileWithoutForcingToDisk(folder.resolve("audit.jsonl"), CLOCK), audit)
            .clock(CLOCK)
            .recordEveryDenial()
            .open()) {
      calls(log);
      tree(log);
    }
    report("trail", "T-2000");
    report("tree", "T-50");
  }

  private void report(String page, String task) {
    cli.ok(
        "audit",
        "report",
        "audit.jsonl",
        "--audit-public-key",
        "audit.pub",
        "--task",
        task,
        "--html",
        page + ".html");
  }

  private void calls(AuditLog log) {
    AgentToken planner = mint("T-2000", HOSTILE, "agent:planner");
    AgentToken token =
        planner.delegate(
            keys.get(0),
            Hop.to(Agent.of(LONG_NAME, keys.get(1).publicKey())).grant("jira.search"),
            CLOCK);
    log.append(AuditEvent.minted(planner, Cli.NOW));
    log.append(AuditEvent.delegated(token, Cli.NOW));
    Verifier verifier =
        Verifier.trusting(RootKeys.of(root.publicKey()))
            .callerStatesMeaning()
            .audience("svc:jira")
            .withoutRevocation()
            .clock(CLOCK)
            .listener(log)
            .build();
    String text = token.encodeBase64();
    for (int i = 0; i < CALLS; i++) {
      String tool = i % 40 == 39 ? "jira.delete" : "jira.search";
      String resource = "jira:project/ACME/" + (i % 100 == 0 ? LONG_NAME : "<b>" + i);
      ToolCall call = ToolCall.of(tool).operation("read").on(resource);
      Proof proof = token.prove(keys.get(1), call, "svc:jira", CLOCK);
      var unused = verifier.decide(Credentials.of(text, proof.encodeBase64()), call);
    }
    log.append(
        AuditEvent.of(AuditKind.REVOKE, Cli.NOW)
            .about(token)
            .by("user:erin@acme.com")
            .subject(
                AuditEvent.Subject.of("holder", keys.get(1).publicKey().toString())
                    .reason(HOSTILE)));
  }

  /** Fifty hops in a row, and twelve with two branches each. */
  private void tree(AuditLog log) {
    log.append(AuditEvent.delegated(chain(HOPS), Cli.NOW));
    AgentToken stem = mint("T-50", "hand on fifty times", "agent:stem-0");
    for (int i = 0; i < 12; i++) {
      for (int side = 0; side < 2; side++) {
        PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
        Agent agent = Agent.of(i == 5 ? LONG_NAME : "agent:branch-" + i, key.publicKey());
        log.append(AuditEvent.delegated(stem.delegate(keys.get(i), Hop.to(agent), CLOCK), Cli.NOW));
      }
      Agent next = Agent.of("agent:stem-" + (i + 1), keys.get(i + 1).publicKey());
      stem = stem.delegate(keys.get(i), Hop.to(next), CLOCK);
    }
  }

  private void reviews() {
    try (Database database = Database.open("sqlite:taper.db", folder)) {
      Registry registry = new Registry(database, CLOCK);
      for (int i = 0; i < ITEMS; i++) {
        AgentToken planner = mint("T-" + i, i % 10 == 0 ? HOSTILE : "triage", "agent:planner-" + i);
        registry.issued(planner, root.publicKey());
        if (i % 4 == 0) {
          registry.issued(
              planner.delegate(
                  keys.get(0),
                  Hop.to(Agent.of(i % 8 == 0 ? LONG_NAME : "agent:" + i, keys.get(1).publicKey())),
                  CLOCK),
              root.publicKey());
        }
      }
    }
    start("Q4 " + HOSTILE, "--task", "T-0");
    review("revoke", "1", "2", "--reason", HOSTILE);
    start(" ".repeat(200) + "spaces");
    review("certify", "2", "1", "2", "3", "5", "--reason", "in daily use");
    for (String id : List.of("1", "2")) {
      String page = id.equals("1") ? "review.html" : "long-review.html";
      cli.ok("review", "report", id, "--html", "--out", page, "--registry", "sqlite:taper.db");
    }
  }

  private void start(String title, String... more) {
    List<String> args = new ArrayList<>(List.of("start", "--title", title, "--due", "7d"));
    args.addAll(List.of(more));
    review(args.toArray(new String[0]));
  }

  private void review(String... more) {
    List<String> args = new ArrayList<>(List.of("review"));
    args.addAll(List.of(more));
    args.addAll(List.of("--reviewer", "user:erin@acme.com", "--registry", "sqlite:taper.db"));
    cli.ok(args.toArray(new String[0]));
  }
}
