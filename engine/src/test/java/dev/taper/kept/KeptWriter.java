package dev.taper.kept;

import static dev.taper.kept.KeptService.AUDIENCE;
import static dev.taper.kept.KeptService.DELETE;
import static dev.taper.kept.KeptService.HTTP;
import static dev.taper.kept.KeptService.MCP;
import static dev.taper.kept.KeptService.NOON;
import static dev.taper.kept.KeptService.SEARCH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Hop;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.names.NamesFile;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.datalog.parser.Datalog;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.RevocationEntry;
import dev.taper.revocation.RevocationFile;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.token.Token;
import dev.taper.trust.RootKeySet;
import dev.taper.trust.RootKeySet.RootKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Writes the files of a service and its agents, as this version writes them. */
final class KeptWriter {
  static final ExchangeProof.Subject EXCHANGE =
      new ExchangeProof.Subject(
          "https://issuer.example.com", "eyJ.eyJ.sig", "[{\"type\":\"taper_grant\"}]");
  static final RevocationEntry ENDED = task("T-ended");
  static final RevocationEntry LATER = task("T-ended-later");

  private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final RevocationIssuer.Horizon HORIZON =
      new RevocationIssuer.Horizon(Duration.ofHours(1), Duration.ofDays(1));

  private final Path folder;
  private final Map<String, PrivateKey> keys = new TreeMap<>();

  private KeptWriter(Path folder) {
    this.folder = folder;
  }

  static void write(Path folder) throws IOException {
    KeptWriter writer = new KeptWriter(folder);
    for (String part : List.of("keys", "tokens", "proofs", "approvals")) {
      Files.createDirectory(folder.resolve(part));
    }
    writer.keys();
    writer.trust();
    writer.tokens();
    writer.plainTokens();
    writer.revocations();
    try (KeptService service = new KeptService(folder)) {
      writer.calls(service);
    }
  }

  static RevocationEntry task(String name) {
    return RevocationEntry.forever(RevocationEntry.Kind.TASK, Fingerprint.ofTask(name));
  }

  private PrivateKey key(String name) {
    return Objects.requireNonNull(keys.get(name));
  }

  private void keys() throws IOException {
    for (String name : List.of("root", "revoker", "registrar", "planner", "reviewer", "audit")) {
      keys.put(name, PrivateKey.generate(Algorithm.ED25519));
    }
    for (String name : List.of("researcher", "boss")) {
      keys.put(name, PrivateKey.generate(Algorithm.SECP256R1));
    }
    for (Map.Entry<String, PrivateKey> each : keys.entrySet()) {
      each.getValue().save(folder.resolve("keys/" + each.getKey() + ".key"));
      text("keys/" + each.getKey() + ".pub", each.getValue().publicKey() + "\n");
    }
    KeptService.encrypt(folder, "sealed-root", key("root"));
  }

  private void trust() throws IOException {
    RootKeySet roots =
        RootKeySet.of(
            CLOCK,
            List.of(
                new RootKey(key("root").publicKey(), 7, "issuer:acme", NOON.plus(YEAR)),
                RootKey.of(8, key("boss").publicKey())));
    text("roots.json", roots.write());
    NamesFile names =
        NamesFile.builder()
            .number(3)
            .agent("agent:planner", key("planner").publicKey())
            .agent("agent:researcher", key("researcher").publicKey())
            .approver("user:boss@acme.com", key("boss").publicKey())
            .group("finance", "user:boss@acme.com")
            .issuer("issuer:acme", key("root").publicKey())
            .build();
    text("names.json", names.sign(key("registrar")));
    text(
        "catalog.json",
        """
        {"format": "taper/1 catalog", "audience": "svc:jira",
         "origins": [{"origin": "https://jira.example.com"}],
         "tools": {"jira.search": {"operation": "read"}, "jira.delete": {"operation": "write"}}}
        """);
  }

  private Delegation delegation(String task) {
    return Delegation.by("user:alice@acme.com")
        .to(Agent.of("agent:planner", key("planner").publicKey()))
        .task(task, "triage")
        .audience(AUDIENCE)
        .expiresIn(YEAR);
  }

