package dev.taper.server.issuer.confirm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.delegation.Task;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.server.issuer.EnrolledAgent;
import dev.taper.server.issuer.PendingExchange;
import dev.taper.server.issuer.enrol.Enrolling;
import dev.taper.server.issuer.enrol.EnrolmentBook;
import dev.taper.server.issuer.enrol.EnrolmentEndpoint;
import dev.taper.server.oidc.Subject;
import dev.taper.server.signin.Browser;
import dev.taper.server.signin.SignInWorld;
import dev.taper.testing.RealBrowser;
import dev.taper.testing.TearDown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The issuer's pages in Chromium, with names of 170 characters, at three widths, in light and dark,
 * by keyboard alone; {@code TAPER_PICTURES} names a folder for pictures of them. Without Chromium
 * or what {@code operations/src/test/node/install} installs the test is skipped, and fails where
 * everything has to be there.
 */
class PagesTest {
  private static final Path SCRIPTS = Path.of("src/test/node/confirm");
  private static final int MINUTES = 20;
  private static final String ISSUER = "https://issuer.example.com";
  private static final String PERSON = named("alice-");

  private final Waiting waiting = new Waiting();
  private SignInWorld world;

  @BeforeAll
  static void demand() {
    RealBrowser.demand();
  }

  private static String named(String prefix) {
    return (prefix + "very-long-name-of-a-team-in-a-large-company-".repeat(5)).substring(0, 170);
  }

  @BeforeEach
  void start(@TempDir Path folder) {
    world =
        new SignInWorld(
            (signIn, of) -> {
              EnrolmentBook book = EnrolmentBook.open(folder.resolve("enrolments.json"), of.clock);
              Enrolling enrolling = new Enrolling(ISSUER, book, List.of(), of.clock);
              return List.of(
                  new EnrolmentEndpoint(enrolling),
                  new ConfirmPages(signIn, waiting, enrolling.codes(), of.clock));
            });
  }

  @AfterEach
  void stop() throws Exception {
    TearDown.close(world);
  }

  private void ask(String id, String agent, String task, String purpose, List<String> grants) {
    waiting.all.add(
        new PendingExchange(
            id,
            new Subject(world.issuer(), PERSON),
            "user:" + PERSON,
            new EnrolledAgent(
                agent, PrivateKey.generate(Algorithm.SECP256R1).publicKey(), Set.of()),
            new Task(task, purpose),
            grants,
            List.of("only for svc:jira"),
            List.of("at most 100 calls in 24h"),
            Duration.ofHours(1),
            world.clock.instant().plusSeconds(3600),
            null,
            world.clock.instant().plusSeconds(600)));
  }

  private String code(String name) {
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    String details = "[{\"type\":\"taper_enrolment\",\"name\":\"" + name + "\"}]";
    String proof =
        ExchangeProof.make(
                key, new ExchangeProof.Subject(ISSUER, Enrolling.BY_CODE, details), world.clock)
            .encodeBase64();
    String body =
        new Browser(world.origin)
            .post(
                "/enrol",
                Map.of("authorization_details", details, "actor_token", proof),
                "null",
                "none")
            .body();
    assertThat(body).contains("\"user_code\":\"");
    return body.replaceAll("(?s).*\"user_code\":\"([A-Z-]*)\".*", "$1");
  }

  @Test
  void pages_longNamesHostileTexts_canBeReadAndUsedByKeyboard() throws Exception {
    List<String> many = new ArrayList<>(Collections.nCopies(20, named("jira.comment on jira:")));
    many.add("jira.* read on jira:project/ACME/*");
    String hostile = "<b>urgent</b> \u202e" + " ".repeat(30_000) + "\u05e9\u05dc\u05d5\u05dd 123";
    ask("e1", named("agent:"), named("T-"), hostile, many);
    ask("e2", "agent:planner", "T-4711", "triage Q3 tickets", List.of("jira.* read"));
    String code = code(named("agent:"));
    world.next(
        PERSON,
        Map.of("name", named("Alice "), "access", Map.of("groups", List.of("taper-operators"))));
    world.next("bob-1", Map.of("name", "Bob"));

    assertThat(faults(code)).isEmpty();
    assertThat(waiting.decided).containsExactly("yes e1", "no e2");
  }

  private List<String> faults(String code) throws Exception {
    List<String> command = new ArrayList<>(List.of("node", "pages.mjs", world.origin, code));
    String pictures = System.getenv("TAPER_PICTURES");
    if (pictures != null) {
      command.add(pictures);
    }
    Path output = Files.createTempFile("faults", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(SCRIPTS.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
      }
      assertThat(process.waitFor()).as(Files.readString(output)).isZero();
      return Files.readAllLines(output);
    } finally {
      Files.delete(output);
    }
  }
}
