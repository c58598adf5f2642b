package dev.taper.server.issuer;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.grant.Budget;
import dev.taper.agent.grant.Grants;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.audit.AuditLog;
import dev.taper.audit.AuditSink;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.RootKeys;
import dev.taper.datalog.parser.Datalog;
import dev.taper.integrations.http.RefusedException;
import dev.taper.revocation.Fingerprint;
import dev.taper.revocation.Revocations;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.oidc.Provider;
import dev.taper.server.oidc.SignInProvider;
import dev.taper.server.oidc.Subject;
import dev.taper.store.Database;
import dev.taper.store.registry.Registry;
import dev.taper.testing.SettableClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An issuer with a provider, three people, two agents, and everything that it stands on. */
final class IssuerWorld implements AutoCloseable {
  static final String ISSUER = SignInProvider.AUDIENCE;
  static final String ALICE = "user:alice@acme.com";
  static final String DETAILS =
      "[{\"type\":\"taper_grant\",\"template\":\"read\",\"task\":\"T-4711\"}]";

  private static final String POLICY =
      """
      trusting previous;
      offered("read", "engineer"); offered("close", "engineer"); offered("secret", "lead");
      offered("once", "engineer"); offered("careful", "engineer");
      check if arg("template", $t), arg("roles", $roles), offered($t, $r), $roles.contains($r);
      check if arg("agent", "agent:planner");
      check if arg("lifetime", $s), $s <= 3600;
      check if arg("depth", $d), $d <= 2;
      check if
        arg("template", $t), arg("approved_by", $g), arg("consent", $c),
        ($t !== "close" || $g === "leads")
          && ($t !== "careful" || ["confirmed", "renewed"].contains($c));
      allow if tool("taper.grant");
      """;

  final SettableClock clock = new SettableClock(Instant.parse("2030-01-01T12:00:00Z"));
  final SignInProvider provider = new SignInProvider(clock);
  final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey planner = PrivateKey.generate(Algorithm.SECP256R1);
  final PrivateKey janitor = PrivateKey.generate(Algorithm.ED25519);
  final PrivateKey stranger = PrivateKey.generate(Algorithm.ED25519);
  final Set<Fingerprint> revoked = ConcurrentHashMap.newKeySet();
  final Registry registry;
  final Path logFile;
  final AuditLog log;

  volatile Revocations.RevocationStatus list = Revocations.RevocationStatus.FRESH;

  /** What happens while somebody looks at what is revoked: a token is made, and not used yet. */
  volatile Runnable whileLooking = () -> {};

  /** Of issuers that are made from now on. */
  ReplayMemory subjects = ReplayMemory.inMemory();

  volatile List<EnrolledAgent> enrolled =
      List.of(
          new EnrolledAgent("agent:planner", planner.publicKey(), Set.of(client("planner-app"))),
          new EnrolledAgent("agent:janitor", janitor.publicKey(), Set.of(client("janitor-app"))));

  private EnrolledAgent.Client client(String id) {
    return new EnrolledAgent.Client(provider.issuer, id);
  }

  final Database database;

  IssuerWorld(Path folder) {
    database = Database.open("sqlite:" + folder.resolve("registry.db"), folder);
    registry = new Registry(database, clock);
    logFile = folder.resolve("audit.log");
    log =
        AuditLog.on(AuditSink.inFile(logFile, clock), PrivateKey.generate(Algorithm.ED25519))
            .clock(clock)
            .open();
  }

  final People people = people();

  final Verifier verifier =
      Verifier.trusting(RootKeys.of(root.publicKey()))
          .audience("svc:issuer")
          .callerStatesMeaning()
          .clock(clock)
          .revocations(
              (fingerprints, now) -> {
                whileLooking.run();
                int at = -1;
                for (int i = 0; i < fingerprints.size() && at < 0; i++) {
                  at = revoked.contains(fingerprints.get(i)) ? i : -1;
                }
                return new Revocations.RevocationCheck(list, at, 1, now);
              })
          .build();

  static Template template(
      String name, String grants, int depth, Duration renewable, String... more) {
    return new Template(
        name,
        Grants.parse(grants),
        Duration.ofHours(1),
        depth,
        name.equals("read") ? List.of("svc:jira", "svc:wiki") : List.of(),
        name.equals("read") ? List.of(Budget.parse("at most 100 calls as reading")) : List.of(),
        renewable.isZero() ? null : renewable,
        List.of(more));
  }

