package dev.taper.testvectors.profile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The vectors of the binding keep to their schema, and to the tables of its document. */
class BindingHygieneTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "binding.md");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([1-5][0-9]{2}) \\| (.*?) \\|");
  private static final Pattern CODED = Pattern.compile("`([a-z0-9_]+)`");

  /** Statuses that vectors of the profile, or of what a service has room for, would be about. */
  private static final Set<String> OF_CIRCUMSTANCES =
      Set.of(
          "replay_cache_full",
          "replay_cache_unavailable",
          "approval_uses_full",
          "approval_uses_unavailable",
          "timeout",
          "audit_unavailable",
          "overloaded",
          "unavailable");

  /** Codes of tokens, which the vectors of the profile have one by one. */
  private static final Set<String> OF_TOKENS =
      Set.of(
          "malformed_block",
          "unsupported_version",
          "feature_not_in_version",
          "unknown_symbol",
          "unknown_scope_key",
          "symbol_table_overlap",
          "public_key_table_overlap",
          "invalid_key",
          "decode_limit",
          "unknown_root_key",
          "malformed_signature",
          "invalid_proof",
          "invalid_block_rule",
          "profile_violation",
          "budget_exhausted");

  private static Map<String, JsonNode> files() {
    return ProfileFolder.files(ProfileFolder.BINDING);
  }

  @Test
  void files_schema_holdsForAllAndForNoOther() throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(ProfileFolder.BINDING.resolve(ProfileFolder.SCHEMA)));
    files().forEach((name, file) -> assertThat(schema.validate(file)).as(name).isEmpty());
    JsonNode nothing = Json.object("name", "x", "expect", Json.object());
    for (String kind : List.of("none", "http", "signing", "mcp")) {
      JsonNode file = Json.object("kind", kind, "about", "x", "cases", List.of(nothing));
      assertThat(schema.validate(file)).as(kind).isNotEmpty();
    }
  }

  @Test
  void files_names_areUniqueInAFile() {
    files()
        .forEach(
            (name, file) ->
                assertThat(Json.get(file, "cases").findValuesAsText("name"))
                    .as(name)
                    .contains(Json.text(file.get("cases").get(0), "name")));
    for (JsonNode file : files().values()) {
      Set<String> seen = new TreeSet<>();
      for (JsonNode one : Json.get(file, "cases")) {
        assertThat(seen.add(Json.text(one, "name"))).as(Json.text(one, "name")).isTrue();
      }
    }
  }

  /** Every code of the tables has a vector with its status, and no vector has another. */
  @Test
  void document_codes_haveVectorsWithTheirStatus() throws IOException {
    Set<String> documented = new TreeSet<>();
    // How an ask is answered hangs on what is kept, and is tested where it is.
    String text = Files.readString(DOCUMENT).replaceFirst("(?s)\n## Asks\n.*?\n# MCP\n", "\n");
    Matcher row = ROW.matcher(text);
    while (row.find()) {
      Matcher code = CODED.matcher(row.group(2));
      while (code.find()) {
        documented.add(row.group(1) + " " + code.group(1));
      }
    }
    Set<String> seen = new TreeSet<>();
    Set<String> denials = new TreeSet<>();
    for (JsonNode file : files().values()) {
      for (JsonNode refusal : file.findParents("members")) {
        String stated = Json.get(refusal, "status") + " " + Json.text(refusal, "code");
        (Json.get(refusal, "status").intValue() == 403 ? denials : seen).add(stated);
      }
    }
    assertThat(documented).containsAll(seen);
    assertThat(denials).contains("403 out_of_scope", "403 approval_required", "403 policy_denied");
    documented.removeIf(
        stated -> {
          String code = stated.substring(4);
          return OF_CIRCUMSTANCES.contains(code) || OF_TOKENS.contains(code);
        });
    documented.removeAll(denials);
    assertThat(seen).containsAll(documented);
  }
}
