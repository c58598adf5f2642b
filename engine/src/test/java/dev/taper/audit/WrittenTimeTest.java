package dev.taper.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenTimeTest {
  @Test
  void write_anyTime_isWhatInstantWritesAndReadsTheSame() {
    Random random = new Random(18);
    long end = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    for (int i = 0; i < 10_000; i++) {
      long millis = (long) (random.nextDouble() * end);
      Instant time = Instant.ofEpochMilli(i % 2 == 0 ? millis : millis / 1000 * 1000);
      StringBuilder written = new StringBuilder();
      WrittenTime.write(time, written);
      assertThat(written).hasToString(time.toString());
      assertThat(WrittenTime.read(written.toString())).isEqualTo(time);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2030-01-01T12:00:00",
        "2030-01-01T12:00:00z",
        "2030-01-01 12:00:00Z",
        "2030-01-01T12:00:00.1Z",
        "2030-01-01T12:00:00.1234Z",
        "2030-01-01T12:00:00.12aZ",
        "2030-02-30T12:00:00Z",
        "2030-01-01T24:00:00Z",
        "2030-01-01T12:00:60Z",
        "+2030-1-01T12:00:00Z"
      })
  void read_anotherFormOrNoTime_throws(String text) {
    assertThatThrownBy(() -> WrittenTime.read(text)).isInstanceOf(DateTimeException.class);
  }
}
