package dev.taper.server.serve.lists;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PrivateKey;
import dev.taper.operations.Workplace;
import dev.taper.revocation.RevocationHeader.Validity;
import dev.taper.revocation.RevocationIssuer;
import dev.taper.revocation.RevocationReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicationTest {
  @Test
  void publish_fails_saysSoAndTriesAgain() throws IOException {
    Deque<RuntimeException> errors =
        new ArrayDeque<>(List.of(new IllegalStateException("of a test")));
    Workplace.SharedLists lists =
        (Workplace.SharedLists)
            Proxy.newProxyInstance(
                Workplace.SharedLists.class.getClassLoader(),
                new Class<?>[] {Workplace.SharedLists.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("publishSnapshot") && !errors.isEmpty()) {
                    throw errors.pop();
                  }
                  return null;
                });
    PrivateKey key = PrivateKey.generate(Algorithm.ED25519);
    byte[] list =
        RevocationIssuer.of(key)
            .snapshot(
                1,
                List.of(),
                Validity.from(Clock.systemUTC(), Duration.ofDays(1), Duration.ofDays(1)));
    ServedLists served =
        new ServedLists(
            RevocationReader.copy(new ByteArrayInputStream(list), List.of(key.publicKey())));
    try (Publication publication =
        new Publication(lists, List.of(key.publicKey()), Clock.systemUTC())) {
      publication.publish(served);
      assertThat(publication.warning()).isNotNull();
      publication.publish(served);
      assertThat(publication.warning()).isNull();
    }
  }
}
