package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.DecodeLimits;
import dev.taper.agent.DenialCode;
import dev.taper.agent.ToolOffer;
import dev.taper.testing.SettableClock;
import dev.taper.token.UnverifiedToken;
import java.time.Instant;

/** Runs the cases of offers. */
final class OfferRunner {
  private OfferRunner() {}

  static void run(JsonNode one) {
    SettableClock clock = new SettableClock(Instant.EPOCH);
    clock.set(Instant.ofEpochMilli(Json.get(one, "now").longValue()));
    byte[] token = Json.bytes(Json.get(one, "token"));
    Expectation.check(
        Json.get(one, "expect"),
        () -> {
          ToolOffer offer =
              DecisionRunner.verifier(Json.get(one, "verifier"), clock)
                  .build()
                  .offer(
                      UnverifiedToken.decode(token, DecodeLimits.DEFAULT).encodeBase64(),
                      Json.textOrNull(one, "proof"));
          DenialCode code = offer.code();
          return code == null ? Cases.ok(offer.tools()) : Cases.code(code.text());
        });
  }
}
