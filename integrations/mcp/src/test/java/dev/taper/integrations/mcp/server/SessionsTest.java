package dev.taper.integrations.mcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.mcp.client.SigningTransport;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What stands for a session or transport of the SDK hides none of its methods. */
class SessionsTest {
  private static List<String> inherited(Class<?> ours) {
    List<String> inherited = new ArrayList<>();
    for (Method method : ours.getMethods()) {
      Class<?> owner = method.getDeclaringClass();
      if (owner != ours && owner != Object.class && !Modifier.isStatic(method.getModifiers())) {
        boolean overridden =
            Arrays.stream(ours.getDeclaredMethods())
                .anyMatch(
                    own ->
                        own.getName().equals(method.getName())
                            && Arrays.equals(own.getParameterTypes(), method.getParameterTypes()));
        if (!overridden) {
          inherited.add(method.toString());
        }
      }
    }
    return inherited;
  }

  @Test
  void sessionsAndTransports_passEverythingOn() {
    for (Class<?> ours :
        List.of(
            StreamableSession.class,
            StreamableSession.Connection.class,
            DuplexSession.class,
            DuplexSession.Out.class,
            StreamableTransport.class,
            StatelessTransport.class,
            DuplexTransport.class,
            StrictMapper.class,
            SigningTransport.class)) {
      assertThat(inherited(ours)).as(ours.getName()).isEmpty();
    }
  }
}
