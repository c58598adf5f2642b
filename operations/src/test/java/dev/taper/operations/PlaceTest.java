package dev.taper.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ci:S3cret@host/l",
        "https://ci:S3c/S3cret@host/l?sig=S3cret#S3cret",
        "postgres://ci:S3cret@host/l",
        "jdbc:postgresql://host/l?password=S3cret"
      })
  void shown_addressWithASecret_keepsTheHostOnly(String address) {
    assertThat(Place.of(address).shown()).endsWith("host/l").doesNotContain("S3c", "ci");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://host/list", "sqlite:a@b/taper.db", "a@b.list"})
  void shown_addressWithoutASecret_isAllOfIt(String address) {
    assertThat(Place.of(address).shown()).isEqualTo(address);
  }

  @Test
  void written_url_isUsageAndShowsNoPassword() {
    assertThatExceptionOfType(OperationException.class)
        .isThrownBy(() -> Place.written("https://ci:S3cret@host/l"))
        .withMessage("a file or a database is needed, not a URL: https://...@host/l");
  }

  /** However often an address seems to begin in it. */
  @Test
  void shown_longAddress_isReadOnce() {
    String many = "https://a/".repeat(100_000);
    assertThat(Place.list(many).shown()).doesNotContain("@");
    assertThat(Place.list("https://ci:S3cret\n@host/l").shown()).isEqualTo("https://...@host/l");
  }
}
