package dev.taper.assurance;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes inputs, alike in every run. Not thread-safe. */
final class Mutants {
  private static final byte[][] WORDS = words();

  private final List<byte[]> seeds;
  private final Random random;

  Mutants(List<byte[]> seeds, long seed) {
    this.seeds = seeds;
    this.random = new Random(seed);
  }

  private static byte[][] words() {
    String[] words = {
      "\"",
      "\\",
      "{",
      "}",
      "[",
      "]",
      "(",
      ")",
      ",",
      ":",
      ";",
      "/",
      "..",
      "%2e",
      "%00",
      "$x",
      "-",
      "0",
      "18446744073709551616",
      "1e400",
      "null",
      "\\ud800",
      "\u202e",
      "\uD83D\uDE00",
      "\n",
      "\r\n",
      "\t",
      " ",
      "*",
      "&a",
      "*a",
      "=",
      "ÿ",
      "true",
      "check if ",
      "allow if ",
      "user(1)"
    };
    byte[][] bytes = new byte[words.length][];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = words[i].getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
    return bytes;
  }

  /** A seed with one to four changes. */
  byte[] next() {
    byte[] bytes = seed().clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      bytes = change(bytes);
    }
    return bytes;
  }

  /** A seed in which one piece, of up to 48 bytes, stands again and again. */
  byte[] grown(int length) {
    byte[] bytes = seed();
    if (bytes.length == 0) {
      return WORDS[random.nextInt(WORDS.length)];
    }
    int at = random.nextInt(bytes.length);
    byte[] piece =
        Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(48)));
    byte[] pieces = new byte[length];
    for (int i = 0; i < length; i++) {
      pieces[i] = piece[i % piece.length];
    }
    return replaced(bytes, at, at, pieces);
  }

  private byte[] seed() {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] change(byte[] bytes) {
    if (bytes.length == 0) {
      return WORDS[random.nextInt(WORDS.length)];
    }
    int at = random.nextInt(bytes.length);
    int to = Math.min(bytes.length, at + 1 + random.nextInt(32));
    return switch (random.nextInt(7)) {
      case 0 -> flipped(bytes, at);
      case 1 -> replaced(bytes, at, at, WORDS[random.nextInt(WORDS.length)]);
      case 2 -> replaced(bytes, at, to, new byte[0]);
      case 3 -> replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, to));
      case 4 -> replaced(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
      case 5 -> {
        byte[] other = seed();
        int from = random.nextInt(other.length + 1);
        int end = Math.min(other.length, from + random.nextInt(64));
        yield replaced(bytes, at, to, Arrays.copyOfRange(other, from, end));
      }
      default -> Arrays.copyOf(bytes, at);
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= (byte) (1 << random.nextInt(8));
    return changed;
  }

  private static byte[] replaced(byte[] bytes, int from, int to, byte[] by) {
    byte[] changed = new byte[bytes.length - (to - from) + by.length];
    System.arraycopy(bytes, 0, changed, 0, from);
    System.arraycopy(by, 0, changed, from, by.length);
    System.arraycopy(bytes, to, changed, from + by.length, bytes.length - to);
    return changed;
  }
}
