package dev.taper.benchmarks.workload;

import dev.taper.crypto.SignatureBackend;

/** Chooses the signature backend of a benchmark's JVM. */
public final class Backend {
  private Backend() {}

  /**
   * Makes a backend the preferred one. A JVM settles that once, so this works for one backend in
   * each, before any key is used; JMH starts a JVM for every combination of parameters.
   *
   * @param name {@code accp} or {@code bouncycastle}
   * @throws IllegalStateException if the JVM uses another backend already
   */
  public static SignatureBackend use(String name) {
    System.setProperty("taper.crypto.backend", name);
    SignatureBackend used = SignatureBackend.preferred();
    if (!used.name().equals(name)) {
      throw new IllegalStateException("the signature backend is " + used + ", not " + name);
    }
    return used;
  }
}
