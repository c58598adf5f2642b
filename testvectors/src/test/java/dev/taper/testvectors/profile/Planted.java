package dev.taper.testvectors.profile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.function.Consumer;

/** What a verifier of the engine forgets, or nothing; the comparison has to notice each. */
@SuppressWarnings("ImmutableEnumChecker") // what changes a configuration keeps nothing
enum Planted {
  NOTHING(verifier -> {}),
  /** Its clock is a second behind, so that ends are a second later. */
  LATE(verifier -> {}),
  /** It does not ask for a proof. */
  NO_PROOF(verifier -> {}),
  /** It has another name. */
  OTHER_AUDIENCE(verifier -> verifier.put("audience", "svc:wiki")),
  /** It knows nothing that was revoked. */
  NOTHING_REVOKED(verifier -> verifier.remove("revocations")),
  /** It starts anew for each call, and remembers no use. */
  USES_FORGOTTEN(verifier -> {}),
  /** It takes tokens that anybody may use. */
  BEARERS(verifier -> verifier.put("bearer", true)),
  /** It leaves out the service's own policies. */
  NO_POLICIES(verifier -> verifier.remove("policies"));

  private final Consumer<ObjectNode> change;

  Planted(Consumer<ObjectNode> change) {
    this.change = change;
  }

  /** What the verifier is told. */
  ObjectNode config(ObjectNode config) {
    ObjectNode copy = config.deepCopy();
    change.accept(copy);
    return copy;
  }

  /** How far its clock is behind. */
  Duration behind() {
    return this == LATE ? Duration.ofSeconds(1) : Duration.ZERO;
  }

  /** Whether it says what it would decide, whoever asks. */
  boolean previews() {
    return this == NO_PROOF;
  }

  /** Whether it forgets after each call. */
  boolean forgets() {
    return this == USES_FORGOTTEN;
  }
}
