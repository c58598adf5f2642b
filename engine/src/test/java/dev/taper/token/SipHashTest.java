package dev.taper.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class SipHashTest {
  @Test
  void hash_everyLengthAndOffset_isBouncyCastles() {
    Random random = new Random(13);
    byte[] bytes = new byte[200];
    random.nextBytes(bytes);
    for (int length = 0; length <= 100; length++) {
      long key0 = random.nextLong();
      long key1 = random.nextLong();
      long previous = random.nextLong();
      int from = random.nextInt(bytes.length - length + 1);
      ByteBuffer key = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      key.putLong(key0 ^ previous).putLong(key1);
      var oracle = new org.bouncycastle.crypto.macs.SipHash(1, 3);
      oracle.init(new KeyParameter(key.array()));
      oracle.update(bytes, from, length);

      assertThat(new SipHash(key0, key1).hash(bytes, from, from + length, previous))
          .as("%d bytes at %d", length, from)
          .isEqualTo(oracle.doFinal());
    }
  }

  @Test
  void hash_randomKeys_differ() {
    byte[] bytes = {1, 2, 3};

    assertThat(SipHash.random().hash(bytes, 0, 3, 0))
        .isNotEqualTo(SipHash.random().hash(bytes, 0, 3, 0));
  }
}
