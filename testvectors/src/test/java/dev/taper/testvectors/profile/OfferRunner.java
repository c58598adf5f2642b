package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.taper.DecodeLimits;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.ToolOffer;
import dev.taper.testing.SettableClock;
import dev.taper.token.UnverifiedToken;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
                      Credentials.of(
                          UnverifiedToken.decode(token, DecodeLimits.DEFAULT).encodeBase64(),
                          Json.textOrNull(one, "proof")));
          DenialCode code = offer.code();
          return code == null ? Cases.ok(tools(offer, one.get("entry"))) : Cases.code(code.text());
        });
  }

  private static List<String> tools(ToolOffer offer, @Nullable JsonNode entry) {
    if (entry == null) {
      return offer.tools();
    }
    String tool = Json.text(entry, "tool");
    String argument = Json.text(entry, "argument");
    String value = Json.textOrNull(entry, "value");
    boolean isLeft =
        value == null
            ? offer.offersStart(tool, argument, Json.text(entry, "start"))
            : offer.offers(tool, argument, value);
    return isLeft ? List.of(tool) : List.of();
  }
}
