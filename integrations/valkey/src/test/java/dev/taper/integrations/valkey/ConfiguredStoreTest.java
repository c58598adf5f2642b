package dev.taper.integrations.valkey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.decision.CallDecision;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Delegation;
import dev.taper.agent.delegation.Issuer;
import dev.taper.agent.grant.Grant;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Stores;
import dev.taper.operations.Workplace;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.config.TaperConfig;
import dev.taper.testing.Denials;
import dev.taper.testing.Refused;
import dev.taper.testing.ValkeyServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service whose configuration names a store. */
class ConfiguredStoreTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ToolCall CALL =
      ToolCall.of("jira.delete").on("jira:project/ACME/Q3/12").operation("delete");

  @TempDir Path folder;

  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey planner = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey boss = PrivateKey.generate(Algorithm.ED25519);

  private TaperConfig config(String address) throws Exception {
    Files.writeString(folder.resolve("open.datalog"), "allow if true;");
    String text =
        """
        audience=svc:jira
        root-keys=%s
        revocations=none
        catalog=none
        policies[0]=open.datalog
        deadline=20s
        replay-memory=%2$s
        approval-uses=%2$s
        budgets.acme=%2$s
        """
            .formatted(root.publicKey(), address);
    return TaperConfig.parse("service.properties", text, new Workplace(folder, CLOCK));
  }

  private AgentToken token() {
    return Issuer.of(root)
        .mint(
            Delegation.by("user:alice@acme.com")
                .to(Agent.of("agent:planner", planner.publicKey()))
                .task("T-1")
                .grant(Grant.tools("jira.delete").ifApproved(boss.publicKey()))
                .budget("at most 10 calls from acme as trip")
                .expiresIn(HOUR));
  }

  private static String answer(CallDecision decision) {
    DenialCode code = Denials.codeOf(decision);
    return code == null ? "allowed" : code.text();
  }

  @Test
  void decide_allInOneStore_isOneScriptForACall() throws Exception {
    AgentToken token = token();
    String approval =
        token
            .requestApproval(CALL, "svc:jira", "a duplicate")
            .approve(boss, Approval.Terms.lasting(HOUR).once(), CLOCK)
            .encodeBase64();
    SentApprovals sent = SentApprovals.of(List.of(approval));
    try (ValkeyServer own = ValkeyServer.start(folder, ValkeyServer.DURABLE)) {
      String alone = own.address("a");
      try (ValkeyStore store = ValkeyStore.at(alone).open()) {
        store.begin(EnumSet.allOf(ValkeyStore.Memory.class));
      }
      try (ConfiguredVerifier service = config(alone).open()) {
        long before = own.calls("evalsha");
        String proof = token.prove(planner, CALL.sent(), "svc:jira", sent, CLOCK).encodeBase64();
        assertThat(
                answer(
                    service
                        .verifier()
                        .decide(
                            new Credentials(token.encodeBase64(), proof, List.of(approval)), CALL)))
            .isEqualTo("allowed");
        assertThat(own.calls("evalsha") - before).isEqualTo(1);
        assertThat(service.health().ready()).isTrue();
      }
      // Another process of the service knows all of it.
      try (ConfiguredVerifier other = config(alone).open()) {
        String again = token.prove(planner, CALL.sent(), "svc:jira", sent, CLOCK).encodeBase64();
        assertThat(
                answer(
                    other
                        .verifier()
                        .decide(
                            new Credentials(token.encodeBase64(), again, List.of(approval)), CALL)))
            .isEqualTo("approval_used");
      }
    }
  }

  @Test
  void open_serverThatDoesNotKeepWhatItConfirms_isRefused() throws Exception {
    try (ValkeyServer server = ValkeyServer.start(folder, ValkeyServer.EVERY_SECOND)) {
      TaperConfig config = config(server.address("a"));

      Refused.with(
          ErrorCode.DATABASE_FAILED, "appendfsync is everysec and must be always", config::open);
    }
  }

  @Test
  void explain_store_saysForWhom() throws Exception {
    assertThat(config("valkey://taper@127.0.0.1?name=jira").explain().toString())
        .contains("for all that share valkey://...@127.0.0.1");
  }

  @Test
  void shared_kindThatNobodyOpens_isUsage() {
    try (Stores stores = new Stores(new Workplace(folder, CLOCK))) {
      assertThatThrownBy(() -> stores.shared(new Place.Shared("memcached://localhost")))
          .isInstanceOfSatisfying(
              OperationException.class, e -> assertThat(e.code()).isEqualTo("usage"));
    }
    assertThat(Stores.opens(new Place.Shared("valkey://localhost"))).isTrue();
    assertThat(Stores.opens(new Place.Shared("memcached://localhost"))).isFalse();
  }
}
