package dev.taper.agent.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.agent.approval.Asks.Kept;
import dev.taper.testing.Refused;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InMemoryAsksTest extends AsksContract {
  private @Nullable Asks asks;

  @Override
  protected Asks open(long bytes) {
    Asks known = asks;
    if (known == null) {
      known = Asks.inMemory(bytes);
      asks = known;
    }
    return known;
  }

  @Test
  void inMemory_withoutRoom_isRefused() {
    Refused.with(ErrorCode.INVALID_ARGUMENT, () -> Asks.inMemory(0));
    assertThat(Asks.inMemory(1).add(ask(1), NOW)).isEqualTo(Kept.NO_ROOM);
  }
}
