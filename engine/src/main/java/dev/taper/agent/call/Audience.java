package dev.taper.agent.call;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.crypto.Digests;
import dev.taper.datalog.Fact;
import dev.taper.datalog.Term;
import java.nio.charset.StandardCharsets;

/**
 * A service by its name, with what is made of the name once: its fact, and its digest for proofs.
 * Immutable and thread-safe.
 */
public final class Audience {
  private final String name;
  private final Fact fact;
  private final byte[] digest;

  private Audience(String name) {
    this.name = name;
    this.fact = Fact.of(ReservedPredicates.AUDIENCE, new Term.Str(name));
    this.digest = Digests.sha256(name.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Names a service.
   *
   * @param name see {@link Canonical#audience}
   * @throws TaperException {@link ErrorCode#INVALID_REQUEST} if the name is ambiguous
   */
  public static Audience of(String name) {
    return new Audience(Canonical.audience(name));
  }

  /** The name. */
  public String name() {
    return name;
  }

  Fact fact() {
    return fact;
  }

  /** The SHA-256 digest of the name in UTF-8; not to be changed. */
  byte[] digest() {
    return digest;
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
