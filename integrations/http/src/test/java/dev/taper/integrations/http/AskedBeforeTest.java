package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.call.ToolCall;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AskedBeforeTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final int REMEMBERED = 4096;
  private static final String REFUSED =
      "{\"audience\":\"svc:jira\",\"state\":\"refused\",\"sent\":{\"method\":\"GET\","
          + "\"origin\":\"https://jira.example.com\",\"target\":\"/issues/7\","
          + "\"content\":\"\"},\"request\":{},\"approvals\":[],\"refusal\":\"no\"}";

  private final SettableClock clock = new SettableClock(NOW);
  private final PublicKey holder = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private boolean fails;
  private String content = REFUSED;
  private final AskedBefore before = new AskedBefore(new AskStore(new OneContent(), clock));

  /** Every ask has the same content. */
  private final class OneContent extends NoAsks {
    @Override
    public @Nullable Ask find(String name, Instant now) {
      if (fails) {
        throw new TaperException(ErrorCode.DATABASE_UNAVAILABLE, "it is away");
      }
      MemoryShare share = MemoryShare.of("user:alice@acme.com", new byte[] {1});
      return new Ask(name, share, NOW.plus(Duration.ofDays(1)), content, 0);
    }
  }

  private static ToolCall call(int number) {
    return ToolCall.of("jira.close").operation("close").on("issue:" + number);
  }

  @Test
  void isRefused_afterANo_isSoForAnHour() {
    before.made(holder, call(7), "a");
    assertThat(before.isRefused(holder, call(7))).isTrue();
    assertThat(before.isRefused(holder, call(8))).isFalse();
    clock.forward(Duration.ofHours(1).minusMillis(1));
    assertThat(before.isRefused(holder, call(7))).isTrue();
    clock.forward(Duration.ofMillis(1));
    assertThat(before.isRefused(holder, call(7))).isFalse();
  }

  @Test
  void isRefused_whileNobodyRefused_isNot() {
    content = REFUSED.replace("\"refused\"", "\"open\"").replace(",\"refusal\":\"no\"", "");
    before.made(holder, call(7), "a");
    assertThat(before.isRefused(holder, call(7))).isFalse();
  }

  @Test
  void isRefused_whileTheStoreIsAwayOrBroken_isNotKnown() {
    before.made(holder, call(7), "a");
    fails = true;
    assertThat(before.isRefused(holder, call(7))).isFalse();
    fails = false;
    content = "[]";
    assertThat(before.isRefused(holder, call(7))).isFalse();
    content = REFUSED;
    assertThat(before.isRefused(holder, call(7))).isTrue();
  }

  @Test
  void made_ofVeryMany_pushesOutTheFirst() {
    for (int i = 0; i < REMEMBERED; i++) {
      before.made(holder, call(i), "a");
    }
    assertThat(before.isRefused(holder, call(0))).isTrue();
    before.made(holder, call(REMEMBERED), "a");
    assertThat(before.isRefused(holder, call(1))).isFalse();
    assertThat(before.isRefused(holder, call(0))).isTrue();
    assertThat(before.isRefused(holder, call(REMEMBERED))).isTrue();
  }
}
