package dev.taper.crypto;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the backends once, when the first one is asked for. Where the pure Java one is asked for by
 * name, the others are not looked for: that takes a search of the whole class path.
 */
final class Backends {
  static final String PROPERTY = "taper.crypto.backend";

  private static final @Nullable SignatureBackend PREFERRED = named(System.getProperty(PROPERTY));

  private Backends() {}

  static List<SignatureBackend> available() {
    return Available.ALL;
  }

  static SignatureBackend preferred() {
    SignatureBackend preferred = PREFERRED;
    if (preferred == null) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          "the system property "
              + PROPERTY
              + " names no signature backend that works here; there are "
              + Available.ALL);
    }
    return preferred;
  }

  private static @Nullable SignatureBackend named(@Nullable String name) {
    return BouncyCastleBackend.INSTANCE.name().equals(name)
        ? BouncyCastleBackend.INSTANCE
        : choose(name, Available.ALL);
  }

  /** Returns the first backend, or the one with this name; null if none has this name. */
  static @Nullable SignatureBackend choose(
      @Nullable String name, List<SignatureBackend> available) {
    if (name == null) {
      return available.get(0);
    }
    for (SignatureBackend backend : available) {
      if (backend.name().equals(name)) {
        return backend;
      }
    }
    return null;
  }

  private static final class Available {
    static final List<SignatureBackend> ALL = find();

    private static List<SignatureBackend> find() {
      List<SignatureBackend> found = new ArrayList<>();
      AccpBackend accp = AccpBackend.load();
      if (accp != null) {
        found.add(accp);
      }
      found.add(BouncyCastleBackend.INSTANCE);
      return List.copyOf(found);
    }
  }
}
