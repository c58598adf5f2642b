package dev.taper.server.keeper;

import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.catalog.ShownCall.Given;
import dev.taper.crypto.Signer;
import dev.taper.server.keeper.KeeperRequest.ProveExchange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Proves that an agent asks an issuer, dated by the keeper's clock. An exchange that waits for a
 * person is asked again every few seconds, so a yes to it stands a while: for the very same
 * exchange, as whose answer comes one token at most. Thread-safe.
 */
final class ExchangeDesk {
  private static final Duration STANDS = Duration.ofMinutes(10);
  private static final int MAX_STANDING = 64;
  private static final String ENROLMENT = "taper_enrolment";

  private record Agreed(HeldKey key, String issuer, String token, String details) {}

  private final KeyUse use;
  private final Clock clock;
  private final Map<Agreed, Instant> agreed = new LinkedHashMap<>();

  ExchangeDesk(KeyUse use, Clock clock) {
    this.use = use;
    this.clock = clock;
  }

  /**
   * Proves an exchange or an enrolment.
   *
   * @param key the agent's
   * @throws KeeperRefusal if the key cannot be used so
   */
  JsonFields prove(ProveExchange request, HeldKey key) {
    String what = purpose(request.details()) + request.issuer();
    String token = HexFormat.of().formatHex(request.tokenDigest());
    Agreed asked = new Agreed(key, request.issuer(), token, request.details());
    Signer signer =
        stands(asked)
            ? use.again(key, what)
            : use.of(key, shown(what, token, request.details()), what);
    remember(asked);
    ExchangeProof proof =
        ExchangeProof.makeUnseen(
            signer, request.issuer(), request.tokenDigest(), request.details(), clock);
    return new JsonFields().put("proof", proof.encodeBase64());
  }

  /** Each of the details for itself. */
  private static ShownCall shown(String what, String token, String details) {
    List<Given> all = new ArrayList<>();
    List<String> elements = CanonicalJson.elements(details);
    for (int i = 0; i < elements.size(); i++) {
      String kind = elements.size() == 1 ? "detail" : "detail " + (i + 1);
      all.addAll(Given.all(kind, CanonicalJson.members(elements.get(i))));
    }
    return Question.shown(List.of(new ShownCall.Row("to", what)), all, List.of(token));
  }

  /** What it is for, by the types of what is asked for. */
  private static String purpose(String details) {
    boolean isEnrolment = false;
    try {
      for (String element : CanonicalJson.elements(details)) {
        String type = CanonicalJson.members(element).getOrDefault("type", "1");
        isEnrolment |= CanonicalJson.string(type, "type").equals(ENROLMENT);
      }
    } catch (TaperException e) {
      throw KeeperRefusal.invalid("details are a JSON array of objects, each with a type");
    }
    return isEnrolment ? "have it enrolled at " : "ask for a token at ";
  }

  private synchronized boolean stands(Agreed asked) {
    agreed.values().removeIf(until -> !clock.instant().isBefore(until));
    return agreed.containsKey(asked);
  }

  private synchronized void remember(Agreed asked) {
    agreed.putIfAbsent(asked, clock.instant().plus(STANDS));
    if (agreed.size() > MAX_STANDING) {
      agreed.remove(agreed.keySet().iterator().next());
    }
  }
}
