package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.Verifier;
import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.RootKeys;
import dev.taper.revocation.RevocationList;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
}
