package dev.taper.agent.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.JsonReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AskStatusTest {
  private static final JsonReader<IOException> READER =
      JsonReader.of(4, 1000, 20, (message, cause) -> new IOException(message));

  private static AskStatus read(String json) throws IOException {
    return AskStatus.read(READER.read(json, "the ask"), "{}");
  }

  @Test
  void read_whatIsWritten_isTheSame() throws IOException {
    AskStatus open = AskStatus.open("{}", List.of("AAAA"));
    AskStatus answered = open.approved(List.of("AAAA", "AAAB"), AskStatus.State.ANSWERED);
    for (AskStatus status : List.of(open, answered, answered.refused("not today"))) {
      String written = status.answers().put("state", status.state().text()).toJson();
      assertThat(read(written)).isEqualTo(status);
    }
  }

  @Test
  void refused_afterAnApproval_hasItNoMore() {
    AskStatus refused = AskStatus.open("{}", List.of("AAAA")).refused("not today");
    assertThat(refused.answers().toJson())
        .isEqualTo("{\"approvals\":[],\"refusal\":\"not today\"}");
    assertThat(refused).hasToString("AskStatus(refused)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"state\":7}",
        "{\"state\":\"closed\"}",
        "{\"state\":\"OPEN\"}",
        "{\"state\":\"open\",\"approvals\":\"AAAA\"}",
        "{\"state\":\"open\",\"approvals\":[7]}",
        "{\"state\":\"refused\",\"refusal\":null}",
        "{\"state\":\"refused\",\"refusal\":7}"
      })
  void read_somethingElse_isRefused(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the ask")
        .hasMessageNotContainingAny("closed", "AAAA", "7");
  }
}
