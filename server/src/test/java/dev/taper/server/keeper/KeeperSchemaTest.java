package dev.taper.server.keeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published description of the requests is what is read, member by member. */
class KeeperSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UNKNOWN = ", which it cannot have";

  private static JsonNode definitions() throws IOException {
    try (InputStream in =
        RequestReader.class.getResourceAsStream("/META-INF/taper/keeper.schema.json")) {
      return JSON.readTree(in).path("$defs");
    }
  }

  /** The sentence with which a request is refused; empty if it is taken. */
  private static String refusal(String name, JsonNode content) {
    String[] line = name.split(" ", 2);
    try {
      KeeperRequest read =
          RequestReader.read(line[0], line[1], content.toString().getBytes(StandardCharsets.UTF_8));
      return read == null ? "null" : "";
    } catch (KeeperRefusal e) {
      return e.detail();
    }
  }

  @Test
  void examples_areTaken_andHaveEveryMember() throws IOException {
    int requests = 0;
    for (Map.Entry<String, JsonNode> definition : definitions().properties()) {
      String name = definition.getKey();
      if (!name.startsWith("POST ")) {
        continue;
      }
      requests++;
      Set<String> shown = new TreeSet<>();
      for (JsonNode example : definition.getValue().path("examples")) {
        assertThat(refusal(name, example)).as(name + " " + example).isEmpty();
        example.fieldNames().forEachRemaining(shown::add);
      }
      Set<String> described = new TreeSet<>();
      definition.getValue().path("properties").fieldNames().forEachRemaining(described::add);
      described.remove("tool"); // of an ask, where http is shown
      shown.remove("tool");
      assertThat(shown).as(name).isEqualTo(described);
    }
    assertThat(requests).isEqualTo(11);
  }

  @Test
  void members_thatAreNotDescribed_areRefused_andOthersAreKnown() throws IOException {
    for (Map.Entry<String, JsonNode> definition : definitions().properties()) {
      String name = definition.getKey();
      if (!name.startsWith("POST ")) {
        continue;
      }
      JsonNode example = definition.getValue().path("examples").path(0);
      ObjectNode more = example.deepCopy();
      more.put("another", 1);
      assertThat(refusal(name, more)).as(name).contains(UNKNOWN);
      for (String member : names(definition.getValue().path("properties"))) {
        ObjectNode wrong = example.deepCopy();
        wrong.putNull(member);
        assertThat(refusal(name, wrong))
            .as(name + " " + member)
            .isNotEmpty()
            .doesNotContain(UNKNOWN);
      }
      for (JsonNode required : definition.getValue().path("required")) {
        ObjectNode less = example.deepCopy();
        less.remove(required.asText());
        assertThat(refusal(name, less)).as(name + " without " + required).isNotEmpty();
      }
    }
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void answers_haveTheDescribedMembers(@TempDir Path folder) throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder, options -> options.lifetime = "1h")) {
      keeper.keepToken("planner");
      JsonNode key =
          JSON.readTree(keeper.client.send("GET", "/v1/keys", null).members().json("keys")).get(0);
      JsonNode token =
          JSON.readTree(keeper.client.send("GET", "/v1/tokens", null).members().json("tokens"))
              .get(0);
      assertThat(names(key)).containsExactlyInAnyOrderElementsOf(described("key"));
      assertThat(names(token)).containsExactlyInAnyOrderElementsOf(described("token"));
    }
    JsonNode refusal = JSON.readTree(KeeperRefusal.invalid("why").fields().toJson());
    assertThat(names(refusal)).containsExactlyInAnyOrderElementsOf(described("refusal"));
  }

  private static List<String> described(String name) throws IOException {
    return names(definitions().path(name).path("properties"));
  }
}
