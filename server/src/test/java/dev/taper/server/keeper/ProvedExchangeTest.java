package dev.taper.server.keeper;

import static dev.taper.server.keeper.RunningKeeper.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.memory.AcceptedProofs;
import dev.taper.agent.memory.MemoryShare;
import dev.taper.agent.memory.ReplayMemory;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.crypto.Signer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A keeper proves exchanges and enrolments, which it is told the parts of. */
class ProvedExchangeTest {
  private static final String ISSUER = "https://issuer.example.com";
  private static final String GRANT = "[{\"type\": \"taper_grant\", \"template\": \"read\"}]";
  private static final String ENROLMENT =
      "[{\"type\":\"taper_enrolment\",\"name\":\"agent:planner\"}]";
  private static final String DIGEST = "A".repeat(43);

  @TempDir Path folder;

  private static ExchangeProof prove(Signer agent, String token, String details) {
    // Of its caller's clock a keeper takes nothing.
    return ExchangeProof.make(
        agent, new ExchangeProof.Subject(ISSUER, token, details), Clock.systemUTC());
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void prove_anExchange_isGoodOnceByTheKeepersClock(Algorithm algorithm) throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      PublicKey key = keeper.client.newKey("planner", algorithm, null, false, null).key();
      keeper.clock.pass(Duration.ofDays(1));
      Signer agent = keeper.client.signer("planner");
      ExchangeProof proof = prove(agent, "eyJ.eyJ.sig", GRANT);
      assertThat(proof.agent()).isEqualTo(key);
      assertThat(proof.issuedAt()).isAfter(Instant.now().plus(Duration.ofHours(23)));
      assertThat(prove(agent, "eyJ.eyJ.sig", GRANT).encode()).isNotEqualTo(proof.encode());
      AcceptedProofs accepted =
          AcceptedProofs.of(AcceptedProofs.Window.DEFAULT, ReplayMemory.inMemory(), keeper.clock);
      ExchangeProof.decode(proof.encodeBase64())
          .check(new ExchangeProof.Subject(ISSUER, "eyJ.eyJ.sig", GRANT), accepted)
          .claim(MemoryShare.of("user:alice", new byte[] {1}));
    }
  }

  @Test
  void sign_aProofOfExchangeMadeElsewhere_isRefused() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      keeper.newKey("planner");
      Signer inner = keeper.client.signer("planner");
      Signer onlySigner =
          new Signer() {
            @Override
            public PublicKey publicKey() {
              return inner.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) {
              return inner.sign(message);
            }
          };
      assertThat(
              code(
                  () -> {
                    var unused = prove(onlySigner, "eyJ.eyJ.sig", GRANT);
                  }))
          .isEqualTo("use_prove");
    }
  }

  @Test
  void prove_withConfirmation_asksOnceForTheVerySameExchange() throws Exception {
    Path program = RunningKeeper.program(folder, "ask", "exit 0");
    try (RunningKeeper keeper =
        RunningKeeper.start(folder.resolve("keeper"), options -> options.askpass = program)) {
      var key = keeper.client.newKey("planner", Algorithm.ED25519, null, true, null);
      Signer agent = keeper.client.signer(key.name());
      var first = prove(agent, "eyJ.eyJ.sig", GRANT);
      keeper.clock.pass(Duration.ofMinutes(9));
      var again = prove(agent, "eyJ.eyJ.sig", GRANT);
      assertThat(questions()).containsExactly("Use the key planner?");
      assertThat(Files.readString(folder.resolve("questions")).replace("\n              | ", ""))
          .contains("  to          ask for a token at " + ISSUER + "\n  detail      \"");
      var otherToken = prove(agent, "eyJ.eyJ.other", GRANT);
      assertThat(questions()).hasSize(2);
      keeper.clock.pass(Duration.ofMinutes(2));
      var later = prove(agent, "eyJ.eyJ.sig", GRANT);
      assertThat(questions()).hasSize(3);
      var enrolment = prove(agent, "enrolment by code", ENROLMENT);
      assertThat(questions()).hasSize(4);
      assertThat(Files.readString(folder.resolve("questions")).replace("\n              | ", ""))
          .contains("  to          have it enrolled at " + ISSUER + "\n");
      assertThat(List.of(again, otherToken, later, enrolment)).doesNotContain(first);
    }
  }

  private List<String> questions() throws Exception {
    return Files.readAllLines(folder.resolve("questions")).stream()
        .filter(line -> line.startsWith("Use the key"))
        .toList();
  }

  @Test
  void prove_anExchangeThatItsUserDoesNotWant_isRefusedEachTime() throws Exception {
    Path program = RunningKeeper.program(folder, "ask", "exit 1");
    try (RunningKeeper keeper =
        RunningKeeper.start(folder.resolve("keeper"), options -> options.askpass = program)) {
      var key = keeper.client.newKey("planner", Algorithm.ED25519, null, true, null);
      Signer agent = keeper.client.signer(key.name());
      for (int i = 0; i < 2; i++) {
        assertThat(
                code(
                    () -> {
                      var unused = prove(agent, "eyJ.eyJ.sig", GRANT);
                    }))
            .isEqualTo("confirm_refused");
      }
      assertThat(questions()).hasSize(2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "another, https://issuer.example.com, , [], unknown_key",
        "planner, http://issuer.example.com, , [], invalid_request",
        "planner, https://issuer.example.com?a=b, , [], invalid_request",
        "planner, https://u:p@issuer.example.com, , [], invalid_request",
        "planner, https://issuer.example.com, AAAA, [], invalid_request",
        "planner, https://issuer.example.com, eyJ.eyJ.sig, [], invalid_request",
        "planner, https://issuer.example.com, , {}, invalid_request",
        "planner, https://issuer.example.com, , [1], invalid_request",
        "planner, https://issuer.example.com, , `[{\\\"type\\\": 1}]`, invalid_request",
        "planner, https://issuer.example.com, , nothing, invalid_request"
      })
  void prove_whatIsNoExchange_isRefused(
      String key, String issuer, String digest, String details, String code) throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder)) {
      keeper.newKey("planner");
      String request =
          "{\"key\":\"%s\",\"issuer\":\"%s\",\"subject_token\":\"%s\",\"details\":\"%s\"}"
              .formatted(key, issuer, digest == null ? DIGEST : digest, details);
      assertThat(keeper.refused("POST", "/v1/prove/exchange", request)).isEqualTo(code);
    }
  }
}
