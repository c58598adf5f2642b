package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.audit.AuditKind;
import dev.taper.authorizer.PolicySet;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.findings.AbuseWatch;
import dev.taper.operations.findings.Finding;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.policies.Policies;
import dev.taper.revocation.RevocationIssuer.Horizon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configured service notices. */
class FindingsSettingTest {
  private static final TaperConfig.Library LIBRARY =
      new TaperConfig.Library() {
        @Override
        public Collection<String> names() {
          return Policies.names();
        }

        @Override
        public PolicySet.Part part(String name) {
          return Policies.part(name);
        }
      };

  @TempDir Path folder;

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);

  private TaperConfig config(String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("revocations: none");
    return listed(all.toArray(new String[0]));
  }

  private TaperConfig listed(String... lines) {
    String text =
        "audience: svc:jira\ncatalog: none\n# \nroot-keys: "
            + root.publicKey()
            + "\n"
            + String.join("\n", lines);
    return TaperConfig.parse("service.yaml", text, new Workplace(folder, Clock.systemUTC()))
        .with(LIBRARY);
  }

  private AgentToken token(PrivateKey key) {
    return Issuer.of(root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:prober", key.publicKey()))
                .task("T-1")
                .grant("jira.search")
                .expiresIn(Duration.ofHours(1)));
  }

  private static CallDecision decide(
      ConfiguredVerifier service, AgentToken token, PrivateKey key, String tool) {
    ToolCall call = ToolCall.of(tool);
    return service
        .verifier()
        .decide(token.token(), call, token.prove(key, call, "svc:jira"), SentApprovals.NONE);
  }

  private List<String> found(TaperConfig config, int denials) {
    return found(config, PrivateKey.generate(Algorithm.ED25519), denials);
  }

  private List<String> found(TaperConfig config, PrivateKey key, int denials) {
    AgentToken token = token(key);
    try (ConfiguredVerifier service = config.open()) {
      for (int i = 0; i < denials; i++) {
        assertThat(decide(service, token, key, "jira.delete").allowed()).isFalse();
      }
      AbuseWatch watch = Objects.requireNonNull(service.findings());
      watch.drain();
      return watch.health().recent().stream().map(Finding::rule).toList();
    }
  }

  @Test
  void findings_notSet_areThoseOfTheLibrary() {
    assertThat(found(config(), 8)).containsExactly("repeated_denials");
    assertThat(found(config(), 7)).isEmpty();
    assertThat(config().explain().toString()).contains("decisions are watched for abuse");
  }

  @Test
  void findings_none_isSpelledOut() {
    TaperConfig config = config("findings: none");
    try (ConfiguredVerifier service = config.open()) {
      assertThat(service.findings()).isNull();
    }
    assertThat(config.explain().toString()).contains("nothing is noticed in decisions");
  }

  @Test
  void findings_withoutALibrary_areNone() {
    String text = "audience: a\ncatalog: none\nrevocations: none\nroot-keys: " + root.publicKey();
    TaperConfig alone =
        TaperConfig.parse("service.yaml", text, new Workplace(folder, Clock.systemUTC()));
    try (ConfiguredVerifier service = alone.open()) {
      assertThat(service.findings()).isNull();
    }
  }

  @Test
  void findings_otherLimits_hold() {
    TaperConfig config = config("findings: {limits: {agent: {denials: 2}}}");

    assertThat(found(config, 2)).containsExactly("repeated_denials");
    assertThat(found(config("findings: {off: [repeated_denials]}"), 20)).isEmpty();
    assertThat(config.explain().toString()).contains("agent.denials from 2");
  }

  @Test
  void findings_ownRules_replaceTheLibrarys() throws IOException {
    Files.writeString(
        folder.resolve("own.datalog"),
        "finding(\"denied\", $who) <- counted($who, \"denials\", $n);");

    assertThat(found(config("findings: {rules: own.datalog}"), 1)).contains("denied");
  }

  @Test
  void findings_ask_holdBackByAFile() throws IOException {
    TaperConfig config = config("findings: {ask: [repeated_denials], held-back: held.keys}");

    assertThat(found(config, 8)).containsExactly("repeated_denials");
    assertThat(Files.readString(folder.resolve("held.keys"))).contains("agent:prober");
    assertThat(config.explain().toString()).contains("until a person changes held.keys");
    assertThatThrownBy(() -> config("findings: {ask: [repeated_denials]}"))
        .hasMessageContaining("this needs held-back");
    assertThatThrownBy(() -> config("findings: {ask: [denials], held-back: a}").open())
        .hasMessageContaining("there is no rule about abuse denials");
  }

  @Test
  void findings_revoke_endsTheKeyInTheServicesList() throws IOException {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    key.save(folder.resolve("list.key"));
    var unused =
        new Revoker(
                new Workplace(folder, Clock.systemUTC()),
                new Revoker.Issue(
                    new Place.File("revoked.list"), () -> copy("list.key"), Horizon.KEPT),
                AuditRecorder.none(),
                null)
            .revoke(AuditKind.REVOKE, Revocable.task("T-0"));
    String list = "revocations: {list: revoked.list, keys: " + key.publicKey() + ", memory: none}";
    String revoke = "findings: {revoke: [repeated_denials], revoke-key: list.key, held-back: h}";
    PrivateKey agent = PrivateKey.generate(Algorithm.ED25519);

    assertThat(found(listed(list, revoke), agent, 8)).containsExactly("repeated_denials");

    Files.delete(folder.resolve("h"));
    try (ConfiguredVerifier restarted = listed(list).open()) {
      CallDecision decision = decide(restarted, token(agent), agent, "jira.search");
      assertThat(((CallDecision.Denied) decision).code()).isEqualTo(DenialCode.REVOKED);
    }
    assertThatThrownBy(() -> config(revoke))
        .hasMessageContaining("revoking needs a list in a file or a database");
    assertThatThrownBy(() -> listed(list, "findings: {revoke: [replays], held-back: h}"))
        .hasMessageContaining("this needs revoke-key");
  }

  private PrivateKey copy(String file) {
    return PrivateKey.load(folder.resolve(file));
  }

  @Test
  void findings_mistakes_haveTheirPlace() {
    assertThatThrownBy(() -> config("findings: on").open())
        .hasMessageContaining(
            "service.yaml:5:1: findings has rules, off, ask, held-back and limits, or is none");
    assertThatThrownBy(() -> config("findings: {of: [replays]}").open())
        .hasMessageContaining("did you mean off?");
    assertThatThrownBy(() -> config("findings: {off: [replay]}").open())
        .hasMessageContaining("service.yaml:5:")
        .hasMessageContaining("did you mean replays?");
    assertThatThrownBy(() -> config("findings: {limits: {agent: {denials: 65}}}").open())
        .hasMessageContaining("service.yaml:5:")
        .hasMessageContaining("from 1 to 64");
    assertThatThrownBy(() -> config("findings: {limits: {agent: {denial: 6}}}").open())
        .hasMessageContaining("did you mean agent.denials?");
    assertThatThrownBy(() -> config("findings: {rules: absent.datalog}").open())
        .hasMessageContaining("cannot read absent.datalog");
  }
}
