package dev.taper.benchmarks.workload;

import dev.taper.crypto.KnownKeys;
import dev.taper.crypto.PrivateKey;
import dev.taper.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;

/** Makes keys known before a benchmark begins. */
public final class Known {
  private static final int PAUSES = 1_000;
  private static final int PAUSE_MILLIS = 10;

  private Known() {}

  /**
   * Makes keys known, and waits for their tables.
   *
   * @param root is always among them, as a verifier's
   * @throws IllegalStateException if there is no room for all of them
   */
  public static void await(PrivateKey root, List<PrivateKey> others) {
    List<PublicKey> keys = new ArrayList<>(List.of(root.publicKey()));
    others.forEach(key -> keys.add(key.publicKey()));
    long before = KnownKeys.statistics().built();
    KnownKeys.pin(keys);
    for (int i = 0; KnownKeys.statistics().built() < before + keys.size(); i++) {
      if (i == PAUSES) {
        throw new IllegalStateException("not all keys became known: " + KnownKeys.statistics());
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
