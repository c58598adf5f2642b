package dev.taper.server.serve.lists;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.operations.Workplace;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicationTest {
  /** Lists can need more memory than there is, and whoever publishes must try again. */
  @Test
  void publish_memoryIsShort_saysSoAndTriesAgain() {
    Deque<Error> errors = new ArrayDeque<>(List.of(new Error("of a test")));
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
    try (Publication publication = new Publication(lists, List.of(), Clock.systemUTC())) {
      publication.publish(new byte[1], 1);
      assertThat(publication.warning()).isNotNull();
      publication.publish(new byte[1], 1);
      assertThat(publication.warning()).isNull();
    }
  }
}
