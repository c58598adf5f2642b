package dev.taper.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.store.Database;
import dev.taper.store.registry.RegistryQuery;
import dev.taper.store.registry.Reviews;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registry, review and rotation, as people use them. */
class RegistryCommandsTest {
  private static final String DB = "sqlite:taper.db";
  private static final String ERIN = "user:erin@acme.com";

  @TempDir Path folder;
  private Cli cli;
  private Agents agents;

  /** Alice's grant to the planner, which hands it on to the researcher, who makes a call. */
  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
    agents = new Agents(cli);
    agents.mint("planner.token", "--registry", DB);
    agents.delegate(
        "planner",
        "researcher",
        "--grant",
        "jira.search, jira.list on jira:project/ACME/Q3/*",
        "--expires",
        "10m",
        "--registry",
        DB);
    agents.prove("researcher", "search.json", "svc:jira", "search.proof");
    cli.ok(
        "authorize",
        "researcher.token",
        "--public-key",
        "root.pub",
        "--request",
        "search.json",
        "--audience",
        "svc:jira",
        "--proof",
        "search.proof",
        "--without-revocation",
        "--registry",
        DB);
  }

  private String registry(String... args) {
    return cli.ok(with(args));
  }

  private Cli.Result run(String... args) {
    return cli.run(with(args));
  }

  private static String[] with(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--registry");
    all.add(DB);
    return all.toArray(new String[0]);
  }

  private JsonNode json(String... args) throws IOException {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--json");
    return new ObjectMapper().readTree(registry(all.toArray(new String[0])));
  }

  @Test
  void list_afterMintDelegateAndAuthorize_showsWhatIsGrantedAndUsed() throws IOException {
    assertThat(registry("registry", "list").lines().toList())
        .containsExactly(
            "user:alice@acme.com",
            "  agent:planner  from user:alice@acme.com, for T-4711, ends in 1 hour",
            "    may   jira.*, list or read, jira:project/ACME/*, until 2030-01-01T13:00:00Z",
            "    used  once, last now",
            "  agent:researcher  from agent:planner, for T-4711, handed on once, ends in 10"
                + " minutes",
            "    may   jira.list or jira.search, list or read, jira:project/ACME/Q3/*, until"
                + " 2030-01-01T12:10:00Z",
            "    used  once, last now; never called: jira.list",
            "2 living delegations.");

    JsonNode delegations = json("registry", "list").get("delegations");
    assertThat(delegations).hasSize(2);
    JsonNode researcher = delegations.get(1);
    assertThat(researcher.get("holder").asText()).isEqualTo("agent:researcher");
    assertThat(researcher.get("parent")).isEqualTo(delegations.get(0).get("id"));
    assertThat(researcher.get("calls").asInt()).isEqualTo(1);
    assertThat(researcher.get("never_called").get(0).asText()).isEqualTo("jira.list");
    assertThat(researcher.get("root_key").asText()).isEqualTo(cli.read("root.pub").strip());
    assertThat(researcher.get("ends").asText()).isEqualTo("2030-01-01T12:10:00Z");
  }

  @Test
  void list_filters_narrow() {
    cli.file("left.txt", "# people who left\nuser:alice@acme.com\n");
    cli.file("others.txt", "user:bob@acme.com\n");
    String none = "0 living delegations.\n";
    assertThat(registry("registry", "list", "--unused")).isEqualTo(none);
    assertThat(registry("registry", "list", "--delegator", "user:bob@acme.com")).isEqualTo(none);
    assertThat(registry("registry", "list", "--orphaned", "others.txt")).isEqualTo(none);
    assertThat(registry("registry", "list", "--deeper", "1")).isEqualTo(none);
    assertThat(registry("registry", "list", "--orphaned", "left.txt")).contains("\n2 living");
    assertThat(registry("registry", "list", "--task", "T-4711")).contains("\n2 living");
    for (List<String> filter :
        List.of(
            List.of("--expiring", "30m"),
            List.of("--unexercised"),
            List.of("--deeper", "0"),
            List.of("--agent", "agent:researcher"))) {
      List<String> args = new ArrayList<>(List.of("registry", "list", "--by", "agent"));
      args.addAll(filter);
      assertThat(registry(args.toArray(new String[0])))
          .startsWith("agent:researcher\n")
          .endsWith("\n1 living delegation.\n");
    }
  }

  @Test
  void list_badInput_isRefused() {
    assertThat(cli.run("registry", "list").err()).contains("--registry sqlite:FILE", "(usage)");
    assertThat(cli.run("registry", "list", "--registry", "taper.db").exit()).isEqualTo(2);
    Cli.Result missing = cli.run("registry", "list", "--registry", "sqlite:other.db");
    assertThat(missing.exit()).isEqualTo(5);
    assertThat(missing.err()).contains("there is no sqlite:other.db (database_unavailable)");
    assertThat(folder.resolve("other.db")).doesNotExist();
    cli.file("empty.txt", "# nobody\n");
    assertThat(run("registry", "list", "--orphaned", "empty.txt").exit()).isEqualTo(2);
    assertThat(run("registry", "list", "--deeper", "-1").exit()).isEqualTo(2);
    assertThat(run("mint", "--key", "root.key", cli.file("plain.dl", "user(1);")).err())
        .contains("a registry knows delegation tokens only");
  }

  @Test
  void mint_registryThatCannotBeOpened_writesNoToken() throws IOException {
    Files.createDirectory(folder.resolve("folder.db"));
    Cli.Result result =
        cli.run(
            "mint",
            "--key",
            "root.key",
            "--delegator",
            "user:alice@acme.com",
            "--holder",
            "agent:planner=planner.pub",
            "--task",
            "T-1",
            "--grant",
            "jira.*",
            "--expires",
            "1h",
            "--out",
            "new.token",
            "--registry",
            "sqlite:folder.db");
    assertThat(result.exit()).isEqualTo(5);
    assertThat(folder.resolve("new.token")).doesNotExist();
  }

  /** Counted when the list was signed, nothing would be left to end. */
  @Test
  void taskEnd_listAndRegistryInOneDatabase_saysWhatItEnds() {
    cli.ok("keygen", "--out", "issuer.key");

    assertThat(registry("task", "end", "T-4711", "--revocations", DB, "--key", "issuer.key"))
        .contains("ends 2 living delegations");
  }

  @Test
  void forget_nothingEndedThatLongAgo_keepsAll() {
    assertThat(registry("registry", "forget", "--ended-before", "90d"))
        .isEqualTo("Forgot 0 delegations.\n");
    assertThat(registry("registry", "list")).contains("2 living delegations");
  }

  @Test
  void review_certifyAndRevoke_endsWhatIsRevoked() throws IOException {
    assertThat(start("7d")).contains("Review 1, Q4, due in 7 days", "2 open.");
    assertThat(registry("review", "show")).isEqualTo("Review 1, Q4, due in 7 days: 2 open\n");
    assertThat(
            registry(
                "review",
                "certify",
                "1",
                "--agent",
                "agent:planner",
                "--reviewer",
                ERIN,
                "--reason",
                "still triaging"))
        .contains("certified by " + ERIN + " at 2030-01-01T12:00:00Z: still triaging")
        .contains("1 open, 1 certified.");
    assertThat(registry("review", "revoke", "1", "2", "--reviewer", ERIN))
        .contains("1 certified, 1 revoked.", "taper registry publish");

    assertThat(registry("registry", "list")).contains("\n1 living delegation.");
    JsonNode report = json("review", "report", "1");
    assertThat(report.get("count").get("revoked").asInt()).isEqualTo(1);
    assertThat(report.get("items").get(0).get("reason").asText()).isEqualTo("still triaging");
    assertThat(json("review", "show").get("reviews")).hasSize(1);
    assertThat(registry("review", "report", "1")).isEqualTo(registry("review", "show", "1"));
  }

  /** What ended for verifiers must not look alive to reviewers. */
  @Test
  void revokeAndTaskEnd_withARegistry_endWhatItLists() {
    registry(
        ("revoke block researcher.token --public-key root.pub --revocations revoked.list"
                + " --key root.key")
            .split(" "));
    assertThat(registry("registry", "list")).contains("agent:planner", "\n1 living delegation.");

    registry("task end T-4711 --revocations revoked.list --key root.key".split(" "));
    assertThat(registry("registry", "list")).isEqualTo("0 living delegations.\n");
  }

  /** What ended elsewhere, by a list that the registry and the log were not told of. */
  @Test
  void listAndTrace_endedByAListFromElsewhere_isNotLiving() {
    cli.ok("keygen", "--out", "audit.key");
    agents.mint("other.token", "--audit", "log", "--audit-key", "audit.key");
    cli.ok("keygen", "--out", "lists.key");
    cli.ok("revoke", "task", "T-4711", "--revocations", "elsewhere.list", "--key", "lists.key");
    String[] list = {"--revocations", "elsewhere.list", "--revocation-key", "lists.pub"};

    assertThat(registry("registry", "list")).contains("agent:researcher");
    assertThat(registry("registry", "list", list[0], list[1], list[2], list[3]))
        .doesNotContain("agent:researcher");
    assertThat(cli.ok("audit", "trace", "log", "--task", "T-4711")).doesNotContain("revoked");
    assertThat(
            cli.ok("audit", "trace", "log", "--task", "T-4711", list[0], list[1], list[2], list[3]))
        .contains("revoked");
  }

  @Test
  void reviewRevoke_ofWhatIsNotThere_leavesNoRecord() {
    start("2030-02-01T00:00:00Z");
    cli.ok("keygen", "--out", "audit.key");
    String[] log = {"--audit", "log", "--audit-key", "audit.key"};

    Cli.Result result =
        run("review", "revoke", "1", "1", "3", "--reviewer", ERIN, log[0], log[1], log[2], log[3]);

    assertThat(result.err()).contains("review 1 has no item 3");
    assertThat(folder.resolve("log")).doesNotExist();
  }

  @Test
  void revocationsSign_afterAReviewsDate_namesWhatLapsed() {
    Clock earlier = Clock.fixed(Cli.NOW.minus(Duration.ofHours(2)), ZoneOffset.UTC);
    try (Database database = Database.open(DB, folder)) {
      new Reviews(database, earlier)
          .start("Q4", ERIN, Cli.NOW.minus(Duration.ofHours(1)), RegistryQuery.living());
    }
    cli.ok("keygen", "--out", "lists.key");

    Cli.Result signed = cli.run("revocations", "sign", "--revocations", DB, "--key", "lists.key");

    assertThat(signed.err()).contains("nobody certified it by its review's date: agent:planner");
    assertThat(cli.ok("revocations", "show", "--revocations", DB, "--revocation-key", "lists.pub"))
        .contains("  block: 2");
  }

  private String start(String due) {
    return registry("review", "start", "--title", "Q4", "--reviewer", ERIN, "--due", due);
  }

  @Test
  void review_badInput_isRefused() {
    start("2030-02-01T00:00:00Z");
    assertThat(run("review", "certify", "1", "--reviewer", ERIN).err()).contains("which items");
    assertThat(run("review", "certify", "1", "1", "--all", "--reviewer", ERIN).exit()).isEqualTo(2);
    assertThat(run("review", "certify", "1", "3", "--reviewer", ERIN).err())
        .contains("review 1 has no item 3 (invalid_argument)");
    assertThat(run("review", "certify", "1", "--task", "T-9", "--reviewer", ERIN).err())
        .contains("no such item of review 1 is open");
    assertThat(run("review", "show", "2").err()).contains("there is no review 2");
    assertThat(run("review", "report", "1", "--html", "--json").exit()).isEqualTo(2);
    assertThat(run("review", "report", "1", "--out", "x").exit()).isEqualTo(2);
    assertThat(
            run(
                    "review",
                    "start",
                    "--title",
                    "Q4",
                    "--reviewer",
                    ERIN,
                    "--due",
                    "2020-01-01T00:00:00Z")
                .err())
        .contains("in the future");
  }

  @Test
  void reviewReport_html_isOnePageForItsOwnerWithEverythingEscaped() throws IOException {
    registry(
        "review",
        "start",
        "--title",
        "<script>alert(1)</script>",
        "--reviewer",
        "<b>erin</b>",
        "--due",
        "7d");
    registry("review", "revoke", "1", "2", "--reviewer", "<i>erin", "--reason", "\"&<img src=x>");

    registry("review", "report", "1", "--html", "--out", "review.html");

    String page = cli.read("review.html");
    assertThat(page)
        .startsWith("<!doctype html>")
        .endsWith("</html>\n")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;", "&quot;&amp;&lt;img src=x&gt;")
        .contains("agent:researcher", "never called: jira.list", "prefers-color-scheme: dark")
        .doesNotContain("<script", "<b>erin", "<i>", "<img", "http://", "https://", "url(");
    assertThat(registry("review", "report", "1", "--html")).isEqualTo(page);
    assertThat(Files.getPosixFilePermissions(folder.resolve("review.html")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void publish_afterAReview_signsAListThatGrows() {
    cli.ok("keygen", "--out", "list.key");
    assertThat(registry("registry", "publish", "--key", "list.key", "--out", "list"))
        .isEqualTo("Signed revocation list 1: 0 entries, good until 2030-01-02T12:00:00Z.\n");
    int before = cli.readBytes("list").length;
    start("7d");
    registry("review", "revoke", "1", "--all", "--reviewer", ERIN);
    assertThat(
            registry(
                "registry",
                "publish",
                "--key",
                "list.key",
                "--out",
                "list",
                "--next-update",
                "1h",
                "--max-age",
                "2h"))
        .isEqualTo("Signed revocation list 2: 2 entries, good until 2030-01-01T13:00:00Z.\n");
    assertThat(cli.readBytes("list").length).isGreaterThan(before);
  }

  @Test
  void rotate_startWithoutKeySet_saysHowToBeginOne() {
    assertThat(cli.run("rotate", "start", "--keys", "none.json", "--new-key", "root.pub").err())
        .contains("there is no file none.json; a new set is a file with [] in it");
  }

  @Test
  void rotate_startStatusRetire_movesToTheNewKey() throws IOException {
    cli.ok("keygen", "--out", "new.key");
    cli.file("keys.json", "[]");
    cli.ok("rotate", "start", "--keys", "keys.json", "--new-key", "root.pub", "--issuer", "acme");

    String started =
        registry(
            "rotate", "start", "--keys", "keys.json", "--new-key", "new.pub", "--overlap", "30m");

    assertThat(started)
        .startsWith("Added root key 1: mint with --root-key-id 1.\n")
        .contains("ends in 30 minutes\n         2 living delegations, the last ends in 1 hour;")
        .contains("1 will be refused when the key ends");
    JsonNode keys = json("rotate", "status", "--keys", "keys.json").get("keys");
    assertThat(keys.get(0).get("expires_at").asText()).isEqualTo("2030-01-01T12:30:00Z");
    assertThat(keys.get(0).get("issuer").asText()).isEqualTo("acme");
    assertThat(keys.get(0).get("living").asInt()).isEqualTo(2);
    assertThat(keys.get(0).get("outlive_the_key").asInt()).isEqualTo(1);
    assertThat(keys.get(1).get("living").asInt()).isZero();
    assertThat(run("rotate", "retire", "--keys", "keys.json", "--key-id", "0").err())
        .contains("key 0 is still good until 2030-01-01T12:30:00Z");
    assertThat(run("rotate", "retire", "--keys", "keys.json", "--key-id", "7").exit()).isEqualTo(2);

    registry("rotate", "retire", "--keys", "keys.json", "--key-id", "0", "--early");

    assertThat(registry("registry", "list")).isEqualTo("0 living delegations.\n");
    cli.ok("keygen", "--out", "revoker.key");
    Cli.Result listed =
        run("revoke", "root", "root.pub", "--revocations", "r.list", "--key", "revoker.key");
    assertThat(listed.exit()).as(listed.err()).isZero();
    assertThat(listed.out()).startsWith("revoked the root key ").doesNotContain("ends nothing");
    assertThat(listed.err()).doesNotContain("is it the right one");
    assertThat(cli.ok("rotate", "status", "--keys", "keys.json"))
        .startsWith("  key 1  ")
        .endsWith("no end\n");
    assertThat(run("rotate", "retire", "--keys", "keys.json", "--key-id", "1", "--early").err())
        .contains("the last one");
  }
}
