package dev.taper.assurance;

import dev.taper.ErrorCode;
import dev.taper.ErrorCode.Category;
import dev.taper.TaperException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the harnesses have in common. A broken law is an {@link AssertionError}. */
final class Laws {
  private Laws() {}

  /**
   * What a reader makes of an input; empty if it refuses. A refusal is a {@link TaperException}
   * whose code the reader's documentation names; any other exception passes.
   */
  static <T> Optional<T> read(Supplier<T> reader, Category... refusals) {
    try {
      return Optional.of(reader.get());
    } catch (TaperException e) {
      if (!List.of(refusals).contains(e.code().category())
          || String.valueOf(e.getMessage()).isEmpty()) {
        throw new AssertionError("refused with " + e.code() + ": " + e.getMessage(), e);
      }
      return Optional.empty();
    }
  }

  /** The refusal must have this very code, where a reader has only one. */
  static <T> Optional<T> read(Supplier<T> reader, ErrorCode only) {
    try {
      return Optional.of(reader.get());
    } catch (TaperException e) {
      if (e.code() != only || String.valueOf(e.getMessage()).isEmpty()) {
        throw new AssertionError("refused with " + e.code() + ": " + e.getMessage(), e);
      }
      return Optional.empty();
    }
  }

  static void same(String law, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      throw new AssertionError(law + ": " + expected + ", then " + actual);
    }
  }

  static void same(String law, byte[] expected, byte[] actual) {
    if (!Arrays.equals(expected, actual)) {
      HexFormat hex = HexFormat.of();
      throw new AssertionError(
          law + ": " + hex.formatHex(expected) + ", then " + hex.formatHex(actual));
    }
  }

  static String utf8(byte[] input) {
    return new String(input, StandardCharsets.UTF_8);
  }
}
