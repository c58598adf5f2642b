package dev.taper.server.keeper;

import static dev.taper.server.keeper.RunningKeeper.code;
import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.delegation.AgentToken;
import dev.taper.operations.keeper.KeeperClient.KeptKey;
import dev.taper.operations.keeper.KeeperClient.KeptToken;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that stands for the issuer judges the renewal as any request of docs/binding.md. */
class RenewTest {
  @TempDir Path folder;

  @Test
  void renew_provesItsRequest_andKeepsTheLaterToken() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.stored(folder);
        GuardedService issuer = GuardedService.start(keeper.root.publicKey(), keeper.clock)) {
      KeptKey key = keeper.newKey("planner");
      AgentToken first = keeper.mint(key.key(), Duration.ofMinutes(10));
      KeptToken.Renewal renewal =
          new KeptToken.Renewal(issuer.origin + "/v1/renew", GuardedService.AUDIENCE);
      KeptToken kept =
          keeper.client.add(
              "planner", first.encodeBase64(), List.of("svc:jira"), renewal, null, false);
      AgentToken later = keeper.mint(key.key(), Duration.ofHours(2));
      issuer.renewal =
          () -> "{\"format\":\"taper/1 renewal\",\"token\":\"" + later.encodeBase64() + "\"}";

      KeptToken renewed = keeper.client.renew("planner");
      assertThat(renewed.expires()).isAfter(kept.expires());
      assertThat(keeper.client.token("planner")).isEqualTo(renewed);
      assertThat(renewed.audiences()).containsExactly("svc:jira");
      assertThat(issuer.calls).hasSize(1);

      keeper.restart();
      assertThat(keeper.client.token("planner").token()).isEqualTo(later.encodeBase64());
    }
  }

  private static String renewed(RunningKeeper keeper) {
    return code(
        () -> {
          var unused = keeper.client.renew("planner");
        });
  }

  @Test
  void renew_refusedOrNobodyThere_isTold() throws Exception {
    try (RunningKeeper keeper = RunningKeeper.start(folder);
        GuardedService issuer = GuardedService.start(keeper.root.publicKey(), keeper.clock)) {
      keeper.keepToken("none");
      assertThat(
              code(
                  () -> {
                    var unused = keeper.client.renew("none");
                  }))
          .isEqualTo("no_issuer");
      KeptKey key = keeper.newKey("planner");
      String first = keeper.mint(key.key()).encodeBase64();
      KeptToken.Renewal wrong = new KeptToken.Renewal(issuer.origin + "/v1/renew", "svc:another");
      var unused = keeper.client.add("planner", first, List.of(), wrong, null, false);
      assertThat(renewed(keeper)).isEqualTo("not_renewed");
      KeptToken.Renewal nobody =
          new KeptToken.Renewal("http://127.0.0.1:9/v1/renew", "svc:another");
      var replaced = keeper.client.add("planner", first, List.of(), nobody, null, true);
      assertThat(renewed(keeper)).isEqualTo("no_answer");
      assertThat(replaced.name()).isEqualTo("planner");
      for (String url :
          List.of("http://issuer.example/v1/renew", "https://issuer.example/v1/renew?a=b")) {
        String at = "{\"url\":\"" + url + "\",\"audience\":\"svc:x\"}";
        assertThat(keeper.refused("POST", "/v1/renew", "{\"token\":\"planner\",\"at\":" + at + "}"))
            .isEqualTo("invalid_request");
      }
    }
  }
}
