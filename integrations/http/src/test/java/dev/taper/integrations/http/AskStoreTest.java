package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Ask;
import dev.taper.agent.approval.Asks;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.testing.Refused;
import dev.taper.testing.SettableClock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AskStoreTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final MemoryShare SHARE = MemoryShare.of("user:alice@acme.com", new byte[] {1});
  private static final int MAX_KNOWN = 16_384;

  private final AskStore store = new AskStore(new Nested(), new SettableClock(NOW));
  private String within = "";
  private @Nullable Ask found;

  private static Ask ask(String name) {
    return new Ask(name, SHARE, NOW.plusSeconds(60), "{}", 0);
  }

  /** While a stranger has its turn, looks another ask up. */
  private final class Nested extends NoAsks {
    @Override
    public @Nullable Ask find(String name, Instant now) {
      if (name.equals("unknown")) {
        found = store.find(within);
        return null;
      }
      return ask(name);
    }
  }

  private @Nullable Ask findWithinAStrangersTurn(String name) {
    within = name;
    found = null;
    assertThat(store.find("unknown")).isNull();
    return found;
  }

  @Test
  void find_ofAsksThatItTook_isTheirDelegatorsTurn() {
    for (int i = 0; i < MAX_KNOWN; i++) {
      assertThat(store.add(ask("ask " + i))).isEqualTo(Asks.Kept.YES);
    }
    assertThat(findWithinAStrangersTurn("ask 0")).isNotNull();
    assertThat(store.add(ask("one more"))).isEqualTo(Asks.Kept.YES);
    assertThat(findWithinAStrangersTurn("one more")).isNotNull();
    Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> findWithinAStrangersTurn("ask 1"));
  }

  @Test
  void find_ofAnAskThatItFoundBefore_isItsDelegatorsTurn() {
    Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> findWithinAStrangersTurn("of another"));
    assertThat(store.find("of another")).isNotNull();
    assertThat(findWithinAStrangersTurn("of another")).isNotNull();
  }
}
