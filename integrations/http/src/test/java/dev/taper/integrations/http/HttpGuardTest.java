package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.decision.Verifier;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.RevocationList;
import dev.taper.testing.Refused;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What does not depend on a server. */
class HttpGuardTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final String SEARCH = "/projects/ACME/issues?limit=5";

  private final World world = new World();
  private final HttpGuard guard = HttpGuard.of(world.verifier(ORIGIN).build());

  private record Received(String method, String target, boolean isSecure, Map<String, String> lines)
      implements IncomingRequest {
    @Override
    public List<String> field(String name) {
      String value = lines.get(name.toLowerCase(Locale.ROOT));
      return value == null ? List.of() : List.of(value);
    }

    @Override
    public Collection<String> fieldNames() {
      return lines.keySet();
    }

    @Override
    public InputStream content() {
      return new ByteArrayInputStream(new byte[0]);
    }
  }

  private Received received(String target, boolean secure, String... more) {
    Map<String, String> lines = new TreeMap<>();
    List<String> all = new ArrayList<>(world.presented(SentHttp.of("GET", ORIGIN, SEARCH)));
    all.addAll(List.of(more));
    for (String line : all) {
      int colon = line.indexOf(':');
      lines.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    return new Received("GET", target, secure, lines);
  }

  private static String code(HttpGuard guard, IncomingRequest request) {
    try {
      return guard.judge(request).call().tool();
    } catch (RefusedException e) {
      return e.refusal().toString();
    }
  }

  @Test
  void judge_hostInAnySpelling_isTheOrigin() {
    for (String host : List.of("jira.example.com", "Jira.Example.com", "jira.example.com:443")) {
      assertThat(code(guard, received(SEARCH, true, "Host: " + host))).isEqualTo("jira.search");
    }
    assertThat(code(guard, received(SEARCH, false, "Host: jira.example.com")))
        .isEqualTo("401 request_mismatch");
    assertThat(code(guard, received(SEARCH, true, "Host: jira.example.com@evil")))
        .isEqualTo("400 invalid_request");
  }

  @Test
  void judge_behindAProxy_goesByWhatTheOperatorSays() {
    HttpGuard behind = guard.dialledAs(ORIGIN).targetFrom("Taper-Original-Target");
    assertThat(
            code(
                behind,
                received("/x", false, "Host: inner:8080", "Taper-Original-Target: " + SEARCH)))
        .isEqualTo("jira.search");
    assertThat(code(behind, received(SEARCH, false, "Host: inner:8080")))
        .isEqualTo("400 invalid_request");
    assertThat(
            code(
                guard,
                received("/x", true, "Host: jira.example.com", "Taper-Original-Target: " + SEARCH)))
        .isEqualTo("401 request_mismatch");
  }

  /** While one is looked at, the next is turned away, and its proof is as good as before. */
  @Test
  void judge_moreThanAtOnce_isOverloadedAndUsesNothing() {
    Received second = received(SEARCH, true, "Host: jira.example.com");
    List<String> seen = new ArrayList<>();
    AtomicReference<@Nullable HttpGuard> limited = new AtomicReference<>();
    limited.set(
        HttpGuard.of(
            world
                .verifier(ORIGIN)
                .callsAtOnce(1, 0)
                .listener(event -> seen.add(code(Objects.requireNonNull(limited.get()), second)))
                .build()));
    HttpGuard guard = Objects.requireNonNull(limited.get());

    assertThat(code(guard, received(SEARCH, true, "Host: jira.example.com")))
        .isEqualTo("jira.search");

    assertThat(seen).containsExactly("503 overloaded");
    assertThat(code(guard, second)).isEqualTo("jira.search");
  }

  @Test
  void around_judging_isRunWithinAndOnce() {
    ThreadLocal<String> within = ThreadLocal.withInitial(() -> "nothing");
    List<String> seen = new ArrayList<>();
    HttpGuard plain =
        HttpGuard.of(world.verifier(ORIGIN).listener(event -> seen.add(within.get())).build());
    Received named = received(SEARCH, true, "Host: jira.example.com", "X-Trace: seven");
    HttpGuard traced =
        plain
            .around(
                (request, judging) -> {
                  within.set(request.field("X-Trace").get(0));
                  judging.run();
                  judging.run();
                  within.remove();
                })
            .maxContent(10);

    assertThat(code(traced, named)).isEqualTo("jira.search");
    assertThat(code(traced, named)).isEqualTo("401 proof_replayed");
    assertThat(seen).containsExactly("seven", "seven");

    Received fresh = received(SEARCH, true, "Host: jira.example.com");
    assertThat(code(plain.around((request, judging) -> {}), fresh)).isEqualTo("503 unavailable");
    assertThat(
            code(
                plain.around(
                    (request, judging) -> {
                      judging.run();
                      throw new IllegalStateException("no");
                    }),
                fresh))
        .isEqualTo("jira.search");
  }

  @Test
  void judge_whatCannotBeKnown_isUnavailable() {
    RevocationList none =
        RevocationList.trusting(world.boss.publicKey()).forgottenAtRestart().build();
    Verifier unsure =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(World.AUDIENCE)
            .catalog(World.catalog(ORIGIN))
            .revocations(none)
            .build();
    Received request = received(SEARCH, true, "Host: jira.example.com");
    assertThatThrownBy(() -> HttpGuard.of(unsure).judge(request))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> {
              assertThat(e.refusal()).hasToString("503 revocation_unavailable");
              assertThat(e.refusal().fields()).containsEntry("Retry-After", "5");
              assertThat(e.refusal().detail()).isNull();
            });
  }

  @Test
  void judge_whatFailsUnexpectedly_isUnavailableWithoutAWord() {
    Verifier first = world.verifier(ORIGIN).build();
    List<Verifier> left = new ArrayList<>(List.of(first));
    HttpGuard broken = HttpGuard.of(() -> left.remove(0));
    assertThat(code(broken, received(SEARCH, true, "Host: jira.example.com")))
        .isEqualTo("503 unavailable");
  }

  @Test
  void answer_whatFailsUnexpectedly_isUnavailableWithoutAWord() {
    List<Verifier> left = new ArrayList<>(List.of(world.verifier(ORIGIN).build()));
    HttpAnswer answer =
        Objects.requireNonNull(
            HttpGuard.of(() -> left.remove(0)).answer(received(HttpGuard.WELL_KNOWN, true)));
    assertThat(answer.status()).isEqualTo(503);
    assertThat(new String(answer.content(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"status\":503,\"code\":\"unavailable\",\"detail\":\"it cannot be decided now\"}");
  }

  @Test
  void describe_aService_isWhatItSaysOfItself() {
    Verifier verifier = world.verifier(ORIGIN).build();
    byte[] said = guard.description(received(HttpGuard.WELL_KNOWN, true));
    assertThat(HttpGuard.describe(verifier))
        .isEqualTo(new String(Objects.requireNonNull(said), StandardCharsets.UTF_8))
        .contains("\"audience\":\"svc:jira\"");
  }

  @Test
  void maxContent_ofNothing_takesNone() {
    assertThat(code(guard.maxContent(0), received(SEARCH, true, "Host: jira.example.com")))
        .isEqualTo("jira.search");
    for (int wrong : new int[] {-1, Integer.MAX_VALUE}) {
      Refused.with(ErrorCode.INVALID_ARGUMENT, () -> guard.maxContent(wrong));
    }
  }

  @Test
  void guard_verifierWithoutCatalog_isRefused() {
    Verifier without =
        Verifier.trusting(RootKeys.of(world.root.publicKey()))
            .audience(World.AUDIENCE)
            .callerStatesMeaning()
            .withoutRevocation()
            .build();
    assertThatThrownBy(() -> HttpGuard.of(without))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  private String unseen(String method, String target, SentHttp proven, String... lines) {
    Map<String, String> fields = new TreeMap<>();
    List<String> all = new ArrayList<>(world.presented(proven));
    all.addAll(List.of(lines));
    for (String line : all) {
      int colon = line.indexOf(':');
      fields.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    fields.put("host", "jira.example.com");
    try {
      GuardedCall judged = guard.judgeUnseen(new Received(method, target, true, fields));
      assertThat(judged.content()).isEmpty();
      return judged.call().toJson();
    } catch (RefusedException e) {
      return e.refusal().toString();
    }
  }

  /** Somebody else has the content: its digest is enough where nobody reads it. */
  @Test
  void judgeUnseen_content_isJudgedByItsDigest() throws Exception {
    byte[] content = {1, 2, 3};
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
    String base64 = Base64.getEncoder().encodeToString(digest);
    SentHttp put = SentHttp.of("PUT", ORIGIN, "/uploads").content("a/b", content);
    String type = "Content-Type: a/b";
    String field = "Content-Digest: md5=:AA==:, sha-256=:" + base64 + ":";
    assertThat(unseen("PUT", "/uploads", put, type, field))
        .contains("sha256:" + HexFormat.of().formatHex(digest));
    assertThat(unseen("PUT", "/uploads", put, type)).isEqualTo("401 request_mismatch");
    String other = field.replace(base64, base64.replace(base64.charAt(0), 'A').replace('B', 'C'));
    assertThat(unseen("PUT", "/uploads", put, type, other)).startsWith("40").doesNotContain("jira");
    for (String wrong :
        List.of("md5=:AA==:", "sha-256=:AA==:", "sha-256=" + base64, "sha-256=:%:", "")) {
      assertThat(unseen("PUT", "/uploads", put, type, "Content-Digest: " + wrong))
          .isEqualTo("400 invalid_request");
    }
    String twice = "sha-256=:" + base64 + ":, sha-256=:" + base64 + ":";
    assertThat(unseen("PUT", "/uploads", put, type, "Content-Digest: " + twice))
        .isEqualTo("400 invalid_request");
  }

  /** What depends on the content, nobody decides who does not see it; its holder alone is told. */
  @Test
  void judgeUnseen_argumentsInTheContent_areNotSeen() throws Exception {
    byte[] content = {'{', '}'};
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
    String field = "Content-Digest: sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
    String type = "Content-Type: application/json";
    SentHttp post =
        SentHttp.of("POST", ORIGIN, "/issues/7/comments").content("application/json", content);
    assertThat(unseen("POST", "/issues/7/comments", post, type, field))
        .isEqualTo("400 content_not_seen");
    SentHttp other = SentHttp.of("POST", ORIGIN, "/issues/8/comments");
    assertThat(unseen("POST", "/issues/7/comments", other, type, field))
        .isEqualTo("401 request_mismatch");
  }

  /** Without a digest nothing says what that content is, so nobody can have judged it. */
  @Test
  void judgeUnseen_contentAnnouncedWithoutDigest_isNotSeen() {
    SentHttp search = SentHttp.of("GET", ORIGIN, SEARCH);
    for (String line :
        List.of("Content-Length: 5", "Content-Length: ", "Transfer-Encoding: chunked")) {
      assertThat(unseen("GET", SEARCH, search, line)).isEqualTo("400 content_not_seen");
    }
    assertThat(unseen("GET", SEARCH, search, "Content-Length: 0")).contains("jira.search");
    String empty = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
    assertThat(unseen("GET", SEARCH, search, "Content-Length: 5", "Content-Digest: " + empty))
        .contains("jira.search"); // whoever gets the content refuses it
  }

  /** A proxy connects the client with the service, and is asked nothing any more. */
  @Test
  void judgeUnseen_upgrade_isRefused() {
    SentHttp search = SentHttp.of("GET", ORIGIN, SEARCH);
    for (String protocol : List.of("h2c", "websocket")) {
      assertThat(unseen("GET", SEARCH, search, "Upgrade: " + protocol))
          .isEqualTo("400 invalid_request");
    }
  }

  @Test
  void judge_targetFieldInAnotherSpelling_isRefused() {
    HttpGuard behind = guard.dialledAs(ORIGIN).targetFrom("X_Target");
    String[] good = {"Host: inner", "X_Target: " + SEARCH};
    assertThat(code(behind, received("/x", false, good))).isEqualTo("jira.search");
    for (String other : List.of("X-Target: /issues/7", "Connection: x-target")) {
      assertThat(code(behind, received("/x", false, good[0], good[1], other)))
          .isEqualTo("400 invalid_request");
    }
    HttpGuard withoutX = guard.dialledAs(ORIGIN).targetFrom("Sent_Target");
    String target = "Sent_Target: " + SEARCH;
    assertThat(code(withoutX, received("/x", false, good[0], target))).isEqualTo("jira.search");
    assertThat(code(withoutX, received("/x", false, good[0], target, "Sent-Target: /issues/7")))
        .isEqualTo("400 invalid_request");
    HttpGuard original = guard.dialledAs(ORIGIN).targetFrom("X-Original-URL");
    assertThat(code(original, received("/x", false, good[0], "X-Original-URL: " + SEARCH)))
        .isEqualTo("jira.search");
  }

  @Test
  void judgeUnseen_withoutContent_isAsJudge() {
    SentHttp search = SentHttp.of("GET", ORIGIN, SEARCH);
    assertThat(unseen("GET", SEARCH, search)).contains("\"tool\":\"jira.search\"");
    assertThat(unseen("GET", "/projects/ACME/issues", search)).isEqualTo("401 request_mismatch");
  }

  @Test
  void judge_whatWasSentInAnotherWay_isDecidedOrRefused() throws Exception {
    SentHttp search = SentHttp.of("GET", ORIGIN, SEARCH);
    Credentials given =
        new Credentials(
            world.token.encodeBase64(),
            world.proof(world.token, search, Clock.systemUTC()),
            List.of());
    assertThat(guard.judge(given, search).call().tool()).isEqualTo("jira.search");
    assertThatThrownBy(() -> guard.judge(given, search))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal().code()).isEqualTo("proof_replayed"));
    SentHttp unknown = SentHttp.of("GET", ORIGIN, "/other");
    assertThatThrownBy(() -> guard.judge(given, unknown))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal().code()).isEqualTo("request_mismatch"));
  }

  /**
   * Some servers give a handler the field with an underscore where the one with hyphens was judged.
   */
  @Test
  void judge_fieldOfAnArgumentInAnotherSpelling_isRefused() {
    for (String other : List.of("X_Tenant: a", "Connection: x-tenant")) {
      assertThat(code(guard, received(SEARCH, true, "Host: jira.example.com", other)))
          .isEqualTo("400 invalid_request");
    }
    assertThat(code(guard, received(SEARCH, true, "Host: jira.example.com", "X_Other: a")))
        .isEqualTo("jira.search");
  }

  /** What is large means nothing before its holder has proved it. */
  @Test
  void judge_aLargeToolOfAStranger_isNotTheirs() {
    String large = "{\"text\":\"" + "a".repeat(10_000) + "\"}";
    String proof = world.proof(world.token, SentHttp.of("GET", ORIGIN, SEARCH), Clock.systemUTC());
    Credentials given = new Credentials(world.token.encodeBase64(), proof, List.of());
    SentTool sent = SentTool.of("jira.comment", large);
    assertThatThrownBy(() -> guard.judge(given, sent))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal().code()).isEqualTo("request_mismatch"));
  }
}
