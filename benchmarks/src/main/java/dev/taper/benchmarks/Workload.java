package dev.taper.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The workload's files. The tokens were made with biscuit-wasm 0.6.0 from the Datalog beside them.
 */
final class Workload {
  /** The authorizer's third policy, {@code allow if tool($t), operation($op), right($t, $op)}. */
  static final int EXPECTED_POLICY = 2;

  private Workload() {}

  /** The token with that many attenuation blocks: 0, 1, 3 or 7. */
  static byte[] token(int blocks) {
    return bytes("token-" + blocks + ".bin");
  }

  /** The Datalog of a block of the tokens, 0 for the authority block. */
  static String block(int index) {
    return text(index == 0 ? "authority.datalog" : "block-" + index + ".datalog");
  }

  /** The Ed25519 key that signed the tokens. */
  static byte[] rootKey() {
    return HexFormat.of().parseHex(text("root_public.hex").strip());
  }

  /** The authorizer: 4 facts about the request, 1 check, 3 policies. */
  static String authorizer() {
    return text("authorizer.datalog");
  }

  private static String text(String name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String name) {
    try (InputStream in = Workload.class.getResourceAsStream("workload/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no such file in the workload: " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
