package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDigestTest {
  private static final byte[] DIGEST = new byte[32];
  private static final String TEXT = Base64.getEncoder().encodeToString(DIGEST);

  private static byte[] read(String value) throws RefusedException {
    byte[] found =
        ContentDigest.of(
            IncomingRequest.of(
                "PUT", "/uploads", true, Map.of("Content-Digest", value), new byte[0]));
    return found == null ? new byte[0] : found;
  }

  @Test
  void digest_besideOthers_isFound() throws RefusedException {
    for (String value :
        new String[] {
          "sha-256=:" + TEXT + ":",
          "md5=:AA==:, sha-256=:" + TEXT + ":",
          "sha-256=:" + TEXT + ": ,sha-512=:AA==:"
        }) {
      assertThat(read(value)).isEqualTo(DIGEST);
    }
  }

  @Test
  void digest_ofARequestWithoutTheField_isNull() throws RefusedException {
    assertThat(ContentDigest.of(IncomingRequest.of("GET", "/", true, Map.of(), new byte[0])))
        .isNull();
  }

  /** With {@code X} for a digest of 32 bytes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "md5=:X:",
        "SHA-256=:X:",
        "sha-256=X",
        "sha-256=:",
        "sha-256=::",
        "sha-256=:X",
        "sha-256=:X;",
        "sha-256=:X::",
        "sha-256=:AA==:",
        "sha-256=:%:",
        "sha-256=:XA:",
        "sha-256=:X:, sha-256=:X:"
      })
  void digest_inAnotherForm_isRefused(String value) {
    assertThatThrownBy(() -> read(value.replace("X", TEXT)))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).hasToString("400 invalid_request"));
  }

  @Test
  void digest_withoutItsPadding_isRefused() {
    assertThatThrownBy(() -> read("sha-256=:" + TEXT.replace("=", "") + ":"))
        .isInstanceOf(RefusedException.class);
  }
}