  static List<Template> templates() {
    return List.of(
        template(
            "read",
            "jira.search read on jira:project/ACME/* or jira.list list",
            1,
            Duration.ofHours(3)),
        template("close", "jira.close close", 0, Duration.ofHours(2), "finance", "leads"),
        template("secret", "vault.read", 0, Duration.ZERO),
        template("once", "jira.once", 0, Duration.ZERO),
        template("careful", "jira.careful", 0, Duration.ofHours(2)));
  }

  People people(String... suspended) {
    return new MappedPeople(
        List.of(
            new MappedPeople.Row(
                new Subject(provider.issuer, "alice-1"), ALICE, Set.of("engineer")),
            new MappedPeople.Row(new Subject(provider.issuer, "bob-1"), "user:bob", Set.of())),
        Map.of(provider.issuer, new MappedPeople.Rule(null, "realm.roles", List.of("department"))),
        List.of(suspended),
        SeenPeople.inMemory());
  }

  TokenIssuer issuer() {
    return issuer(people, templates(), POLICY);
  }

  TokenIssuer issuer(People people, List<Template> templates) {
    return issuer(people, templates, POLICY);
  }

  TokenIssuer issuer(People people, List<Template> templates, String policy) {
    return issuer(people, templates, policy, IssuerParts.DEFAULT_TURNS);
  }

  TokenIssuer issuer(People people, List<Template> templates, String policy, int turns) {
    return issuer(List.of(provider), people, templates, policy, turns);
  }

  /** An issuer that trusts these people of several providers, in all that they offer. */
  TokenIssuer issuer(List<SignInProvider> providers, People trusted) {
    return issuer(providers, trusted, templates(), POLICY, IssuerParts.DEFAULT_TURNS);
  }

  private TokenIssuer issuer(
      List<SignInProvider> providers,
      People people,
      List<Template> templates,
      String policy,
      int turns) {
    EnrolledAgents agents =
        new EnrolledAgents() {
          @Override
          public @Nullable EnrolledAgent byKey(PublicKey key) {
            return EnrolledAgents.of(enrolled).byKey(key);
          }

          @Override
          public List<EnrolledAgent> all() {
            return enrolled;
          }
        };
    return TokenIssuer.of(
        new IssuerParts(
            ISSUER,
            new IssuerParts.Trusted(
                providers.stream()
                    .map(
                        one ->
                            new IssuerParts.TrustedProvider(
                                IdentityTokens.of(Provider.of(one.issuer), clock), ISSUER))
                    .toList(),
                people,
                agents),
            new IssuerParts.Offered(templates, PolicySet.of(Datalog.authorizer(policy)), turns),
            new IssuerParts.Signing(root, OptionalInt.empty(), () -> verifier),
            new IssuerParts.Kept(
                ReplayMemory.inMemory(), subjects, new Records(log, registry, clock)),
            clock));
  }

  /** What the planner asks, with the token of Alice that changes make. */
  ExchangeRequest request(String details, Consumer<JWTClaimsSet.Builder> changes) {
    return request(planner, provider.token(changes), details);
  }

  ExchangeRequest request(String details) {
    return request(details, claims -> {});
  }

  ExchangeRequest request(PrivateKey agent, String token, String details) {
    ExchangeProof proof =
        ExchangeProof.make(agent, new ExchangeProof.Subject(ISSUER, token, details), clock);
    return new ExchangeRequest(token, proof.encodeBase64(), details, null);
  }

  static String details(String template, String more) {
    return "[{\"type\":\"taper_grant\",\"template\":\""
        + template
        + "\",\"task\":\"T-4711\""
        + more
        + "}]";
  }

  /** Asks for a renewal of a token, with a proof by a key. */
  AgentToken renew(TokenIssuer issuer, AgentToken token, PrivateKey holder)
      throws RefusedException {
    SentHttp sent = SentHttp.of("POST", ISSUER, "/v1/renew");
    String proof =
        token.prove(holder, sent, "svc:issuer", SentApprovals.NONE, clock).encodeBase64();
    return issuer.renew(new Credentials(token.encodeBase64(), proof, List.of()), sent);
  }

  /** The records of the log, each as it stands there. */
  List<String> records() {
    try (Stream<String> lines = Files.lines(logFile)) {
      return new ArrayList<>(lines.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    log.close();
    database.close();
    provider.close();
  }
}
