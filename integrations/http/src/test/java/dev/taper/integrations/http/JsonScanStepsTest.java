package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.TaperException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often bytes are looked at, whatever they are; counted, not timed. */
class JsonScanStepsTest {
  private static final int SIZE = 64 * 1024;
  private static final JsonScan.Name[] NAMES = {
    new JsonScan.Name("method", 1), new JsonScan.Name("params", 2), new JsonScan.Name("_meta", 3)
  };

  @Test
  void skip_anyInput_looksAtEachByteAFewTimes() {
    for (String part :
        List.of(
            "[",
            "{\"a\":",
            "[],",
            "{},",
            "0,",
            "1e308,",
            "true,",
            "\"\\u0061\",",
            "\" ",
            " ",
            "\"",
            "{\"a\":{}},",
            "{\"\\u006dethod\":0},",
            "9",
            "\\")) {
      byte[] json =
          ("[" + part.repeat(SIZE / part.length()) + "0]").getBytes(StandardCharsets.UTF_8);
      JsonScan scan = new JsonScan(json);
      try {
        scan.skip();
      } catch (TaperException e) {
        // It is refused, which costs as little.
      }

      assertThat(scan.steps()).as(part).isBetween(1L, 4L * json.length);
    }
  }

  @Test
  void name_anyNames_looksAtEachByteAFewTimes() {
    for (String name : List.of("method", "paramz", "\\u006dethod", "m", "n".repeat(SIZE))) {
      String member = "\"" + name + "\":\"\",";
      byte[] json =
          ("{" + member.repeat(1 + SIZE / member.length()) + "\"z\":0}")
              .getBytes(StandardCharsets.UTF_8);
      JsonScan scan = new JsonScan(json);
      boolean isMore = scan.enterObject();
      while (isMore) {
        int unused = scan.name(NAMES);
        scan.skip();
        isMore = scan.isMore();
      }

      assertThat(scan.steps()).as(member.substring(0, 3)).isBetween(1L, 4L * json.length);
    }
  }
}
