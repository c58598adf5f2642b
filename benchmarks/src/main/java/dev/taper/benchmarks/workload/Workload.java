package dev.taper.benchmarks.workload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The workload's files. The tokens were made with biscuit-wasm 0.6.0 from the Datalog beside them.
 */
public final class Workload {
  /** The authorizer's third policy, {@code allow if tool($t), operation($op), right($t, $op)}. */
  public static final int EXPECTED_POLICY = 2;

  private Workload() {}

  /** The token with that many attenuation blocks: 0, 1, 3 or 7. */
  public static byte[] token(int blocks) {
    return bytes("token-" + blocks + ".bin");
  }

  /** The Datalog of a block of the tokens, 0 for the authority block. */
  public static String block(int index) {
    return text(index == 0 ? "authority.datalog" : "block-" + index + ".datalog");
  }

  /** The Ed25519 key that signed the tokens. */
  public static byte[] rootKey() {
    return HexFormat.of().parseHex(text("root_public.hex").strip());
  }

  /** The authorizer: 4 facts about the request, 1 check, 3 policies. */
  public static String authorizer() {
    return text("authorizer.datalog");
  }

  /**
   * Checks a decision.
   *
   * @return the policy
   * @throws IllegalStateException if it is not the expected one
   */
  public static int expected(int policy) {
    if (policy != EXPECTED_POLICY) {
      throw new IllegalStateException("policy " + policy + " matched");
    }
    return policy;
  }

  private static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Workload.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no such file in the workload: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
