package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.taper.ErrorCode;
import dev.taper.agent.decision.DenialCode;
import dev.taper.audit.LogVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No vector without a runner, no attack or code of the document without a vector. */
class ProfileHygieneTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "profile.md");
  private static final Pattern CODED = Pattern.compile("`([a-z0-9_]+)`");

  /** Codes that depend on what a verifier has room for, or can reach, and not on its input. */
  private static final Set<String> OF_CIRCUMSTANCES =
      Set.of(
          "replay_cache_unavailable",
          "approval_uses_full",
          "approval_uses_unavailable",
          "timeout",
          "audit_unavailable",
          "held_back",
          "overloaded",
          "malformed_audit_record"); // a verifier of logs calls it the flaw malformed

  private static String section(int number) throws IOException {
    String text = Files.readString(DOCUMENT);
    int start = text.indexOf("\n## " + number + ". ");
    int end = text.indexOf("\n## " + (number + 1) + ". ");
    assertThat(start).isBetween(0, end);
    return text.substring(start, end);
  }

  /** The attack classes that section 16 names, with the codes that it gives for each. */
  private static Map<String, Set<String>> attacks() throws IOException {
    Map<String, Set<String>> attacks = new LinkedHashMap<>();
    for (String row : section(16).split("\n", -1)) {
      String[] cells = row.split("\\|", -1);
      if (cells.length < 4) {
        continue;
      }
      Set<String> codes = coded(cells[3]);
      for (String name : coded(cells[1].split(":", -1)[0])) {
        attacks.put(name, codes);
      }
    }
    return attacks;
  }

  private static Set<String> coded(String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = CODED.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static List<JsonNode> expectations(JsonNode one) {
    return one.findValues("expect");
  }

  @Test
  void files_kinds_haveRunnersAndRunnersHaveFiles() {
    Set<String> kinds = new TreeSet<>();
    for (JsonNode file : ProfileFolder.files().values()) {
      kinds.add(Json.text(file, "kind"));
    }
    assertThat(kinds).isEqualTo(new TreeSet<>(Runners.all().keySet()));
  }

  @Test
  void files_schema_holdsForAllAndForNoOther() throws IOException {
    String text = Files.readString(ProfileFolder.PATH.resolve(ProfileFolder.SCHEMA));
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text);
    ProfileFolder.files()
        .forEach((name, file) -> assertThat(messages(schema, file)).as(name).isEmpty());
    assertThat(messages(schema, Json.object("kind", "none", "about", "x", "cases", List.of())))
        .isNotEmpty();
    JsonNode nothing = Json.object("name", "x", "text", "x", "expect", Json.object());
    assertThat(
            messages(
                schema,
                Json.object("kind", "approval-requests", "about", "x", "cases", List.of(nothing))))
        .isNotEmpty();
  }

  private static Set<ValidationMessage> messages(JsonSchema schema, JsonNode file) {
    return schema.validate(file);
  }

  @Test
  void files_names_areUniqueInAFile() {
    ProfileFolder.files()
        .forEach(
            (name, file) -> {
              Set<String> seen = new HashSet<>();
              for (JsonNode one : Json.get(file, "cases")) {
                assertThat(seen.add(Json.text(one, "name")))
                    .as(name + ": " + Json.text(one, "name"))
                    .isTrue();
              }
            });
  }

  @Test
  void files_cases_areManyOfBothKinds() {
    int positive = 0;
    int negative = 0;
    for (JsonNode file : ProfileFolder.files().values()) {
      for (JsonNode one : Json.get(file, "cases")) {
        boolean refuses = expectations(one).stream().anyMatch(expect -> expect.has("code"));
        negative += refuses ? 1 : 0;
        positive += refuses ? 0 : 1;
      }
    }
    assertThat(positive).isGreaterThanOrEqualTo(60);
    assertThat(negative).isGreaterThanOrEqualTo(120);
  }

  @Test
  void files_attacks_areThoseOfTheDocumentWithItsCodes() throws IOException {
    Map<String, Set<String>> documented = attacks();
    Set<String> seen = new TreeSet<>();
    ProfileFolder.files()
        .forEach(
            (name, file) -> {
              for (JsonNode one : Json.get(file, "cases")) {
                String attack = Json.textOrNull(one, "attack");
                if (attack != null) {
                  seen.add(attack);
                  Set<String> codes = new TreeSet<>();
                  expectations(one).forEach(expect -> codes.add(expect.path("code").asText()));
                  assertThat(documented.getOrDefault(attack, Set.of()))
                      .as(name + ": " + Json.text(one, "name") + ", " + attack)
                      .containsAnyElementsOf(codes);
                }
              }
            });
    assertThat(seen).isEqualTo(new TreeSet<>(documented.keySet()));
  }

  @Test
  void document_codes_areOursAndHaveVectors() throws IOException {
    Set<String> ours = new TreeSet<>();
    Arrays.stream(ErrorCode.values()).forEach(code -> ours.add(code.text()));
    Set<String> denials = new TreeSet<>();
    Arrays.stream(DenialCode.values()).forEach(code -> denials.add(code.text()));
    Set<String> flaws = new TreeSet<>();
    Arrays.stream(LogVerification.Flaw.Kind.values()).forEach(kind -> flaws.add(kind.text()));
    ours.addAll(denials);
    ours.addAll(flaws);
    Set<String> documented = coded(section(15));
    assertThat(ours).containsAll(documented);
    assertThat(documented).containsAll(denials).containsAll(flaws);

    Set<String> expected = new TreeSet<>(OF_CIRCUMSTANCES);
    for (JsonNode file : ProfileFolder.files().values()) {
      expectations(file).forEach(expect -> expected.add(expect.path("code").asText()));
    }
    assertThat(expected).containsAll(documented);
  }
}
