package dev.taper.server.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.names.NamesFile;
import dev.taper.cli.TaperCommandLine;
import dev.taper.cli.io.Console;
import dev.taper.cli.io.Terminals;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import dev.taper.operations.OperationException;
import dev.taper.operations.keeper.KeeperClient;
import dev.taper.server.keeper.RunningKeeper;
import dev.taper.server.oidc.ReadyProvider;
import dev.taper.server.signin.Browser;
import dev.taper.testing.FreePort;
import dev.taper.testing.Page;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/login.md does what it says, with a provider that is not ours: an agent enrols, a person
 * signs in and consents, and the agent has its first token.
 */
class LoginPageTest {
  private static final Path PAGE = Path.of("..", "docs", "login.md");
  private static final String ALICE = "248289761001";

  @TempDir Path folder;

  private final Clock clock = Clock.systemUTC();
  private final PrivateKey root = PrivateKey.generate(Algorithm.ED25519);
  private final MockOAuth2Server provider = new MockOAuth2Server();
  private final List<String> told = new ArrayList<>();
  private String issuer = "";
  private @Nullable KeeperClient keeper;

  private String here(String text) {
    return text.replace("https://issuer.acme.com", issuer)
        .replace("https://login.acme.com", provider.issuerUrl("acme").toString());
  }

  private void write(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private String names() {
    return NamesFile.builder()
        .number(1)
        .agent("agent:other", root.publicKey())
        .build()
        .sign(PrivateKey.generate(Algorithm.ED25519));
  }

  /** What the page names, as the page has it where it does. */
  private void writeFiles() throws IOException {
    write("root.key", root.exposeText());
    write("audit.key", PrivateKey.generate(Algorithm.ED25519).exposeText());
    write("root.pub", root.publicKey().toString());
    write("client.secret", "s3cret\n");
    write(
        "service.yaml",
        """
        audience: svc:issuer
        root-keys: root.pub
        catalog: none
        revocations: none
        audit: {log: audit.log, key: audit.key}
        registry: sqlite:issuer.db
        deadline: 20s
        """);
    write("issuing.datalog", "check if tool(\"taper.grant\");\nallow if true;\n");
    write(
        "issuer.yaml",
        here(
            """
            issuer: https://issuer.acme.com
            key: root.key
            providers:
              - {issuer: "https://login.acme.com", audience: taper-login, delegator: "user:{sub}@acme.com"}
            templates:
              read:
                grants: ["jira.* read on jira:project/ACME/*"]
                expires: 1h
                audience: [svc:jira]
            policies: [issuing.datalog]
            """));
    List<String> json = Page.blocks(PAGE, "json");
    assertThat(json).hasSize(2);
    write("sign-in.json", here(json.get(0)));
    write("workloads.json", here(json.get(1)));
    write("names.json", names());
  }

  /** The process of the page's second block. */
  private Served serve(int port) throws IOException {
    List<Object> arguments = new ArrayList<>();
    for (String word : Page.blocks(PAGE, "sh-server").get(1).strip().split(" ", -1)) {
      boolean isFile = word.endsWith(".yaml") || word.endsWith(".json");
      arguments.add(isFile ? folder.resolve(word) : word);
    }
    assertThat(arguments.subList(0, 2)).isEqualTo(List.of("./taper", "serve"));
    arguments.addAll(List.of("--listen", "127.0.0.1:" + port));
    return Served.start(arguments.subList(2, arguments.size()).toArray());
  }

  private void next(Map<String, Object> claims) {
    provider.enqueueCallback(
        new DefaultOAuth2TokenCallback("acme", ALICE, "JWT", List.of("taper"), claims, 3600));
  }

  private Browser signedIn() {
    next(Map.of("groups", List.of("taper-operators")));
    Browser browser = new Browser(issuer);
    assertThat(browser.signIn("/confirm").statusCode()).isEqualTo(200);
    return browser;
  }

  private static Map<String, String> answer(HttpResponse<String> page, String word) {
    Map<String, String> form = new LinkedHashMap<>(Browser.fields(page));
    form.put("answer", word);
    return form;
  }

  /** What the person at the terminal does about a line. */
  private void act(String line) {
    told.add(line);
    String url = line.substring(line.lastIndexOf(' ') + 1);
    if (line.startsWith("Have an operator")) {
      confirmCode(url);
    } else if (line.startsWith("Sign in at ")) {
      signIn(url);
    } else if (line.startsWith("Consent at ")) {
      consent(url);
    }
  }

  private void confirmCode(String page) {
    assertThat(page).isEqualTo(issuer + "/confirm");
    Browser operator = signedIn();
    Map<String, String> typed = answer(operator.open("/confirm"), "see");
    typed.put("code", told.get(1).replace("code  ", ""));
    HttpResponse<String> shown = operator.post("/confirm/code", typed);
    assertThat(shown.body()).contains("agent:planner", told.get(0).replace("key   ", ""));
    assertThat(operator.post("/confirm/code", answer(shown, "yes")).statusCode()).isEqualTo(200);
  }

  private void signIn(String url) {
    next(Map.of());
    Browser browser = new Browser(issuer);
    String back = browser.elsewhere(url).headers().firstValue("Location").orElseThrow();
    assertThat(browser.elsewhere(back).statusCode()).isEqualTo(200);
  }

  private void consent(String page) {
    assertThat(page).startsWith(issuer + "/confirm");
    Browser person = signedIn();
    String all = person.open("/confirm").body();
    String path = all.replaceAll("(?s).*href=\"(/confirm/exchange\\?id=[^\"]+)\".*", "$1");
    HttpResponse<String> asked = person.open(path);
    assertThat(asked.body())
        .contains("agent:planner", "user:" + ALICE + "@acme.com", "jira:project/ACME/", "T-4711");
    assertThat(person.post("/confirm/exchange", answer(asked, "yes")).statusCode()).isEqualTo(200);
  }

  /** What the line does, with a key that the keeper has. */
  private void taperWithKeeper(String line) {
    taper(line.replace("--key planner.key", "--key keeper:planner"));
  }

  private void taper(String line) {
    String[] words = here(line).split(" ", -1);
    assertThat(words[0]).isEqualTo("./taper");
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(new Lines(this::act), true, StandardCharsets.UTF_8),
            keeper == null ? Map.of() : Map.of(KeeperClient.VARIABLE, keeper.socket().toString()),
            clock,
            Terminals.NONE,
            folder);
    int exit =
        new TaperCommandLine(console)
            .run(List.of(words).subList(1, words.length).toArray(new String[0]));
    assertThat(exit).as(line + told).isZero();
  }

