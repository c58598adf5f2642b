package dev.taper.integrations.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.Verifier;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.RootKeys;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;

/** Who was authenticated by other means, or not at all, is no agent. */
class StrangersTest {
  private record Request() implements IncomingRequest {
    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String target() {
      return "/";
    }

    @Override
    public boolean isSecure() {
      return true;
    }

    @Override
    public List<String> field(String name) {
      return List.of();
    }

    @Override
    public Collection<String> fieldNames() {
      return List.of();
    }

    @Override
    public InputStream content() {
      return new ByteArrayInputStream(new byte[0]);
    }
  }

  private final TaperAuthentication waiting = TaperAuthentication.of(new Request());

  private static boolean granted(@Nullable Authentication authentication) {
    return TaperAuthorizationManager.anyTool().authorize(() -> authentication, "x").isGranted()
        || TaperAuthorizationManager.tool("jira.search")
            .authorize(() -> authentication, "x")
            .isGranted();
  }

  @Test
  void authentication_thatNobodyJudged_cannotBeMadeGood() {
    assertThatThrownBy(() -> waiting.setAuthenticated(true))
        .isInstanceOf(IllegalArgumentException.class);
    waiting.setAuthenticated(false);
    assertThat(waiting.isAuthenticated()).isFalse();
    assertThat(waiting.call()).isNull();
    assertThat(waiting.getPrincipal()).isEqualTo("");
    assertThat(waiting.getCredentials()).isNull();
    assertThat(waiting).hasToString("TaperAuthentication(not judged)");
    assertThat(waiting).isNotEqualTo(TaperAuthentication.of(new Request())).isEqualTo(waiting);
    assertThat(waiting.hashCode()).isEqualTo(waiting.hashCode());
  }

  @Test
  void manager_ofStrangers_grantsNothing() {
    TestingAuthenticationToken person = new TestingAuthenticationToken("alice", "x", "jira.search");
    assertThat(person.isAuthenticated()).isTrue();
    assertThat(granted(person)).isFalse();
    assertThat(granted(waiting)).isFalse();
    assertThat(granted(null)).isFalse();
  }

  /** What others are to judge is left to them; what is a request is judged. */
  @Test
  void provider_ofAPerson_saysNothing() {
    HttpGuard guard =
        HttpGuard.of(
            Verifier.trusting(RootKeys.of(PrivateKey.generate(Algorithm.ED25519).publicKey()))
                .audience("svc:jira")
                .catalog(ToolCatalog.of("svc:jira").build())
                .withoutRevocation()
                .build());
    TaperAuthenticationProvider provider = new TaperAuthenticationProvider(guard);
    assertThat(provider.authenticate(new TestingAuthenticationToken("alice", "x"))).isNull();
    assertThat(provider.supports(TestingAuthenticationToken.class)).isFalse();
    assertThatThrownBy(() -> provider.authenticate(waiting))
        .isInstanceOf(AuthenticationException.class);
  }
}
