package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.http.servlet.TaperFilter;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a servlet can do to a response of one caller: no cache keeps it. */
class UncachedTest {
  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final HttpServletResponse response = TaperFilter.uncached(container());

  private HttpServletResponse container() {
    return (HttpServletResponse)
        Proxy.newProxyInstance(
            UncachedTest.class.getClassLoader(),
            new Class<?>[] {HttpServletResponse.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "setHeader" ->
                    fields.put((String) arguments[0], List.of((String) arguments[1]));
                case "addHeader" ->
                    fields
                        .computeIfAbsent((String) arguments[0], name -> new ArrayList<>())
                        .add((String) arguments[1]);
                case "reset" -> fields.clear();
                default -> throw new AssertionError(method.getName());
              }
              return null;
            });
  }

  private void assertUncached() {
    assertThat(fields.get("Cache-Control")).containsExactly("no-store");
  }

  @Test
  void response_whateverIsSet_isForNoCache() {
    assertUncached();
    response.setHeader("cache-control", "public");
    assertUncached();
    response.addHeader("CACHE-CONTROL", "public");
    assertUncached();
    response.setHeader("X-Other", "a");
    response.addHeader("X-More", "b");
    response.addHeader("X-More", "c");
    assertThat(fields)
        .containsEntry("X-Other", List.of("a"))
        .containsEntry("X-More", List.of("b", "c"));

    response.reset();

    assertUncached();
    assertThat(fields).hasSize(1);
  }
}
