package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogCommandsTest {
  private static final String CATALOG =
      """
      {
        "format": "taper/1 catalog",
        "audience": "svc:jira",
        "origins": [{"origin": "https://jira.example.com"}],
        "tools": {
          "jira.search": {
            "operation": "read",
            "resource": "jira:project/{project}",
            "http": {"method": "GET", "path": "/projects/{project}/issues"},
            "arguments": {
              "project": {"type": "string"},
              "limit": {"type": "integer"},
              "site": {"type": "string", "field": "x-site"}
            }
          },
          "jira.comment": {
            "operation": "list",
            "resource": "jira:project/{project}",
            "mcp": {"method": "tools/call", "name": "comment"},
            "arguments": {"project": {"type": "string"}, "text": {"type": "string", "is": "text"}}
          },
          "jira.get": {
            "operation": "read",
            "resource": "jira:project/{project}",
            "arguments": {"project": {"type": "string"}}
          }
        }
      }
      """;

  private static final String TOOLS =
      """
      {"tools": [
        {"name": "read_file", "annotations": {"readOnlyHint": true},
         "inputSchema": {"type": "object", "properties": {"path": {"type": "string"}}}},
        {"name": "write_file", "inputSchema": {"type": "object"}}
      ]}
      """;

  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    cli.file("catalog.json", CATALOG);
    cli.file("tools.json", TOOLS);
  }

  @Test
  void draft_toolsList_pinsDefinitionsAndTakesMissingHintsForWrites() throws IOException {
    cli.ok("catalog", "draft", "--audience", "svc:files", "--from", "tools.json", "-o", "c.json");

    JsonNode json = new ObjectMapper().readTree(cli.read("c.json"));
    assertThat(json.at("/tools/read_file/operation").textValue()).isEqualTo("read");
    assertThat(json.at("/tools/write_file/operation").textValue()).isEqualTo("write");
    assertThat(json.at("/tools/write_file/definition").textValue()).hasSize(64);
    assertThat(json.at("/audience").textValue()).isEqualTo("svc:files");
    assertThat(cli.ok("catalog", "check", "c.json", "--against", "tools.json"))
        .contains("2 tools, 0 findings");
  }

  private static final String GET = "https://jira.example.com/projects/ACME/issues?limit=5";

  private void mint(String grant) {
    new Agents(cli).mint("planner.token", "--grant", grant);
  }

  private Cli.Result decide(String... more) {
    cli.ok(
        "prove",
        "planner.token",
        "--key",
        "planner.key",
        "--audience",
        "svc:jira",
        "--http",
        "GET",
        GET,
        "--out",
        "call.proof");
    List<String> args =
        new ArrayList<>(
            List.of(
                "authorize",
                "planner.token",
                "--public-key",
                "root.pub",
                "--catalog",
                "catalog.json",
                "--without-revocation",
                "--proof",
                "call.proof",
                "--http",
                "GET",
                GET));
    args.addAll(List.of(more));
    return cli.run(args.toArray(new String[0]));
  }

  /** The holder asks for what it sends; the meaning that is approved is the catalog's. */
  @Test
  void escalate_requestAndCatalog_isTheServicesOwnMeaning() throws IOException {
    cli.ok("keygen", "--out", "boss.key");
    mint("jira.search if approved by " + cli.read("boss.pub").strip());
    cli.ok(
        "escalate",
        "planner.token",
        "--catalog",
        "catalog.json",
        "--http",
        "GET",
        GET,
        "--reason",
        "why",
        "--out",
        "ask.json");
    JsonNode asked = new ObjectMapper().readTree(cli.read("ask.json"));
    assertThat(asked.at("/call/tool").textValue()).isEqualTo("jira.search");
    assertThat(asked.at("/call/resource").textValue()).isEqualTo("jira:project/ACME");
    assertThat(asked.at("/audience").textValue()).isEqualTo("svc:jira");
    cli.file("decision.json", decide("--json").out());
    cli.ok(
        "escalate",
        "planner.token",
        "--decision",
        "decision.json",
        "--reason",
        "why",
        "--out",
        "same.json");
    assertThat(cli.read("same.json")).isEqualTo(cli.read("ask.json"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--http GET https://jira.example.com/x", "--mcp tools/call p.json"})
  void escalate_requestWithoutCatalog_isRefused(String call) {
    mint("jira.search");
    List<String> args =
        new ArrayList<>(
            List.of("escalate", "planner.token", "--audience", "svc:jira", "--reason", "why"));
    args.addAll(List.of(call.split(" ", -1)));

    Cli.Result result = cli.run(args.toArray(new String[0]));

    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("--http and --mcp need --catalog FILE");
  }

  @Test
  void authorize_observeOnly_letsADeniedCallGoAheadAndRecordsIt() {
    mint("jira.comment");
    cli.ok("keygen", "--out", "audit.key");
    assertThat(decide().exit()).isEqualTo(1);

    Cli.Result result =
        decide("--observe-only", "--audit", "audit.jsonl", "--audit-key", "audit.key");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).startsWith("ALLOWED").contains("only observed", "DENIED");
    assertThat(cli.read("audit.jsonl")).contains("\"kind\":\"deny\"", "\"mode\":\"observed\"");
    assertThat(decide("--observe-only", "--as-caller").out()).doesNotContain("observed", "DENIED");
    assertThat(decide("--observe-only", "--preview").exit()).isEqualTo(2);
  }

  @Test
  void draft_existingFile_isNotOverwritten() {
    cli.file("c.json", "mine");

    Cli.Result result =
        cli.run(
            "catalog", "draft", "--audience", "svc:files", "--from", "tools.json", "-o", "c.json");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(cli.read("c.json")).isEqualTo("mine");
  }

  @Test
  void check_changedServer_namesChangedAndUnknownTools() throws IOException {
    cli.ok("catalog", "draft", "--audience", "svc:files", "--from", "tools.json", "-o", "c.json");
    cli.file("now.json", TOOLS.replace("true}", "true, \"title\": \"x\"}").replace("write", "rm"));

    Cli.Result result = cli.run("catalog", "check", "c.json", "--against", "now.json");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains("CHANGED read_file is not defined as it was pinned")
        .contains("CHANGED rm_file is a tool that the catalog does not have");
    JsonNode json =
        new ObjectMapper()
            .readTree(
                cli.run("catalog", "check", "c.json", "--against", "now.json", "--json").out());
    assertThat(json.at("/changed/0").textValue()).isEqualTo("read_file");
    assertThat(json.at("/unknown/0").textValue()).isEqualTo("rm_file");
  }

  @Test
  void check_mistake_namesItsPlace() {
    cli.file("wrong.json", CATALOG.replace("\"operation\": \"list\"", "\"operations\": \"list\""));

    Cli.Result result = cli.run("catalog", "check", "wrong.json");

    assertThat(result.exit()).isNotZero();
    assertThat(result.err()).contains("jira.comment", "operations");
  }

  @Test
  void digest_otherSpelling_isTheSame() {
    cli.file("other.json", CATALOG.replace("\n", " "));

    assertThat(cli.ok("catalog", "digest", "catalog.json"))
        .hasSize(65)
        .isEqualTo(cli.ok("catalog", "digest", "other.json"));
  }

  @Test
  void show_catalog_saysHowToolsAreCalledAndWhatThatMeans() {
    assertThat(cli.ok("catalog", "show", "catalog.json"))
        .contains("svc:jira, catalog ", "  dialled as https://jira.example.com")
        .contains("jira.search, read on jira:project/{project}")
        .contains("  called by GET /projects/{project}/issues")
        .contains("  site: string, from the field x-site")
        .contains("  text: string, taken for text");
  }

  /** What a server says of its tools is shown as text, and moves no cursor. */
  @Test
  void show_everyKindOfArgument_saysWhatIsTakenFromWhere() {
    cli.file(
        "c.json",
        """
        {"format": "taper/1 catalog", "audience": "svc:files",
         "origins": [{"origin": "https://files.example.com"}],
         "tools": {
          "files.put": {"http": {"method": "PUT", "path": "/files/{name}"},
           "content": {"argument": "data"},
           "arguments": {
            "name": {"type": "string", "required": true},
            "data": {"type": "string", "opaque": true},
            "size": {"type": "integer", "unit": "byte"},
            "tag": {"type": "array", "list": true},
            "debug": {"dropped": true}}},
          "files.any": {"operation": "read", "mcp": {"method": "resources/read"},
           "arguments": {"uri": {"type": "string"}}}}}
        """);
    assertThat(cli.ok("catalog", "show", "c.json"))
        .contains(
            "files.put, no operation",
            "  name: string, required",
            "  data: string, may be opaque",
            "  size: integer, in byte",
            "  tag: array, may be repeated",
            "  debug: dropped",
            "  the content is data",
            "files.any, read",
            "  called by resources/read\n");
  }

  @Test
  void json_ofACatalog_isTheCatalogItself() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode drafted =
        mapper.readTree(
            cli.ok("catalog", "draft", "--audience", "svc:files", "--from", "tools.json"));
    JsonNode told =
        mapper.readTree(
            cli.ok(
                "catalog",
                "draft",
                "--audience",
                "svc:files",
                "--from",
                "tools.json",
                "-o",
                "c.json",
                "--json"));
    assertThat(told.toString()).contains("c.json");
    assertThat(mapper.readTree(cli.read("c.json"))).isEqualTo(drafted);
    assertThat(mapper.readTree(cli.ok("catalog", "show", "c.json", "--json"))).isEqualTo(drafted);
    assertThat(cli.ok("catalog", "show", "c.json"))
        .contains("  pinned as " + drafted.at("/tools/read_file/definition").textValue());
    assertThat(
            mapper
                .readTree(cli.ok("catalog", "digest", "c.json", "--json"))
                .at("/digest")
                .textValue())
        .isEqualTo(cli.ok("catalog", "digest", "c.json").strip());
    assertThat(
            cli.ok(
                "catalog", "draft", "--audience", "svc:files", "--from", "tools.json", "-o", "-"))
        .contains("write_file");
    assertThat(cli.ok("catalog", "check", "catalog.json")).contains("3 tools, 0 findings");
  }

  private Cli.Result decide(List<String> sent, List<String> received) {
    List<String> prove =
        new ArrayList<>(
            List.of("prove", "planner.token", "--key", "planner.key", "--audience", "svc:jira"));
    prove.addAll(sent);
    prove.addAll(List.of("--out", "proof"));
    cli.ok(prove.toArray(new String[0]));
    List<String> authorize =
        new ArrayList<>(
            List.of(
                "authorize",
                "planner.token",
                "--public-key",
                "root.pub",
                "--without-revocation",
                "--catalog",
                "catalog.json",
                "--proof",
                "proof"));
    authorize.addAll(received);
    return cli.run(authorize.toArray(new String[0]));
  }

  private static List<String> http(String url, String... more) {
    List<String> args = new ArrayList<>(List.of("--http", "GET", url));
    args.addAll(List.of(more));
    return args;
  }

  @Test
  void authorize_httpRequest_meansWhatTheCatalogSays() {
    Agents unused = new Agents(cli);
    String url = "https://jira.example.com/projects/ACME/issues?limit=5";

    Cli.Result result = decide(http(url), http(url));

    assertThat(result.out()).startsWith("DENIED  out_of_scope");
    cli.file("catalog.json", CATALOG.replace("/{project}\"", "/{project}/x\""));
    assertThat(decide(http(url), http(url)).out())
        .startsWith("ALLOWED  svc:jira allows jira.search read on jira:project/ACME/x");
  }

  @Test
  void authorize_otherPartThanSigned_namesIt() {
    Agents unused = new Agents(cli);
    String url = "https://jira.example.com/projects/ACME/issues?limit=5";

    assertThat(decide(http(url), http(url.replace("5", "6"))).out())
        .startsWith("DENIED  request_mismatch")
        .contains("target is not what was signed");
    assertThat(decide(http(url), http(url, "--field", "X-Site: a")).out())
        .startsWith("DENIED  request_mismatch")
        .contains("fields is not what was signed");
  }

  @Test
  void authorize_mcpAndToolForms_areJudged() {
    Agents unused = new Agents(cli);
    cli.file("catalog.json", CATALOG.replace("/{project}\"", "/{project}/x\""));
    cli.file("params.json", "{\"name\":\"comment\",\"arguments\":{\"project\":\"ACME\"}}");
    cli.file("get.json", "{\"tool\":\"jira.get\",\"args\":{\"project\":\"ACME\"}}");
    List<String> mcp = List.of("--mcp", "tools/call", "params.json");
    List<String> tool = List.of("--request", "get.json");

    assertThat(decide(mcp, mcp).out()).startsWith("ALLOWED  svc:jira allows jira.comment list");
    assertThat(decide(tool, tool).out()).startsWith("ALLOWED  svc:jira allows jira.get read");
    assertThat(decide(mcp, tool).out()).startsWith("DENIED  request_mismatch").contains("form");
  }

  @Test
  void authorize_callThatTheCatalogDoesNotHave_isAnError() {
    Agents unused = new Agents(cli);
    List<String> other = http("https://jira.example.com/admin");

    Cli.Result result = decide(other, other);

    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("unknown_tool");
  }

  @Test
  void authorize_preview_needsNoProofAndSaysWhatWouldBe() {
    Agents unused = new Agents(cli);

    Cli.Result result =
        cli.run(
            "authorize",
            "planner.token",
            "--public-key",
            "root.pub",
            "--without-revocation",
            "--request",
            "search.json",
            "--audience",
            "svc:jira",
            "--preview");

    assertThat(result.exit()).isZero();
    assertThat(result.out()).startsWith("WOULD BE ALLOWED  svc:jira");
  }

  @Test
  void authorize_offer_listsWhatTheChainDoesNotExclude() {
    Agents unused = new Agents(cli);

    Cli.Result result = decide(List.of("--offer"), List.of("--offer"));

    assertThat(result.out()).isEqualTo("jira.comment\njira.get\njira.search\n");
    String url = "https://jira.example.com/projects/ACME/issues";
    assertThat(decide(http(url), List.of("--offer")).out()).startsWith("NOTHING  request_mismatch");
    assertThat(decide(List.of("--offer"), http(url)).out()).startsWith("DENIED  request_mismatch");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--http GET https://a.example/ --mcp tools/call params.json",
        "--http GET https://a.example/ --request search.json",
        "--content params.json --request search.json",
        "--request search.json --free-text a",
        "--offer --request search.json",
        "--offer --preview"
      })
  void authorize_optionsThatDoNotGoTogether_areUsage(String options) {
    Agents unused = new Agents(cli);
    List<String> args =
        new ArrayList<>(
            List.of("authorize", "planner.token", "--public-key", "root.pub", "--catalog"));
    args.add("catalog.json");
    args.add("--without-revocation");
    args.addAll(List.of(options.split(" ", -1)));

    assertThat(cli.run(args.toArray(new String[0])).exit()).isEqualTo(2);
  }
}
