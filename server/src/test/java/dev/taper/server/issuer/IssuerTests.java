package dev.taper.server.issuer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.taper.testing.TearDown;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An issuer for a test, and how it refuses. */
abstract class IssuerTests {
  @TempDir protected Path folder;
  protected IssuerWorld world;
  protected TokenIssuer issuer;

  @BeforeEach
  void open() {
    world = new IssuerWorld(folder);
    issuer = world.issuer();
  }

  @AfterEach
  void close() throws Exception {
    TearDown.close(world);
  }

  protected void refused(String error, String code, ExchangeRequest request) {
    refused(issuer, error, code, request);
  }

  protected static void refused(
      TokenIssuer issuer, String error, String code, ExchangeRequest request) {
    ExchangeException refusal =
        catchThrowableOfType(ExchangeException.class, () -> issuer.exchange(request));
    assertThat(refusal).as(code).isNotNull();
    assertThat(refusal.code()).as(refusal.getMessage()).isEqualTo(code);
    assertThat(refusal.error().text()).isEqualTo(error);
  }
}
