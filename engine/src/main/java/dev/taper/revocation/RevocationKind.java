package dev.taper.revocation;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The kinds of things that can be revoked. */
public enum RevocationKind {
  /** One block, and so every token that has it: all that was handed on in one hop. */
  BLOCK(1),
  /** Everything granted for a task. */
  TASK(2),
  /** Everything that passed through a key: held by it, signed by it; what it approved is void. */
  HOLDER(3),
  /** Everything that was granted in somebody's name. */
  DELEGATOR(4),
  /** Everything that a root key signed. */
  ROOT(5),
  /** One approval, which counts for nothing then; no token ends by that. */
  APPROVAL(6),
  /** What a key holds now, whatever its block; what was handed on from there lives. */
  LAST_HOLDER(7);

  private static final RevocationKind[] BY_WIRE_ID = {
    null, BLOCK, TASK, HOLDER, DELEGATOR, ROOT, APPROVAL, LAST_HOLDER
  };

  private final int wireId;
  private final String text = name().toLowerCase(Locale.ROOT);

  RevocationKind(int wireId) {
    this.wireId = wireId;
  }

  /** The name in lower case, as printed. */
  public String text() {
    return text;
  }

  /** The number in the format. */
  int wireId() {
    return wireId;
  }

  static @Nullable RevocationKind ofWireId(int wireId) {
    return wireId > 0 && wireId < BY_WIRE_ID.length ? BY_WIRE_ID[wireId] : null;
  }
}
