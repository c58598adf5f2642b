package dev.taper.datalog.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.ErrorCode;
import dev.taper.testing.NeedsSharedData;
import dev.taper.testing.SharedData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Datalog text in the official samples is read, and written back as it stands there. */
@NeedsSharedData("biscuit-samples")
final class SampleTextsTest {
  /** The samples' lists of statements, one a string, in their expected worlds. */
  private static final Set<String> WORLD_LISTS = Set.of("facts", "rules", "checks", "policies");

  record Text(String sample, String kind, String text) {}

  static List<Text> texts() throws IOException {
    List<Text> texts = new ArrayList<>();
    try (JsonParser json =
        new JsonFactory()
            .createParser(SharedData.path("biscuit-samples", "samples.json").toFile())) {
      String sample = "";
      @Nullable String list = null;
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        String field = json.currentName();
        if (token == JsonToken.START_ARRAY) {
          list = field;
        } else if (token == JsonToken.VALUE_STRING && "filename".equals(field)) {
          sample = json.getText();
        } else if (token == JsonToken.VALUE_STRING
            && ("code".equals(field) || "authorizer_code".equals(field))) {
          texts.add(new Text(sample, field, json.getText()));
        } else if (token == JsonToken.VALUE_STRING
            && field == null
            && list != null
            && WORLD_LISTS.contains(list)) {
          texts.add(new Text(sample, "world", json.getText() + ";\n"));
        }
      }
    }
    return texts;
  }

  @Test
  void texts_found_areAll() throws IOException {
    assertThat(texts()).filteredOn(t -> t.kind().equals("code")).hasSize(65);
    assertThat(texts()).filteredOn(t -> t.kind().equals("authorizer_code")).hasSize(50);
    assertThat(texts()).filteredOn(t -> t.kind().equals("world")).hasSize(389);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void parse_sampleText_printsBackTheSame(Text text) {
    if (text.text().contains("operation($unbound, \"read\")")) {
      assertThatExceptionOfType(ParseException.class)
          .isThrownBy(() -> Datalog.block(text.text()))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATALOG));
      return;
    }
    String lines = text.text().replace("\n\n", "\n"); // the samples part sections by empty lines
    assertThat(Datalog.authorizer(text.text()).toString()).isEqualTo(lines);
    if (text.kind().equals("code")) {
      assertThat(Datalog.block(text.text()).toString()).isEqualTo(lines);
    }
  }
}
