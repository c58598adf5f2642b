package dev.taper.integrations.valkey.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.ErrorCode;
import dev.taper.testing.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A server that answers something else than the scripts do. */
class StoreReplyTest {
  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static List<List<Object>> sequence_ofSomethingElse_isRefused() {
    return List.of(
        List.of(),
        List.of(1L),
        Arrays.asList((Object) null),
        List.of(text("taken")),
        List.of(text("taken"), text("1")),
        List.of(text("taken"), List.of(1L)));
  }

  @ParameterizedTest
  @MethodSource
  void sequence_ofSomethingElse_isRefused(List<Object> strange) {
    Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> new StoreReply(strange).sequence());
  }

  @Test
  void doubt_memoryThatIsNone_isRefused() {
    for (long number : new long[] {-1, 3, Long.MAX_VALUE}) {
      StoreReply reply = new StoreReply(List.of(text("broken"), number));
      Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> reply.doubt(List.of("a", "b", "c")));
    }
  }

  @Test
  void numbers_notAllNumbers_areRefused() {
    StoreReply reply = new StoreReply(List.of(text("used"), 1L, List.of(1L, text("2"))));

    Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> reply.numbers(2));
    assertThat(new StoreReply(List.of(text("used"), 1L, List.of(1L, 2L))).numbers(2))
        .containsExactly(1L, 2L);
  }

  @Test
  void place_outside_isRefused() {
    StoreReply reply = new StoreReply(List.of(text("exhausted"), 1L, 2L, text("5")));

    assertThat(reply.place(2, 3)).isEqualTo(2);
    Refused.with(ErrorCode.DATABASE_UNAVAILABLE, () -> reply.place(2, 2));
  }
}
