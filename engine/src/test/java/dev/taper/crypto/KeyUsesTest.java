package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyUsesTest {
  private final Random random = new Random(1);
  private final KeyUses uses = new KeyUses(random);

  @Test
  void count_oneKey_everyUseUpToTheGreatest() {
    byte[] key = key();
    for (int i = 1; i <= KeyUses.MAX; i++) {
      assertThat(uses.count(key)).isEqualTo(i);
      assertThat(uses.estimate(key)).isEqualTo(i);
    }

    assertThat(uses.count(key)).isZero();
    assertThat(uses.estimate(key)).isEqualTo(KeyUses.MAX);
  }

  @Test
  void estimate_otherKeys_eachOnItsOwn() {
    byte[][] keys = new byte[256][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key();
      for (int n = 0; n < i % 8; n++) {
        uses.count(keys[i]);
      }
    }

    for (int i = 0; i < keys.length; i++) {
      assertThat(uses.estimate(keys[i])).isEqualTo(i % 8);
    }
  }

  @Test
  void estimate_everyPartOfTheKey_makesAnotherKey() {
    byte[] key = new byte[32];
    uses.count(key);
    for (int i = 0; i < key.length; i++) {
      byte[] other = key.clone();
      other[i] ^= (byte) 0x80;

      assertThat(uses.estimate(other)).as("byte %s", i).isZero();
    }
  }

  /** Whoever makes up keys cannot raise the estimate of a key to what a table takes. */
  @Test
  void estimate_floodOfNewKeys_staysLow() {
    int greatest = 0;
    for (int i = 0; i < 2 * KeyUses.PERIOD; i++) {
      greatest = Math.max(greatest, uses.count(key()));
    }

    assertThat(greatest).isBetween(2, KnownKeys.USES - 1);
  }

  @Test
  void estimate_noUseForLong_fadesByHalves() {
    byte[] key = key();
    byte[] steady = key();
    for (int i = 0; i < KeyUses.MAX; i++) {
      uses.count(key);
    }
    int calls = 0;
    for (; uses.estimate(key) == KeyUses.MAX; calls++) {
      uses.count(steady);
    }

    assertThat(uses.estimate(key)).isEqualTo(KeyUses.MAX / 2);
    assertThat(calls).isBetween(KeyUses.PERIOD * 8 / 10, KeyUses.PERIOD * 12 / 10);
    int more = 0;
    for (; uses.estimate(key) == KeyUses.MAX / 2; more++) {
      uses.count(steady);
    }
    assertThat(uses.estimate(key)).isEqualTo(KeyUses.MAX / 4);
    assertThat(more).isBetween(KeyUses.PERIOD * 8 / 10, KeyUses.PERIOD * 12 / 10);
    assertThat(uses.estimate(steady)).isEqualTo(KeyUses.MAX / 2 + 1); // and counted since
  }

  private byte[] key() {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return key;
  }
}
