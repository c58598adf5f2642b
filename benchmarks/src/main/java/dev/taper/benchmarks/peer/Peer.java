package dev.taper.benchmarks.peer;

import java.util.List;
import java.util.function.IntSupplier;

/** An implementation of Biscuit under measurement, for one thread. */
public interface Peer {
  /**
   * The peer of a name.
   *
   * @param name {@code taper-accp} and {@code taper-bouncycastle}: Taper with a signature backend;
   *     {@code biscuit-java}
   * @param prepared whether the authorizer's text is read once or in every operation
   * @throws IllegalStateException if the JVM uses another signature backend already
   */
  static Peer of(String name, boolean prepared) {
    return switch (name) {
      case "taper-accp" -> TaperPeer.create("accp", prepared);
      case "taper-bouncycastle" -> TaperPeer.create("bouncycastle", prepared);
      case "biscuit-java" -> new BiscuitJavaPeer(prepared);
      default -> throw new IllegalArgumentException("no such peer: " + name);
    };
  }

  /**
   * Prepares facts, rules and policies that are evaluated without a token, with limits that they do
   * not reach.
   *
   * @param peer {@code taper} or {@code biscuit-java}
   * @param facts statements without the semicolon
   * @param rules statements without the semicolon
   * @param policies statements without the semicolon
   * @return evaluates everything anew, and says which policy allowed
   */
  static IntSupplier evaluation(
      String peer, List<String> facts, List<String> rules, List<String> policies) {
    return switch (peer) {
      case "taper" -> TaperPeer.evaluation(facts, rules, policies);
      case "biscuit-java" -> BiscuitJavaPeer.evaluation(facts, rules, policies);
      default -> throw new IllegalArgumentException("no such peer: " + peer);
    };
  }

  /**
   * Decodes a token, verifies all its signatures and authorizes it.
   *
   * @param token the bytes
   * @return the index of the allow policy that matched
   * @throws IllegalStateException if the token is not allowed
   */
  int authorize(byte[] token);

  /**
   * Decodes and verifies a token once.
   *
   * @param token the bytes
   * @return authorizes it again and again, with the request's facts given anew each time
   */
  IntSupplier keep(byte[] token);
}
