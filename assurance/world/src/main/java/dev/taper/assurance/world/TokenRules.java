package dev.taper.assurance.world;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The rules about tokens and root keys. For one history and one thread. */
final class TokenRules {
  private final Map<String, Event.Minted> minted = new HashMap<>();
  private final Map<String, Event.KeyRetired> retired = new HashMap<>();
  private final Checker.Breaking breaking;

  TokenRules(Checker.Breaking breaking) {
    this.breaking = breaking;
  }

  void minted(Event.Minted event) {
    minted.put(event.token(), event);
  }

  void retired(Event.KeyRetired event) {
    retired.put(event.key(), event);
  }

  Event.Minted of(Event.Called call) {
    return Objects.requireNonNull(minted.get(call.token()));
  }

  /**
   * A call was allowed.
   *
   * @param earliest the earliest that the verifier's clock showed meanwhile
   * @param list the number of the list of root keys that the verifier had
   */
  void allowed(Event.Called call, long earliest, int list) {
    Event.Minted token = of(call);
    if (earliest > token.until() + Checker.ROUNDED) {
      breaking.breaks(
          Rule.TOKEN_IN_ITS_LIFE, "Token " + token.token() + " had ended.", token, call);
    }
    if (token.asks()) {
      breaking.breaks(
          Rule.FACTS_STAY_WITH_THE_SERVICE,
          "A block of token " + token.token() + " got an answer.",
          token,
          call);
    }
    Event.KeyRetired gone = retired.get(token.key());
    if (gone != null && gone.list() <= list) {
      breaking.breaks(
          Rule.ROOT_KEY_TRUSTED,
          call.verifier() + " knew that key " + token.key() + " is retired.",
          token,
          gone,
          call);
    }
  }
}
