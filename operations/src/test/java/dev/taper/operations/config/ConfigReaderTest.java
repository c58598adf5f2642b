package dev.taper.operations.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.agent.decision.DecisionListener;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.audit.AuditSink;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.Workplace;
import dev.taper.store.SqlReplayMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every setting, and every mistake with its place. */
class ConfigReaderTest {
  private static final PublicKey KEY = PrivateKey.generate(Algorithm.ED25519).publicKey();
  private static final Workplace HERE = new Workplace(Path.of(""), Clock.systemUTC());
  private static final String LEAST =
      "audience: svc:jira\nroot-keys: roots.json\nrevocations: none\ncatalog: none\n";
  static final String EVERYTHING =
      """
      audience: svc:jira
      root-keys: [KEY]
      catalog: catalog.json
      origins:
        - https://jira.example
        - origin: https://{tenant}.example.com
          prefix: /jira
      revocations:
        list: https://lists.example/revoked.list
        keys: [KEY, revoker.pub]
        memory: revoked.number
        every: 1m
      audit:
        log: sqlite:audit.db
        key: audit.key
        passphrase-file: audit.passphrase
        accept-readable-key: true
        on-failure: allow
        every-denial: true
        arguments: [jira.delete.id, mail.send.to]
      policies: [read-only, own.datalog]
      registry: sqlite:registry.db
      shared-predicates: [team]
      names:
        file: names.json
        keys: KEY
      replay-memory: used
      replay-bytes: 100000
      proofs-alone: {longest: 5m, calls: 1000}
      approval-uses: "sqlite:used.db"
      budgets:
        acme: memory
        beta: sqlite:used.db
      leases: {beta: {parts: 100, longest: 30s}}
      asks: sqlite:used.db
      findings: {rules: abuse.datalog, off: [new_place], ask: [replays], held-back: held.keys, limits: {agent: {denials: 20}}}
      accept: [bearer, sealed]
      publish-approvers: true
      observe-only: true
      proof-window: {back: 2m, ahead: 10s}
      deadline: 250ms
      longest-justification: 30m
      longest-approval: 2d
      calls-at-once: 64
      calls-waiting: 32
      client: {roots: [/srv/work], sampling: true, elicitation: [form, url]}
      reload-every: 5s
      profiles:
        acme: {registry: "sqlite:registry.db"}
      """
          .replace("KEY", KEY.toString());

  private static Settings yaml(String text) {
    return SettingsReader.read(ConfigYaml.read("service.yaml", text));
  }

  /** The names of all settings at the top. */
  private static List<String> named(Settings settings) {
    return settings.places().keySet().stream().filter(name -> name.matches("[a-z-]+")).toList();
  }

  private static Settings properties(String text) {
    return SettingsReader.read(ConfigProperties.read("service.properties", text));
  }

  private static String wrong(String text) {
    Throwable thrown = catchThrowable(() -> yaml(text));
    assertThat(thrown)
        .isInstanceOfSatisfying(
            OperationException.class, e -> assertThat(e.code()).isEqualTo("invalid_config"));
    return String.valueOf(thrown.getMessage());
  }

