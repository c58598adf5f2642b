package dev.taper.server.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taper.agent.approval.Approval;
import dev.taper.agent.approval.ApprovalRequest;
import dev.taper.agent.call.SentHttp;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.server.oidc.ReadyProvider;
import dev.taper.server.signin.Browser;
import dev.taper.server.signin.TestClock;
import dev.taper.store.Database;
import dev.taper.store.registry.Registry;
import dev.taper.testing.FreePort;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.token.DefaultOAuth2TokenCallback;
import org.jspecify.annotations.Nullable;

/** A console that people sign in to, the provider where they do, and an agent that asks. */
final class PeopleWorld implements AutoCloseable {
  static final String ERIN = "user:erin@acme.com";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CLIENT = "taper-console";

  final ServeWorld service = new ServeWorld();
  final PrivateKey listKey = PrivateKey.generate(Algorithm.ED25519);
  final TestClock clock = new TestClock();
  final MockOAuth2Server provider = new MockOAuth2Server();
  final Path folder;
  final String origin;
  private final List<Object> arguments = new ArrayList<>();
  private @Nullable Served served;

  /** A console with all that people may be given. */
  static PeopleWorld whole(Path folder) throws Exception {
    PeopleWorld world = new PeopleWorld(folder);
    world.with("--console-registry", world.database());
    world.with("--console-audit", world.database());
    world.with("--console-audit-public-key", folder.resolve("audit.pub"));
    world.with("--console-audit-key", folder.resolve("audit.key"));
    world.with("--revocations", folder.resolve("list.bin"));
    world.with("--console-revocation-key", folder.resolve("list.key"));
    world.with("--console-secret-file", folder.resolve("relay.secret"));
    return world;
  }

  PeopleWorld(Path folder) throws Exception {
    this.folder = folder;
    ReadyProvider.start(provider, "acme");
    int port = FreePort.next();
    origin = "http://127.0.0.1:" + port;
    PrivateKey auditKey = PrivateKey.generate(Algorithm.ED25519);
    Files.writeString(folder.resolve("audit.pub"), auditKey.publicKey().toString());
    secret("audit.key", auditKey.exposeText());
    secret("list.key", listKey.exposeText());
    secret("relay.secret", "sixteen-letters-of-a-relay");
    secret(
        "sign-in.json",
        """
        {"format": "taper/1 sign-in", "provider": "%s", "client": "%s", "origins": ["%s"],
         "life": "2h", "idle": "20m", "people": {"erin-1": "%s"},
         "roles": {"claim": "groups", "viewer": ["see"], "approver": ["answer"],
          "reviewer": ["review"], "operator": ["operate"]}}
        """
            .formatted(provider.issuerUrl("acme"), CLIENT, origin, ERIN));
    Path config = service.config(folder, origin, "asks: " + database());
    with("--role", "asks,console");
    with("--config", config);
    with("--sign-in", folder.resolve("sign-in.json"));
    with("--console-root-keys", folder.resolve("root.pub"));
    with("--listen", "127.0.0.1:" + port);
  }

  private void secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private String database() {
    return "sqlite:" + folder.resolve("taper.db");
  }

  /** Adds an option. */
  PeopleWorld with(String option, Object value) {
    arguments.addAll(List.of(option, value));
    return this;
  }

  /** Starts the console, with a delegation in its registry. */
  PeopleWorld start() {
    try (Database database = Database.open(database(), folder)) {
      new Registry(database, Clock.systemUTC()).issued(service.token, service.root.publicKey());
    }
    served = Served.start(clock, arguments.toArray());
    return this;
  }

  Served served() {
    if (served == null) {
      throw new IllegalStateException("it was not started");
    }
    return served;
  }

  /** The agent asks for the approval of a call; gives the ask's name. */
  String ask(int issue) throws Exception {
    String body =
        "{\"method\":\"POST\",\"target\":\"/issues/" + issue + "/close\",\"reason\":\"x\"}";
    SentHttp sent =
        SentHttp.of("POST", origin, "/v1/asks").content("application/json", ServeWorld.bytes(body));
    HttpResponse<String> made =
        served()
            .post(
                "/v1/asks",
                body,
                "Authorization",
                "Taper " + service.token.encodeBase64(),
                "Taper-Proof",
                service.proof(sent));
    if (made.statusCode() != 201) {
      throw new AssertionError(made.body());
    }
    HttpResponse<String> page =
        served()
            .send(
                served()
                    .to("/v1/console/asks?limit=200")
                    .header("Taper-Secret", "sixteen-letters-of-a-relay")
                    .build());
    String name = "";
    for (JsonNode item : JSON.readTree(page.body()).path("items")) {
      ApprovalRequest request = ApprovalRequest.decode(item.path("request").textValue());
      name =
          String.valueOf(request.call().resource()).endsWith("/" + issue)
                  || request.encode().contains("\"" + issue + "\"")
              ? item.path("ask").textValue()
              : name;
    }
    if (name.isEmpty()) {
      throw new AssertionError(page.body());
    }
    return name;
  }

  /** An approval of what an ask asks. */
  String approval(String request) {
    return ApprovalRequest.decode(request)
        .approve(service.boss, Approval.Terms.lasting(Duration.ofMinutes(5)), Clock.systemUTC())
        .encodeBase64();
  }

  /** The next person who comes back from the provider. */
  void next(String subject, String... groups) {
    provider.enqueueCallback(
        new DefaultOAuth2TokenCallback(
            "acme",
            subject,
            "JWT",
            List.of(CLIENT),
            Map.of("groups", List.of(groups), "name", "Erin <b>", "email", "erin@acme.com"),
            3600));
  }

  /** Somebody who signed in, at a browser of one's own. */
  Person signedIn(String subject, String... groups) throws Exception {
    return new Person(new Browser(origin)).signIn(this, subject, groups);
  }

  /** A browser, and the token that its page was told. */
  static final class Person {
    final Browser browser;
    String token = "";

    Person(Browser browser) {
      this.browser = browser;
    }

    Person signIn(PeopleWorld world, String subject, String... groups) throws Exception {
      world.next(subject, groups);
      if (browser.signIn("/").statusCode() != 200) {
        throw new AssertionError("not signed in");
      }
      token = session().path("token").asText();
      return this;
    }

    /** What a page that opens is told. */
    JsonNode session() throws IOException {
      return JSON.readTree(browser.ask("GET", "/api/session", null).body());
    }

    HttpResponse<String> get(String path) {
      return browser.ask("GET", "/api/" + path, null, "Taper-Session", token);
    }

    HttpResponse<String> post(String path, String json) {
      return browser.ask("POST", "/api/" + path, json, "Taper-Session", token);
    }

    /** The words of the records of the log, the newest first; it is not read anew at once. */
    List<String> records(int count) throws IOException {
      long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      List<String> words = new ArrayList<>();
      do {
        words.clear();
        json("timeline").path("items").forEach(one -> words.add(one.path("words").asText()));
      } while (words.size() < count && System.nanoTime() < end);
      return words;
    }

    JsonNode json(String path) throws IOException {
      HttpResponse<String> answer = get(path);
      if (answer.statusCode() != 200) {
        throw new AssertionError(path + ": " + answer.body());
      }
      return JSON.readTree(answer.body());
    }
  }

  /** What an answer says went wrong. */
  static String code(HttpResponse<String> answer) throws IOException {
    return JSON.readTree(answer.body()).path("code").asText();
  }

  @Override
  public void close() {
    if (served != null) {
      served.close();
    }
    provider.shutdown();
  }
}
