package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code taper doctor}: what is right and what is not, in one look. */
class DoctorTest {
  private static final String CATALOG =
      """
      {"format": "taper/1 catalog", "audience": "svc:jira", "tools": {"jira.search": {
       "operation": "read", "arguments": {"limit": {"type": "integer"}}}}}
      """;

  @TempDir Path folder;

  private Cli cli;

  @BeforeEach
  void makeEverything() {
    cli = new Cli(folder);
    new Agents(cli).signRevocations();
    cli.file("catalog.json", CATALOG);
    cli.file(
        "names.json",
        "{\"format\": \"taper/1 names\", \"agents\": {\"agent:planner\": \""
            + cli.read("planner.pub").strip()
            + "\"}, \"issuers\": {\"issuer:acme\": \""
            + cli.read("root.pub").strip()
            + "\"}}");
  }

  private Cli.Result doctor(String... more) {
    List<String> args = new ArrayList<>(List.of("doctor"));
    args.addAll(List.of(more));
    return cli.run(args.toArray(new String[0]));
  }

  private Cli.Result everything(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "--public-key",
                "root.pub",
                "--key",
                "planner.key",
                "--token",
                "planner.token",
                "--audience",
                "svc:jira",
                "--catalog",
                "catalog.json",
                "--names",
                "names.json",
                "--policy",
                "read-only",
                "--policy",
                "default",
                "--revocations",
                "revoked.list",
                "--revocation-key",
                "revoker.pub",
                "--replay-memory",
                "."));
    args.addAll(List.of(more));
    return doctor(args.toArray(new String[0]));
  }

  @Test
  void doctor_allIsRight_saysSo() {
    Cli.Result result = everything();

    assertThat(result.exit()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains("right     clock              it is 2030-01-01T12:00:00Z")
        .contains(cli.read("root.pub").strip() + ", of issuer:acme")
        .contains("its public half is " + cli.read("planner.pub").strip() + ", of agent:planner")
        .contains("the private key is its holder's")
        .contains("1 tools, digest ")
        .contains("2 policies read")
        .contains("number 1 by " + cli.read("revoker.pub").strip())
        .doesNotContain("wrong")
        .doesNotContain("doubtful");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void doctor_nothingGiven_looksAtTheClock() {
    Cli.Result result = doctor();

    assertThat(result.exit()).isZero();
    assertThat(result.out()).contains("clock").contains("none is given");
  }

  @Test
  void doctor_runningService_saysItsReasonsWordForWord() throws IOException {
    byte[] page =
        ("{\"status\":\"not_ready\",\"reasons\":[{\"code\":\"revocation_stale\",\"text\":\"no"
                + " list\"}],\"warnings\":[\"it was cut\"]}")
            .getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(503, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    try {
      Cli.Result result = doctor("--admin", "http://127.0.0.1:" + server.getAddress().getPort());

      assertThat(result.exit()).isEqualTo(1);
      assertThat(result.out())
          .contains("wrong     service            no list (revocation_stale)\n")
          .contains("doubtful  service            it was cut (warning)\n");
    } finally {
      server.stop(0);
    }
  }

  /** One thing that is wrong hides no other. */
  @Test
  void doctor_muchIsWrong_saysAllOfIt() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("planner.key"), PosixFilePermissions.fromString("rw-r--r--"));
    cli.file("names.json", "{}");
    cli.file("broken.db", "this is no database, but long enough to look like something");
    cli.file("never.datalog", "allow if operation(\"read\"), operation(\"write\");\n");

    Cli.Result result =
        doctor(
            "--public-key",
            "none.pub",
            "--key",
            "planner.key",
            "--audience",
            "svc:github",
            "--catalog",
            "catalog.json",
            "--names",
            "names.json",
            "--policy",
            "never.datalog",
            "--revocations",
            "revoked.list",
            "--revocation-key",
            "root.pub",
            "--registry",
            "sqlite:broken.db",
            "--token",
            "none.token");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .containsPattern("wrong +names .*\\(invalid_names\\)")
        .containsPattern("wrong +root keys .*there is no file none.pub \\(io\\)")
        .containsPattern("wrong +private key .*others can get at this secret.*\\(secret_exposed\\)")
        .containsPattern("wrong +token .*\\(io\\)")
        .containsPattern("wrong +catalog .*of svc:jira, not of svc:github \\(audience\\)")
        .containsPattern("wrong +policies .*\\(never_allows\\)")
        .containsPattern("wrong +revocations .*\\(unknown_revocation_key\\)")
        .containsPattern("wrong +registry .*\\(database_failed\\)");
  }

  /** The same words, whoever is asked about the same file. */
  @Test
  void doctor_databaseThatIsNotThere_isSaidAsConfigCheckSaysIt() {
    String words = "there is no database yet; the first use makes it (missing)";
    cli.file(
        "service.yaml",
        """
        audience: svc:jira
        root-keys: root.pub
        catalog: none
        revocations: none
        registry: sqlite:none.db
        profiles: {acme: {registry: 'sqlite:none.db'}}
        """);
    for (Cli.Result result :
        List.of(
            doctor("--registry", "sqlite:none.db"),
            doctor("--config", "service.yaml"),
            cli.run("config", "check", "service.yaml"))) {
      assertThat(result.exit()).as(result.out() + result.err()).isZero();
      assertThat(result.out()).containsPattern("doubtful +registry +" + Pattern.quote(words));
    }
    assertThat(cli.run("config", "check", "service.yaml").out())
        .containsPattern("doubtful +acme registry +" + Pattern.quote(words));
    assertThat(folder.resolve("none.db")).doesNotExist();
  }

  @Test
  void doctor_tokenOfSomebodyElse_namesBoth() {
    Cli.Result result = doctor("--key", "scraper.key", "--token", "planner.token");

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out())
        .contains(
            "its holder agent:planner has the key "
                + cli.read("planner.pub").strip()
                + ", the private key is that of "
                + cli.read("scraper.pub").strip()
                + " (not_the_holder)");
  }

  @Test
  void doctor_database_tellsItsVersion() {
    cli.ok("revocations", "sign", "--revocations", "sqlite:registry.db", "--key", "revoker.key");

    Cli.Result result =
        doctor(
            "--registry",
            "sqlite:registry.db",
            "--audit",
            "audit.log",
            "--budgets",
            "acme=sqlite:registry.db",
            "--budgets",
            "b=counted");

    assertThat(result.exit()).as(result.out()).isZero();
    assertThat(result.out())
        .containsPattern("right +registry +sqlite:registry.db answers, its tables have version \\d")
        .containsPattern("right +budgets +sqlite:registry.db answers")
        .containsPattern("doubtful +budgets +there is no folder yet")
        .containsPattern("doubtful +audit log +there is no file yet");
    assertThat(folder.resolve("audit.log")).doesNotExist();
  }

  @Test
  void doctor_json_hasItsSchema() throws IOException {
    cli.file("broken.db", "this is no database, but long enough to look like something");
    Cli.Result result =
        everything("--json", "--registry", "sqlite:none.db", "--audit", "sqlite:broken.db");

    assertThat(result.exit()).isEqualTo(1);
    JsonNode document =
        new PublishedSchema("doctor.schema.json").read(result.out(), "observations");
    assertThat(document.path("healthy").asBoolean(true)).isFalse();
    for (JsonNode observation : document.path("observations")) {
      assertThat(observation.path("status").asText()).isIn("right", "doubtful", "wrong");
      assertThat(observation.has("code"))
          .isEqualTo(!observation.path("status").asText().equals("right"));
    }
  }

  /** Whatever is given where: no secret comes out again. */
  @Test
  void doctor_secretsAnywhere_areNeverShown() {
    String secret = cli.read("planner.key").strip();
    String digits = secret.substring(secret.indexOf('/') + 5, secret.indexOf('/') + 25);
    cli.file("secret.json", secret);
    cli.env("TAPER_PRIVATE_KEY", secret).env("TAPER_TOKEN", secret);

    for (String option :
        List.of(
            "--public-key",
            "--key",
            "--token",
            "--catalog",
            "--names",
            "--policy",
            "--keys",
            "--registry",
            "--audit",
            "--approval-uses",
            "--replay-memory",
            "--audience",
            "--budgets")) {
      for (String value : List.of(secret, "secret.json")) {
        for (String json : List.of("--json", "--public-key=root.pub")) {
          Cli.Result result = doctor(option, value, json);
          assertThat(result.out() + result.err()).as(option).doesNotContain(digits);
        }
      }
    }
  }
}
