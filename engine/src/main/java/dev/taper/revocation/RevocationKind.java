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
  APPROVAL(6);

  private static final RevocationKind[] ALL = values();

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
    for (RevocationKind kind : ALL) {
      if (kind.wireId == wireId) {
        return kind;
      }
    }
    return null;
  }
}