  @Test
  void page_itsCommands_giveAnAgentItsFirstToken() throws Exception {
    ReadyProvider.start(provider, "acme");
    int port = FreePort.next();
    issuer = "http://127.0.0.1:" + port;
    writeFiles();
    try (Served served = serve(port)) {
      for (String line : Page.blocks(PAGE, "sh-server").get(0).strip().split("\n", -1)) {
        taper(line);
      }
      AgentToken token =
          AgentToken.decode(Files.readString(folder.resolve("planner.token")).strip());
      assertThat(token.token().holderKey())
          .isEqualTo(PublicKey.load(folder.resolve("planner.pub")));
      assertThat(token.chain().delegator()).isEqualTo("user:" + ALICE + "@acme.com");
      assertThat(Files.getPosixFilePermissions(folder.resolve("planner.token")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(served.send(served.to("/.well-known/taper-agents").build()).body())
          .isEqualTo(Files.readString(folder.resolve("names.json")));
    } finally {
      provider.shutdown();
    }
    assertThat(told.stream().map(line -> line.substring(0, 4)).toList())
        .containsExactly("key ", "code", "Have", "Sign", "Cons");
  }

  @Test
  void page_itsCommandsWithAKeyOfAKeeper_giveAnAgentItsFirstToken() throws Exception {
    ReadyProvider.start(provider, "acme");
    int port = FreePort.next();
    issuer = "http://127.0.0.1:" + port;
    writeFiles();
    try (RunningKeeper running = RunningKeeper.start(folder.resolve("keeper"));
        Served served = serve(port)) {
      keeper = running.client;
      PublicKey key = running.newKey("planner").key();
      List<String> lines = Page.blocks(PAGE, "sh-server").get(0).strip().lines().toList();
      taperWithKeeper(lines.get(1));
      taperWithKeeper(lines.get(2));
      AgentToken token =
          AgentToken.decode(Files.readString(folder.resolve("planner.token")).strip());
      assertThat(token.token().holderKey()).isEqualTo(key);
      assertThat(served.send(served.to("/signin/session").build()).statusCode()).isEqualTo(403);
    } finally {
      provider.shutdown();
    }
  }

  @Test
  void serve_optionsThatDoNotFit_isRefused() {
    assertThatThrownBy(
            () -> Served.start("--role", "lists", "--sign-in", folder.resolve("sign-in.json")))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("--sign-in belongs to the roles issuer and console");
    PeopleOptions options = new PeopleOptions();
    options.signIn = folder.resolve("sign-in.json");
    assertThatThrownBy(() -> options.book(clock))
        .isInstanceOf(OperationException.class)
        .hasMessageContaining("--enrolments");
  }

  /** Gives each line away when it has ended. */
  private static final class Lines extends OutputStream {
    private final Consumer<String> taker;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(Consumer<String> taker) {
      this.taker = taker;
    }

    @Override
    public void write(int b) {
      if (b == '\n') {
        String whole = line.toString(StandardCharsets.UTF_8);
        line.reset();
        taker.accept(whole);
      } else {
        line.write(b);
      }
    }
  }
}
