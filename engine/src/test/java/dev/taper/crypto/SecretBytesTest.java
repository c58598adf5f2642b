package dev.taper.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class SecretBytesTest {
  private final byte[] bytes = {11, 22, 33};
  private final SecretBytes secret = SecretBytes.copyOf(bytes);

  @Test
  void exposeCopy_thenChangeCopies_secretUnchanged() {
    bytes[0] = 0;
    secret.exposeCopy()[1] = 0;

    assertThat(secret.exposeCopy()).containsExactly(11, 22, 33);
    assertThat(secret.size()).isEqualTo(3);
  }

  @Test
  void equals_byContent() {
    SecretBytes same = SecretBytes.copyOf(bytes);

    assertThat(secret).isEqualTo(same).hasSameHashCodeAs(same);
    assertThat(secret).isNotEqualTo(SecretBytes.copyOf(new byte[] {11, 22, 34}));
    assertThat(secret).isNotEqualTo(SecretBytes.copyOf(new byte[] {11, 22}));
    assertThat(secret).isNotEqualTo("secret");
  }

  @Test
  void toString_noContent() {
    assertThat(secret.toString()).contains("3 bytes").doesNotContain("11", "22", "33", "0b16");
  }

  @Test
  void destroy_thenRead_refused() {
    SecretBytes same = SecretBytes.copyOf(bytes);
    secret.destroy();

    assertThat(secret.isDestroyed()).isTrue();
    assertThat(secret).isNotEqualTo(same).isEqualTo(secret);
    assertThat(same).isNotEqualTo(secret);
    assertThat(secret).isNotEqualTo(SecretBytes.copyOf(new byte[3]));
    assertThatThrownBy(secret::exposeCopy)
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
  }

  /** Being unreadable is not enough: the bytes themselves go. */
  @Test
  void destroy_itsOwnArray_isOverwritten() throws ReflectiveOperationException {
    Field own = SecretBytes.class.getDeclaredField("bytes");
    own.setAccessible(true);
    assertThat((byte[]) own.get(secret)).containsExactly(11, 22, 33);

    secret.destroy();

    assertThat((byte[]) own.get(secret)).containsExactly(0, 0, 0);
  }
}
