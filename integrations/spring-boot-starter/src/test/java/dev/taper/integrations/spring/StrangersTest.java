package dev.taper.integrations.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;

/** Who was authenticated by other means, or not at all, is no agent. */
class StrangersTest {
  private static boolean granted(@Nullable Authentication authentication) {
    return TaperAuthorizationManager.anyTool().authorize(() -> authentication, "x").isGranted()
        || TaperAuthorizationManager.tool("jira.search")
            .authorize(() -> authentication, "x")
            .isGranted();
  }

  @Test
  void manager_ofStrangers_grantsNothing() {
    TestingAuthenticationToken person = new TestingAuthenticationToken("alice", "x", "jira.search");
    assertThat(person.isAuthenticated()).isTrue();
    assertThat(granted(person)).isFalse();
    assertThat(granted(null)).isFalse();
  }
}
