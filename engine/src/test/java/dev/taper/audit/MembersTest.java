package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MembersTest {
  private static String written(Instant time) {
    StringBuilder out = new StringBuilder();
    new Members(out).time("t", time);
    return out.toString();
  }

  @Test
  void name_notBehindTheLast_isADefect() {
    for (String name : List.of("a", "b")) {
      Members members = new Members(new StringBuilder()).text("b", "");
      assertThatThrownBy(() -> members.text(name, ""))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(name + " does not come after b");
    }
  }

  @Test
  void time_anyOfARecord_isThatOfInstant() {
    Instant end = Instant.parse("9999-12-31T23:59:59.999Z");
    List<Instant> times = new ArrayList<>(List.of(Instant.EPOCH, end));
    times.add(Instant.parse("2028-02-29T00:00:00Z"));
    times.add(Instant.parse("2026-11-25T10:00:00.007Z"));
    times.add(Instant.parse("2026-11-25T10:00:00.070Z"));
    times.add(Instant.parse("2026-11-25T10:00:00.700Z"));
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 10_000; i++) {
      times.add(Instant.ofEpochMilli(random.nextLong(end.toEpochMilli())));
    }
    for (Instant time : times) {
      assertThat(written(time)).isEqualTo("\"t\":\"" + time + "\"");
    }
  }
}
