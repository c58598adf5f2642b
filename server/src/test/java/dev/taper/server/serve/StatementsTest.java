package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.Hop;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.audit.AuditSource;
import dev.taper.audit.AuditVerifier;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.operations.revoking.Revocable;
import dev.taper.operations.revoking.Revoker;
import dev.taper.operations.trail.AuditRecorder;
import dev.taper.operations.trail.AuditStatement;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.testing.FreePort;
import dev.taper.testing.SettableClock;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holders state to the role audit, which alone has the key of the log. */
class StatementsTest {
  private static final String AUDIENCE = "svc:audit";

  @TempDir Path folder;
  private final SettableClock clock = new SettableClock(Instant.now());
  private final ServeWorld world = new ServeWorld();
  private final PrivateKey logKey = PrivateKey.generate(Algorithm.ED25519);
  private final PrivateKey researcher = PrivateKey.generate(Algorithm.ED25519);
  private final AgentToken handedOn =
      world.token.delegate(
          world.planner,
          Hop.to(Agent.of("agent:researcher", researcher.publicKey())).grant("jira.ping read"));
  private String url = "";

  @BeforeEach
  void files() throws Exception {
    logKey.save(folder.resolve("audit.key"));
    Files.writeString(folder.resolve("root.pub"), world.root.publicKey().toString());
    url = "http://127.0.0.1:" + FreePort.next();
  }