  @Test
  void read_everything_isTaken() {
    Settings all = yaml(EVERYTHING);

    assertThat(all.audience()).isEqualTo("svc:jira");
    assertThat(all.rootKeys()).isEqualTo(new Settings.Roots(List.of(KEY), null));
    assertThat(all.origins())
        .containsExactly(
            new ToolCatalog.Origin("https://jira.example", ""),
            new ToolCatalog.Origin("https://{tenant}.example.com", "/jira"));
    assertThat(all.revocations())
        .isEqualTo(
            new Settings.Lists(
                new Place.Web("https://lists.example/revoked.list"),
                List.of(KEY.toString(), "revoker.pub"),
                "revoked.number",
                Duration.ofMinutes(1)));
    assertThat(all.audit())
        .isEqualTo(
            new Settings.Audit(
                new Place.Sql("sqlite:audit.db"),
                "audit.key",
                new Settings.Passphrase("audit.passphrase", false),
                true,
                DecisionListener.AuditFailure.ALLOW_AND_COUNT,
                true,
                List.of("jira.delete.id", "mail.send.to"),
                AuditSink.DEFAULT_FILE_BYTES));
    assertThat(all.policies()).containsExactly("read-only", "own.datalog");
    assertThat(all.sharedPredicates()).containsExactly("team");
    assertThat(all.names())
        .isEqualTo(new Settings.Names("names.json", List.of(KEY.toString()), false));
    assertThat(all.catalog()).isEqualTo("catalog.json");
    assertThat(all.replayMemory().place()).isEqualTo(new Place.File("used"));
    assertThat(Objects.requireNonNull(all.approvalUses()).place())
        .isEqualTo(new Place.Sql("sqlite:used.db"));
    assertThat(all.budgets())
        .isEqualTo(
            Map.of(
                "acme",
                Settings.Kept.IN_PROCESS,
                "beta",
                new Settings.Kept(new Place.Sql("sqlite:used.db"))));
    assertThat(all.asks()).isEqualTo(new Settings.Kept(new Place.Sql("sqlite:used.db")));
    assertThat(all.accept()).isEqualTo(new Settings.Accepted(true, true, true, true));
    assertThat(all.limits())
        .isEqualTo(
            new Settings.Limits(
                new AcceptedProofs.Window(Duration.ofMinutes(2), Duration.ofSeconds(10)),
                Duration.ofMillis(250),
                Duration.ofMinutes(30),
                Duration.ofDays(2),
                new Settings.Calls(64, 32)));
    assertThat(all.reloadEvery()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void read_least_hasTheDocumentedDefaults() {
    Settings least = yaml(LEAST);

    assertThat(least.places()).containsOnlyKeys("audience", "root-keys", "revocations", "catalog");
    assertThat(least.rootKeys()).isEqualTo(new Settings.Roots(List.of(), "roots.json"));
    assertThat(least.origins()).isEmpty();
    assertThat(least.revocations()).isNull();
    assertThat(least.audit()).isNull();
    assertThat(least.policies()).isEmpty();
    assertThat(least.sharedPredicates()).isEmpty();
    assertThat(least.names()).isNull();
    assertThat(least.catalog()).isNull();
    assertThat(least.replayMemory()).isEqualTo(Settings.Kept.IN_PROCESS);
    assertThat(least.approvalUses()).isNull();
    assertThat(least.budgets()).isEmpty();
    assertThat(least.asks()).isNull();
    assertThat(least.accept()).isEqualTo(new Settings.Accepted(false, false, false, false));
    assertThat(least.limits())
        .isEqualTo(
            new Settings.Limits(
                AcceptedProofs.Window.DEFAULT,
                Duration.ofMillis(500),
                Duration.ofHours(1),
                Duration.ofHours(24),
                null));
    assertThat(least.reloadEvery()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void read_propertiesOfTheSame_isEqual() {
    String text =
        """
        # a comment
        audience = svc:jira
        root-keys[0]: KEY
        catalog catalog.json
        origins[0]=https://jira.example
        origins[1].origin=https://{tenant}.example.com
        origins[1].prefix=/jira
        revocations.list=https://lists.example/\\
            revoked.list
        revocations.keys[0]=KEY
        revocations.keys[1]=revoker.pub
        revocations.memory=revoked.number
        revocations.every=1m
        audit.log=sqlite:audit.db
        audit.key=audit.key
        audit.passphrase-file=audit.passphrase
        audit.accept-readable-key=true
        audit.on-failure=allow
        audit.every-denial=true
        audit.arguments[0]=jira.delete.id
        audit.arguments[1]=mail.send.to
        registry=sqlite:registry.db
        policies[1]=own.datalog
        policies[0]=read-only
        shared-predicates=team
        names.file=names.json
        names.keys=KEY
        replay-memory=used
        replay-bytes=100000
        proofs-alone.longest=5m
        proofs-alone.calls=1000
        approval-uses=sqlite:used.db
        budgets.acme=memory
        budgets.beta=sqlite:used.db
        leases.beta.parts=100
        leases.beta.longest=30s
        asks=sqlite:used.db
        findings.rules=abuse.datalog
        findings.off[0]=new_place
        findings.ask[0]=replays
        findings.held-back=held.keys
        findings.limits.agent.denials=20
        accept[0]=bearer
        accept[1]=sealed
        publish-approvers=true
        observe-only=true
        proof-window.back=2m
        proof-window.ahead=10s
        deadline=250ms
        longest-justification=30m
        longest-approval=2d
        calls-at-once=64
        calls-waiting=32
        client.roots=/srv/work
        client.sampling=true
        client.elicitation[0]=form
        client.elicitation[1]=url
        reload-every=5s
        profiles.acme.registry=sqlite:registry.db
        """
            .replace("KEY", KEY.toString());

    assertThat(properties(text))
        .usingRecursiveComparison()
        .usingOverriddenEquals()
        .ignoringFields("places")
        .isEqualTo(yaml(EVERYTHING));
  }

  @Test
  void explain_everything_namesEachSettingOnce() {
    List<ExplainedSetting> all = TaperConfig.parse("service.yaml", EVERYTHING, HERE).explain();
    List<ExplainedSetting> least = TaperConfig.parse("service.yaml", LEAST, HERE).explain();

    assertThat(all).extracting(ExplainedSetting::given).containsOnly(true);
    assertThat(all)
        .extracting(ExplainedSetting::name)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(named(yaml(EVERYTHING)));
    assertThat(least).hasSameSizeAs(all);
    assertThat(least).filteredOn(ExplainedSetting::given).hasSize(4);
    assertThat(all.toString())
        .contains("NOTHING IS PROTECTED", "https://{tenant}.example.com/jira", "every 1m")
        .contains("2m old", "10s ahead", "read-only, then own.datalog", "250ms");
  }

  @Test
  void explain_replayBytes_isThatOfTheMemory(@TempDir Path folder) {
    long inFolder = Objects.requireNonNull(ReplayMemory.inFolder(folder).fill()).capacity();

    assertThat(replayBytes(""))
        .isEqualTo(
            "used proofs take up to 67108864 bytes, or a quarter of the heap if that is less, 50"
                + " each; more are refused");
    assertThat(replayBytes("replay-bytes: 65536\n"))
        .isEqualTo("used proofs take up to 65536 bytes, 50 each; more are refused");
    assertThat(replayBytes("replay-memory: used\n"))
        .isEqualTo(inFolder + " proofs are remembered, and more refused");
    assertThat(replayBytes("replay-memory: used\nreplay-bytes: 76000\n")).startsWith("1000 proofs");
    assertThat(replayBytes("replay-memory: sqlite:used.db\n"))
        .startsWith(SqlReplayMemory.DEFAULT_CAPACITY + " proofs");
  }

  private static String replayBytes(String lines) {
    return TaperConfig.parse("a.yaml", LEAST + lines, HERE).explain().stream()
        .filter(setting -> setting.name().equals("replay-bytes"))
        .map(ExplainedSetting::text)
        .findAny()
        .orElseThrow();
  }

  @Test
  void documentation_hasEverySetting() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "configuration.md"));

    for (ExplainedSetting setting : TaperConfig.parse("a.yaml", LEAST, HERE).explain()) {
      assertThat(page).contains("| `" + setting.name());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"audience", "root-keys", "revocations", "catalog"})
  void read_mandatoryMissing_saysSo(String name) {
    String without = LEAST.replaceAll("(?m)^" + name + ":.*\n", "");

    assertThat(wrong(without)).contains(name + " is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "audiense: svc:jira | service.yaml:5:1: there is no setting audiense; did you mean"
            + " audience?",
        "policy: x | service.yaml:5:1: there is no setting policy",
        "deadline: 5 | service.yaml:5:1: deadline: not a duration: 5",
        "deadline: 1ms | service.yaml:5:1: deadline: a call needs 5 ms at least",
        "deadline: | service.yaml:5:1: there is no value",
        "calls-at-once: 0 | service.yaml:5:1: calls-at-once: not a number of calls from 1 to 65536: 0",
        "calls-waiting: 5 | service.yaml:5:1: calls wait where calls-at-once bounds how many there"
            + " are",
        "deadline: [1s, 2s] | service.yaml:5:1: deadline has one value, not several",
        "audience: svc:wiki | service.yaml:5:1: audience is there twice",
        "observe-only: yes | service.yaml:5:1: observe-only: not true or false: yes",
        "accept: [held] | service.yaml:5:10: accept: not bearer or sealed: held",
        "accept: [] | service.yaml:5:1: accept is an empty list",
        "proof-window: {bak: 1s} | service.yaml:5:16: there is no setting bak; did you mean back?",
        "proof-window: {back: 2h} | service.yaml:5:16: back: a proof's window",
        "proof-window: 1s | service.yaml:5:1: proof-window has names with values below it",
        "budgets: {acme: https://x.example} | service.yaml:5:11: acme: a file or a database",
        "audit: {log: a.jsonl} | service.yaml:5:1: key is missing",
        "audit: {log: a.jsonl, key: k, on-failure: ask} | service.yaml:5:31: on-failure: not deny",
        "audit: {log: a, key: k, passphrase-file: f, passphrase-env: E} | exclude each other",
        "registry: folder | service.yaml:5:1: registry: ",
        "audit: a.jsonl | service.yaml:5:1: audit has names with values below it",
        "names: {keys: a.pub} | service.yaml:5:1: file is missing",
        "audit: {log: a, key: k, file-bytes: 9} | service.yaml:5:25: file-bytes: not a number of"
            + " bytes",
        "audit: {log: 'sqlite:a', key: k, file-bytes: 99999} | only a log in files goes on",
        "names: {file: n, keys: [a], accept-unsigned-approvers: true} | service.yaml:5:29: keys"
            + " and",
        "origins: [https://jira.example] | service.yaml:5:1: origins belong to a catalog",
        "origins: [https://JIRA.example] | service.yaml:5:11: origins:",
        "origins: [[a]] | service.yaml:5:11: an origin is a text",
        "policies: {a: b} | service.yaml:5:1: policies has one value",
        "reload-every: seldom | service.yaml:5:1: reload-every: not a duration: seldom",
        "x: &a 1 | there are no anchors and aliases here",
        "x: *a | there are no anchors and aliases here",
        "x: !!str 1 | there are no tags here",
        "? [a] | a name is expected",
        "x: 'open | this is no YAML",
      })
  void read_mistake_hasItsPlace(String line, String expected) {
    assertThat(wrong(LEAST + line + "\n")).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "root-keys: [a.pub, b.pub] | either one file, or public keys",
        "root-keys: ed25519/00 | root-keys:",
        "revocations: {list: l, keys: [k]} | memory is missing",
        "revocations: {list: l, memory: none} | keys is missing",
        "revocations: some | revocations has list, keys and memory",
        "catalog: '' | catalog: there is no value",
        "audience: '' | audience:",
      })
  void read_mandatoryMistaken_saysSo(String line, String expected) {
    String name = line.substring(0, line.indexOf(':'));

    assertThat(wrong(LEAST.replaceAll("(?m)^" + name + ":.*$", line))).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "just a text", "[a, b]", "a: 1\n---\nb: 2\n", "\u0000", "{", "- a: 1"})
  void read_noNamesWithValues_isRefused(String text) {
    assertThat(wrong(text)).startsWith("service.yaml");
  }

  @Test
  void read_tooMuch_isRefused() {
    assertThat(wrong("a: " + "x".repeat(Setting.MAX_CHARS))).contains("characters");
    assertThat(wrong("a: " + "[".repeat(100) + "]".repeat(100))).contains("nested deeper");
    assertThat(wrong("a: [" + "x,".repeat(Setting.MAX_VALUES + 1) + "]")).contains("values");
    assertThatThrownBy(() -> properties("a" + ".b".repeat(20) + "=1"))
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> properties("a=" + "x".repeat(Setting.MAX_CHARS)))
        .hasMessageContaining("characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audience: ed25519-private/SECRET",
        "audit: {log: a, key: ed25519-private/SECRET}",
        "ed25519-private/SECRET: x",
        "replay-memory: jdbc:postgresql://db/x?user=a&password=SECRET",
        "replay-memory: jdbc:postgresql://a:SECRET@db/x",
        "catalog: https://a:SECRET@host/x",
        "names: \"-----BEGIN PRIVATE KEY-----\\nSECRET\"",
      })
  void read_secret_isRefusedAndNotShown(String line) {
    assertThat(wrong(line)).contains("this is a secret").doesNotContain("SECRET");
    assertThatThrownBy(() -> properties(line.replaceFirst(": ", "=")))
        .isInstanceOf(OperationException.class)
        .message()
        .doesNotContain("SECRET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deadlin=1s | service.properties:5: there is no setting deadlin; did you mean deadline?",
        "deadline= | service.properties:5: there is no value",
        "catalog=other | service.properties:5: catalog is there twice",
        "policies[1]=a | a list has the numbers from [0] on",
        "audience.x=1 | service.properties:5: audience has a value already",
        "..=1 | service.properties:5: a name has parts between dots",
        "a=\\u00zz | service.properties:5: a character is written",
      })
  void read_mistakeInProperties_hasItsLine(String line, String expected) {
    String least = LEAST.replace(": ", "=");

    assertThatThrownBy(() -> properties(least + line + "\n"))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void of_settingsFromElsewhere_areTheSame() {
    TaperConfig config =
        TaperConfig.of(
            Map.of(
                "audience", "svc:jira",
                "root-keys", "roots.json",
                "revocations", "none",
                "catalog", "none"),
            HERE);

    assertThat(config.explain()).isEqualTo(TaperConfig.parse("a.yml", LEAST, HERE).explain());
    assertThatThrownBy(() -> TaperConfig.of(Map.of("audiense", "x"), HERE))
        .hasMessageContaining("audience is missing, and there is audiense, which is no setting");
    assertThatThrownBy(
            () -> TaperConfig.of(Map.of("audience", "svc:jira", "rootkeys", "root.pub"), HERE))
        .hasMessageContaining("root-keys is missing, and there is rootkeys, which is no setting");
  }

  @Test
  void parse_fileOfAnotherKind_isRefused() {
    assertThatThrownBy(() -> TaperConfig.parse("service.json", LEAST, HERE))
        .hasMessage("service.json: a configuration's name ends with .yaml, .yml or .properties");
  }

  @Test
  void mistakes_several_areToldAtOnce() {
    String text =
        "audience: svc:jira\nreplay-bytes: -1\ncatlog: none\nrevocations: none\nroot-keys: r\ndeadline: 1ms\nfoo: 1\n";

    Throwable thrown = catchThrowable(() -> TaperConfig.parse("c.yaml", text, HERE));

    assertThat(thrown).isInstanceOf(OperationException.class);
    assertThat(String.valueOf(thrown.getMessage()).lines())
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).startsWith("c.yaml:2:1: replay-bytes: "),
            line -> assertThat(line).contains("catalog is missing"),
            line -> assertThat(line).startsWith("c.yaml:6:1: deadline: "),
            line -> assertThat(line).startsWith("c.yaml:3:1: there is no setting catlog"),
            line -> assertThat(line).startsWith("c.yaml:7:1: there is no setting foo"));
  }

  @Test
  void mistakes_severalUnknownSettings_whatThereIsStandsOnce() {
    String text = LEAST + "\nfoo: 1\ncatlog: 1\nbar: 1\nbaz: 1\n";

    Throwable thrown = catchThrowable(() -> TaperConfig.parse("c.yaml", text, HERE));

    String message = String.valueOf(thrown.getMessage());
    assertThat(message.lines())
        .hasSize(4)
        .filteredOn(line -> line.contains("; there are "))
        .hasSize(1);
    assertThat(message)
        .contains("setting foo; there are ", "setting catlog; did you mean catalog?");
  }

  @Test
  void mistakes_many_areBounded() {
    StringBuilder text = new StringBuilder(LEAST);
    for (int i = 0; i < 100; i++) {
      text.append("strange-").append(i).append(": 1\n");
    }

    Throwable thrown = catchThrowable(() -> TaperConfig.parse("c.yaml", text.toString(), HERE));

    assertThat(String.valueOf(thrown.getMessage()).lines())
        .hasSize(21)
        .last()
        .isEqualTo("and 80 more");
  }
}
