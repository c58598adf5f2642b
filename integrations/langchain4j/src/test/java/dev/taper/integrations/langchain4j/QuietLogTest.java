package dev.taper.integrations.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class QuietLogTest {
  private final LogLines lines = new LogLines();
  private final Logger log = QuietLog.of(lines.logger());

  @Test
  void message_withCredentials_keepsTheirNamesOnly() {
    log.info(
        "Request: {}",
        "{\"_meta\":{\"dev.taper/token\":\"AAA\",\"dev.taper/proof\" : \"BBB\","
            + "\"dev.taper/approvals\":[\"CCC\",\"DDD\"]},\"name\":\"x\"}");

    assertThat(lines.text())
        .contains("\"dev.taper/token\":\"…\"", "\"dev.taper/proof\" : \"…\"", "\"name\":\"x\"")
        .doesNotContain("AAA")
        .doesNotContain("BBB")
        .doesNotContain("CCC")
        .doesNotContain("DDD");
  }

  @Test
  void message_withAMap_isQuiet() {
    log.info(
        "{}", Map.of("dev.taper/token", "AA-A_", "dev.taper/approvals", List.of("BBB", "CCC")));

    assertThat(lines.text())
        .contains("dev.taper/token=\"…\"")
        .doesNotContain("AA-A_")
        .doesNotContain("BBB")
        .doesNotContain("CCC");
  }

  @Test
  void message_cutShort_showsNoPartOfACredential() {
    log.warn("{\"dev.taper/token\":\"AAAAAA");

    assertThat(lines.text()).doesNotContain("AAA");
  }

  @Test
  void message_ofSeveralParts_isQuietInEach() {
    log.error("{} {} {}", 1, "{\"dev.taper/proof\":\"BBB\"}", "c", new IllegalStateException("x"));

    assertThat(lines.text()).doesNotContain("BBB").contains("IllegalStateException");
  }

  /** A proof, the shortest of them, has 120 characters. */
  @Test
  void message_inAnotherSpelling_keepsNoCredential() {
    String proof = "Ab-_".repeat(30);
    for (String text :
        List.of(
            "{\"error\":\"got {\\\"dev.taper/proof\\\":\\\"" + proof + "\\\"}\"}",
            "{\"dev.taper\\/proof\":\"" + proof + "\"}",
            "{\"dev.taper\\u002ftoken\":\"" + proof,
            "%7B%22dev.taper%2Fproof%22%3A%22" + proof + "%22%7D",
            "{\"dev.taper/approvals\":{\"x\":\"" + proof + "\"}}")) {
      log.info(text);

      assertThat(lines.text()).doesNotContain(proof.substring(0, 100)).contains("dev.taper");
    }
  }

  @Test
  void message_withoutCredentials_isAsItWas() {
    log.debug("plain {}", "text");

    assertThat(lines.text()).contains("plain {}", "text");
  }
}