  private Served serve(String revocations) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("audit.yaml"),
            "audience: svc:audit\nroot-keys: root.pub\ncatalog: none\nrevocations: "
                + revocations
                + "\naudit: {log: audit.jsonl, key: audit.key}\ndeadline: 20s\n");
    return Served.start(
        clock,
        "--role",
        "audit",
        "--config",
        config,
        "--audit-url",
        url,
        "--listen",
        url.substring("http://".length()));
  }

  private Served serve() throws Exception {
    return serve("none");
  }

  private AuditStatement.Server submission() {
    return AuditStatement.Server.at(url, AUDIENCE, clock);
  }

  /** What the log holds beside its own records; its signature is verified. */
  private List<AuditEvent> events() {
    List<AuditEvent> events = new ArrayList<>();
    var found =
        AuditVerifier.trusting(List.of(logKey.publicKey()))
            .verify(
                AuditSource.of(folder.resolve("audit.jsonl")),
                record -> {
                  if (record.content() instanceof AuditEvent event) {
                    events.add(event);
                  }
                });
    assertThat(found.consistent()).as(String.valueOf(found.flaw())).isTrue();
    return events;
  }

  private HttpRequest request(AgentToken before, PrivateKey holder, byte[] content) {
    SentHttp sent =
        SentHttp.of("POST", url, AuditStatement.PATH).ownContent("application/json", content);
    String proof = before.prove(holder, sent, AUDIENCE, SentApprovals.NONE, clock).encodeBase64();
    return HttpRequest.newBuilder(URI.create(url + AuditStatement.PATH))
        .header("Content-Type", "application/json")
        .header("Authorization", "Taper " + before.encodeBase64())
        .header("Taper-Proof", proof)
        .POST(HttpRequest.BodyPublishers.ofByteArray(content))
        .build();
  }

  @Test
  void statement_delegation_isRecordedWithoutAnyKeyOfTheLog() throws Exception {
    try (Served served = serve()) {
      assertThat(served.line).contains("ready, audit at ");
      submission().submit(world.token, world.planner, handedOn);
    }
    AuditEvent event = events().get(0);
    assertThat(event.kind()).isEqualTo(AuditKind.DELEGATE);
    assertThat(event.by()).isEqualTo("agent:planner");
    assertThat(event.hops()).hasSize(2);
    assertThat(event.hops().get(1).granted()).contains("jira.ping");
  }

  @Test
  void statement_justification_isRecordedWithItsReason() throws Exception {
    AgentToken justified =
        world.token.justify(
            world.planner,
            Justification.of("jira.ping", "to see", Duration.ofMinutes(5), Clock.systemUTC()));
    try (Served served = serve()) {
      assertThat(served.port()).isPositive();
      submission().submit(world.token, world.planner, justified);
    }
    AuditEvent event = events().get(0);
    assertThat(event.kind()).isEqualTo(AuditKind.JUSTIFY);
    assertThat(event.by()).isEqualTo("agent:planner");
    assertThat(Objects.requireNonNull(event.subject()).reason()).isEqualTo("to see");
  }

  @Test
  void statement_seal_isRecordedAndTheSealedTokenGoesNowhere() throws Exception {
    AgentToken sealed = world.token.seal(world.planner);
    assertThat(new String(AuditStatement.of(sealed).content(), StandardCharsets.UTF_8))
        .doesNotContain(sealed.encodeBase64())
        .doesNotContain("token");
    try (Served served = serve()) {
      assertThat(served.port()).isPositive();
      submission().submit(world.token, world.planner, sealed);
      submission().submit(world.token, world.planner, handedOn);
      submission().submit(world.token, world.planner, sealed);
      submission().submit(handedOn, researcher, handedOn.seal(researcher));
    }
    List<AuditEvent> events = events();
    assertThat(events)
        .extracting(event -> event.kind() + " by " + event.by())
        .containsExactly(
            "SEAL by agent:planner", "DELEGATE by agent:planner", "SEAL by agent:researcher");
    assertThat(events.get(0).hops()).hasSize(1);
    assertThat(events.get(2).token()).isEqualTo(events.get(1).token());
  }

  @Test
  void statement_sealOfAnotherTokenOrByAnother_isRefused() throws Exception {
    byte[] seal = AuditStatement.of(world.token.seal(world.planner)).content();
    byte[] others = AuditStatement.of(world.wide.seal(world.planner)).content();
    try (Served served = serve()) {
      var other = served.send(request(world.token, world.planner, others));
      assertThat(other.statusCode()).isEqualTo(400);
      assertThat(other.body()).contains("other_token");
      assertThat(served.send(request(handedOn, researcher, seal)).statusCode()).isEqualTo(400);
      PrivateKey mallory = PrivateKey.generate(Algorithm.ED25519);
      HttpRequest forged =
          HttpRequest.newBuilder(request(handedOn, researcher, seal), (n, v) -> true)
              .setHeader("Authorization", "Taper " + world.token.encodeBase64())
              .build();
      assertThat(served.send(forged).statusCode()).isEqualTo(401);
      assertThatThrownBy(() -> request(world.token, mallory, seal)).isNotNull();
    }
    assertThat(events()).isEmpty();
  }

  @Test
  void statement_again_isAnsweredAndRecordedOnce() throws Exception {
    try (Served served = serve()) {
      assertThat(served.port()).isPositive();
      submission().submit(world.token, world.planner, handedOn);
      submission().submit(world.token, world.planner, handedOn);
    }
    assertThat(events()).hasSize(1);
  }

  @Test
  void statement_requestReplayed_isRefused() throws Exception {
    try (Served served = serve()) {
      HttpRequest request =
          request(world.token, world.planner, AuditStatement.of(handedOn).content());
      assertThat(served.send(request).statusCode()).isEqualTo(200);
      var again = served.send(request);
      assertThat(again.statusCode()).isEqualTo(401);
      assertThat(again.body()).contains("proof_replayed");
    }
    assertThat(events()).hasSize(1);
  }

  @Test
  void statement_byAnotherThanTheHolder_isRefused() throws Exception {
    try (Served served = serve()) {
      byte[] content = AuditStatement.of(handedOn).content();
      for (HttpRequest request :
          List.of(
              request(handedOn, researcher, content), // it did not add the last block
              HttpRequest.newBuilder(request(world.token, world.planner, content), (n, v) -> true)
                  .setHeader("Authorization", "Taper " + world.wide.encodeBase64())
                  .build(),
              HttpRequest.newBuilder(request(world.token, world.planner, content), (n, v) -> true)
                  .POST(
                      HttpRequest.BodyPublishers.ofByteArray(
                          AuditStatement.of(world.wide).content()))
                  .build())) {
        assertThat(served.send(request).statusCode()).isBetween(400, 403);
      }
    }
    assertThat(events()).isEmpty();
  }

  @Test
  void statement_tokenOfAnotherRoot_isRefused() throws Exception {
    ServeWorld other = new ServeWorld();
    AgentToken theirs =
        other.token.delegate(
            other.planner,
            Hop.to(Agent.of("agent:x", researcher.publicKey())).grant("jira.ping read"));
    try (Served served = serve()) {
      var answer =
          served.send(request(other.token, other.planner, AuditStatement.of(theirs).content()));
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThatThrownBy(() -> submission().submit(other.token, other.planner, theirs))
          .isInstanceOf(OperationException.class)
          .hasMessageContaining("refuses the statement");
    }
    assertThat(events()).isEmpty();
  }

  @Test
  void statement_ofNoTokenOrOfTwoBlocksMore_isRefused() throws Exception {
    AgentToken further =
        handedOn.delegate(
            researcher,
            Hop.to(Agent.of("agent:y", world.boss.publicKey())).grant("jira.ping read"));
    try (Served served = serve()) {
      for (String content :
          List.of(
              "",
              "{}",
              "{\"format\":\"taper/1 statement\",\"token\":\"AAAA\"}",
              "{\"format\":\"taper/1 statement\",\"token\":\"AAAA\",\"kind\":\"allow\"}",
              new String(AuditStatement.of(further).content(), StandardCharsets.UTF_8),
              new String(AuditStatement.of(world.token).content(), StandardCharsets.UTF_8),
              "x".repeat(AuditStatement.MAX_BYTES + 1))) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        assertThat(served.send(request(world.token, world.planner, bytes)).statusCode())
            .as(content.substring(0, Math.min(60, content.length())))
            .isBetween(400, 413);
      }
    }
    assertThat(events()).isEmpty();
  }

  /** What the proof does not cover, or says otherwise than it is, is never recorded. */
  @Test
  void statement_otherwiseThanByItsOneRequest_isRefused() throws Exception {
    byte[] content = AuditStatement.of(handedOn).content();
    try (Served served = serve()) {
      URI other = URI.create(url + AuditStatement.PATH + "?a=b");
      for (HttpRequest.Builder hostile :
          List.of(
              HttpRequest.newBuilder(request(world.token, world.planner, content), (n, v) -> true)
                  .GET(),
              HttpRequest.newBuilder(request(world.token, world.planner, content), (n, v) -> true)
                  .uri(other),
              HttpRequest.newBuilder(request(world.token, world.planner, content), (n, v) -> true)
                  .header("Content-Encoding", "gzip"),
              HttpRequest.newBuilder(request(world.token, world.planner, content), (n, v) -> true)
                  .header("Taper-Approval", "AAAA"),
              HttpRequest.newBuilder(request(world.token, world.planner, content), (n, v) -> true)
                  .setHeader("Content-Type", "text/plain"))) {
        var answer = served.send(hostile.build());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("invalid_request");
      }
      URI elsewhere = URI.create(url + AuditStatement.PATH + "s");
      HttpRequest.Builder moved =
          HttpRequest.newBuilder(request(world.token, world.planner, content), (n, v) -> true);
      assertThat(served.send(moved.uri(elsewhere).build()).statusCode()).isEqualTo(404);
    }
    assertThat(events()).isEmpty();
  }

  /** A token that ended says nothing more, though its proof is made now. */
  @Test
  void statement_ofATokenThatEnded_isRefused() throws Exception {
    AgentToken brief =
        world.token.delegate(
            world.planner,
            Hop.to(Agent.of("agent:researcher", researcher.publicKey()))
                .grant("jira.ping read")
                .expiresIn(Duration.ofMinutes(1)));
    byte[] content = AuditStatement.of(brief.seal(researcher)).content();
    try (Served served = serve()) {
      clock.forward(Duration.ofMinutes(2));
      var answer = served.send(request(brief, researcher, content));
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("\"expired\"");
    }
    assertThat(events()).isEmpty();
  }

  @Test
  void start_atAnUrlThatHoldersCannotDial_isUsage() throws Exception {
    Path config = folder.resolve("audit.yaml");
    try (Served served = serve()) {
      assertThat(served.port()).isPositive();
    }
    for (String bad :
        List.of(
            "audit.example.com",
            "ftp://audit.example.com",
            "https://audit.example.com/",
            "https://alice@audit.example.com",
            "https:opaque",
            "https://a b")) {
      assertThatThrownBy(
              () -> Served.start("--role", "audit", "--config", config, "--audit-url", bad))
          .as(bad)
          .hasMessageContaining("--audit-url is how holders dial");
    }
  }

  @Test
  void statement_tooMany_areRefusedAndOtherDelegationsAreNot() throws Exception {
    int accepted = 0;
    int refused = 0;
    try (Served served = serve()) {
      for (int i = 0; i < 65; i++) {
        AgentToken one =
            world.token.delegate(
                world.planner,
                Hop.to(Agent.of("agent:" + i, PrivateKey.generate(Algorithm.ED25519).publicKey()))
                    .grant("jira.ping read"));
        var answer =
            served.send(request(world.token, world.planner, AuditStatement.of(one).content()));
        accepted += answer.statusCode() == 200 ? 1 : 0;
        refused += answer.body().contains("statements_too_often") ? 1 : 0;
      }
      AgentToken other =
          world.wide.delegate(
              world.planner,
              Hop.to(Agent.of("agent:other", researcher.publicKey())).grant("jira.ping read"));
      assertThat(
              served
                  .send(request(world.wide, world.planner, AuditStatement.of(other).content()))
                  .statusCode())
          .isEqualTo(200);
    }
    assertThat(accepted).isEqualTo(60);
    assertThat(refused).isEqualTo(5);
    assertThat(events()).hasSize(61);
  }

  @Test
  void statement_revokedToken_isRefused() throws Exception {
    PrivateKey revoker = PrivateKey.generate(Algorithm.ED25519);
    revoker.save(folder.resolve("revoker.key"));
    Files.writeString(folder.resolve("revoker.pub"), revoker.publicKey().toString());
    Revoker.Issue issue =
        new Revoker.Issue(
            Place.of("revoked.list"),
            () -> PrivateKey.load(folder.resolve("revoker.key")),
            new RevocationIssuer.Horizon(Duration.ofHours(2), Duration.ofHours(2)));
    Workplace here = new Workplace(folder, Clock.systemUTC());
    var revoked =
        new Revoker(here, issue, AuditRecorder.none(), null)
            .revoke(AuditKind.REVOKE, Revocable.holder(researcher.publicKey()));
    assertThat(revoked).isNotNull();
    String list = "{list: revoked.list, keys: [revoker.pub], memory: none}";
    try (Served served = serve(list)) {
      var answer =
          served.send(request(world.token, world.planner, AuditStatement.of(handedOn).content()));
      assertThat(answer.body()).contains("revoked");
      assertThat(answer.statusCode()).isEqualTo(401);
    }
    assertThat(events()).isEmpty();
  }

  @Test
  void start_withoutLogOrUrl_isUsage() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("none.yaml"),
            "audience: svc:audit\nroot-keys: root.pub\ncatalog: none\nrevocations: none\n");
    assertThatThrownBy(
            () -> Served.start("--role", "audit", "--config", config, "--audit-url", url))
        .hasMessageContaining("its configuration has audit");
    assertThatThrownBy(() -> Served.start("--role", "audit", "--config", config))
        .hasMessageContaining("--audit-url go together");
    assertThatThrownBy(
            () -> Served.start("--role", "audit,decide", "--config", config, "--audit-url", url))
        .hasMessageContaining("a process of its own");
    assertThatThrownBy(
            () -> AuditStatement.Server.at("http://audit.example.com", AUDIENCE, Clock.systemUTC()))
        .hasMessageContaining("without https");
    assertThatThrownBy(
            () -> AuditStatement.Server.at("https://a.example/x", AUDIENCE, Clock.systemUTC()))
        .hasMessageContaining("takes statements at a URL");
  }
}
