package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.taper.DecodeLimits;
import dev.taper.TaperException;
import dev.taper.crypto.PublicKey;
import dev.taper.testing.NeedsSharedData;
import dev.taper.testing.SampleTokens;
import dev.taper.testing.SampleTokens.Sample;
import dev.taper.wire.RawToken;
import dev.taper.wire.SignedBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Changed tokens: whatever is done to the bytes, reading and verifying them either refuses them
 * with an exception of ours, or has not been given a change that means anything.
 */
@NeedsSharedData("biscuit-samples")
class TokenMutationTest {
  private static final int MUTANTS = 24_000;

  @Test
  void verify_mutants_areRefused() throws IOException {
    PublicKey root = SampleTokens.rootKey();
    List<Sample> samples = SampleTokens.all();
    Random random = new Random(20_240);
    int refused = 0;
    for (int i = 0; i < MUTANTS; i++) {
      Sample sample = samples.get(i % samples.size());
      byte[] original = sample.bytes();
      byte[] mutant = mutate(original, samples, random);
      if (isRefused(mutant, root)) {
        refused++;
      } else if (!means(mutant).equals(means(original))) {
        fail("a changed %s verifies: %s", sample, HexFormat.of().formatHex(mutant));
      }
    }
    // The rest changed a root key id, or nothing.
    assertThat(refused).isGreaterThan(MUTANTS * 9 / 10);
  }

  private static boolean isRefused(byte[] bytes, PublicKey root) {
    UnverifiedToken token;
    try {
      token = UnverifiedToken.decode(bytes);
      try {
        token.blocks(); // also what a forged token says must be read without harm
      } catch (TaperException e) {
        assertThat(e.code()).isNotNull();
      }
      var unused = token.verify(root);
      return false;
    } catch (TaperException e) {
      return true;
    }
  }

  /** All that the signatures cover; a root key id is not, and neither is an order of fields. */
  private static String means(byte[] bytes) {
    StringBuilder out = new StringBuilder();
    RawToken token = RawToken.decode(bytes, DecodeLimits.DEFAULT);
    for (SignedBlock block : token.blocks()) {
      out.append(HexFormat.of().formatHex(block.payload()))
          .append(block.nextKey())
          .append(HexFormat.of().formatHex(block.signature()))
          .append(block.externalKey())
          .append(block.version());
    }
    return out.append(token.proof() instanceof dev.taper.wire.TokenEnd.NextSecret).toString();
  }

  private static byte[] mutate(byte[] original, List<Sample> samples, Random random) {
    byte[] bytes = original.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(7)) {
        case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) random.nextInt(256);
        case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 4 -> bytes = insert(bytes, at, randomBytes(random));
        case 5 -> {
          int to = Math.min(bytes.length, at + 1 + random.nextInt(200));
          bytes = insert(bytes, to, Arrays.copyOfRange(bytes, at, to));
        }
        default -> {
          byte[] other = samples.get(random.nextInt(samples.size())).bytes();
          int from = random.nextInt(other.length);
          int length = Math.min(Math.min(120, other.length - from), bytes.length - at);
          System.arraycopy(other, from, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private static byte[] randomBytes(Random random) {
    byte[] bytes = new byte[1 + random.nextInt(12)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] insert(byte[] bytes, int at, byte[] more) {
    byte[] result = Arrays.copyOf(bytes, bytes.length + more.length);
    System.arraycopy(bytes, at, result, at + more.length, bytes.length - at);
    System.arraycopy(more, 0, result, at, more.length);
    return result;
  }

  @Test
  void verify_everyBitFlipped_isRefused() throws IOException {
    PublicKey root = SampleTokens.rootKey();
    List<String> survivors = new ArrayList<>();
    for (Sample sample : SampleTokens.all()) {
      if (sample.file().startsWith("test024") || sample.file().startsWith("test020")) {
        byte[] bytes = sample.bytes();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
          bytes[bit / 8] ^= (byte) (1 << bit % 8);
          if (!isRefused(bytes, root)) {
            survivors.add(sample + " bit " + bit);
          }
          bytes[bit / 8] ^= (byte) (1 << bit % 8);
        }
      }
    }
    assertThat(survivors).isEmpty();
  }
}