  private void tokens() throws IOException {
    Issuer issuer = Issuer.of(key("root")).clock(CLOCK).keyId(7);
    AgentToken held =
        issuer.mint(
            delegation("T-1")
                .grant("jira.search read on jira:project/A/*")
                .grant(Grant.tools("jira.delete").ifApproved(key("boss").publicKey()))
                .grant("jira.close if approved by 1 of group \"finance\""));
    token("planner", held);
    Agent researcher = Agent.of("agent:researcher", key("researcher").publicKey());
    AgentToken handedOn =
        held.delegate(key("planner"), Hop.to(researcher).grant("jira.search"), CLOCK);
    token("researcher", handedOn);
    token(
        "rotated", held.delegate(key("planner"), Hop.rotateTo(key("reviewer").publicKey()), CLOCK));
    token(
        "reviewed",
        held.append(
            held.thirdPartyRequest().sign(key("boss"), Datalog.block("seen(1);")), key("planner")));
    token("bearer", held.delegate(key("planner"), Hop.toBearer().grant("jira.search"), CLOCK));
    token("sealed", held.seal(key("planner")));
    token("ended", issuer.mint(delegation("T-ended").grant("jira.search")));
    token("ended-later", issuer.mint(delegation("T-ended-later").grant("jira.search")));
    token(
        "budgeted",
        issuer.mint(
            delegation("T-2").grant("jira.search").budget("at most 3 calls from acme as trip")));
    token(
        "justified",
        issuer
            .mint(delegation("T-3").grant("jira.delete if justified within 15m"))
            .justify(
                key("planner"),
                Justification.of("jira.delete", "a duplicate", Duration.ofMinutes(15), CLOCK)));
  }

  private void token(String name, AgentToken token) throws IOException {
    text("tokens/" + name + ".token", token.encodeBase64() + "\n");
  }

  /** Tokens of Biscuit without the profile, with what its versions added. */
  private void plainTokens() throws IOException {
    Token token =
        Token.mint(
            key("root"),
            Datalog.block(
                """
                user(1); tags({"a", "b"}); nothing(null); list([1, 2], {"k": hex:00ff});
                check if time($t), $t < 2027-11-27T12:00:00Z;
                check all user($u), $u > 0 && "abc".matches("a.*");
                reject if banned(true);
                """));
    token = token.append(token.thirdPartyRequest().sign(key("boss"), Datalog.block("group(1)")));
    text("tokens/plain.token", token.encodeBase64() + "\n");
    PolicySet policies =
        PolicySet.of(Datalog.authorizer("seen($u) <- user($u); allow if seen(1); deny if true;"));
    text(
        "plain.snapshot",
        policies.authorizer(token).time(CLOCK).run().snapshot().encodeBase64() + "\n");
  }

  private void revocations() throws IOException {
    RevocationIssuer issuer = RevocationIssuer.of(key("revoker"));
    RevocationFile list = RevocationFile.of(folder.resolve("revoked.list"), CLOCK);
    var unused = list.revoke(issuer, List.of(ENDED, task("T-lifted")), HORIZON);
    unused = list.revoke(issuer, List.of(task("T-more")), HORIZON);
    unused = list.lift(issuer, task("T-lifted").fingerprint(), "a mistake", HORIZON);
  }

  /** Calls, so that memories and the log have something to remember. */
  private void calls(KeptService service) throws IOException {
    AgentToken planner = service.token("planner");
    String used = planner.prove(key("planner"), SEARCH, AUDIENCE, CLOCK).encodeBase64();
    text("proofs/used.proof", used + "\n");
    assertThat(
            service.verifier.decide(Credentials.of(planner.encodeBase64(), used), SEARCH).allowed())
        .isTrue();
    String unused = planner.prove(key("planner"), SEARCH, AUDIENCE, CLOCK).encodeBase64();
    text("proofs/unused.proof", unused + "\n");
    proof("http", planner, HTTP);
    proof("mcp", planner, MCP);
    text("proofs/offer.proof", planner.proveOffer(key("planner"), AUDIENCE, CLOCK).encodeBase64());
    text(
        "proofs/exchange.proof",
        ExchangeProof.make(key("planner"), EXCHANGE, CLOCK).encodeBase64());

    ApprovalRequest request = planner.requestApproval(DELETE, AUDIENCE, "a duplicate");
    text("approvals/request.json", request.encode());
    Approval approval =
        request.approve(key("boss"), Approval.Terms.lasting(Duration.ofHours(1)).uses(2), CLOCK);
    text("approvals/twice.approval", approval.encodeBase64());
    SentApprovals approvals = SentApprovals.of(List.of(approval.encodeBase64()));
    assertThat(service.decide(planner, "planner", DELETE, approvals).allowed()).isTrue();
    assertThat(service.decide(planner, "planner", DELETE).allowed()).isFalse();
    assertThat(service.decide(service.token("budgeted"), "planner", SEARCH).allowed()).isTrue();
    assertThat(service.decide(service.token("justified"), "planner", DELETE).allowed()).isTrue();
    assertThat(service.decide(service.token("ended"), "planner", SEARCH).allowed()).isFalse();
  }

  private void proof(String name, AgentToken token, SentCall call) throws IOException {
    String proof =
        token.prove(key("planner"), call, AUDIENCE, SentApprovals.NONE, CLOCK).encodeBase64();
    text("proofs/" + name + ".proof", proof + "\n");
  }

  private void text(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text, UTF_8);
  }
}
