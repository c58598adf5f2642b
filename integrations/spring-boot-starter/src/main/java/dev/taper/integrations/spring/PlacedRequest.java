package dev.taper.integrations.spring;

import dev.taper.integrations.http.GuardedCall;
import dev.taper.integrations.http.HttpGuard;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.findings.AbuseWatch;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request, with the address that its connection came from: findings name its network. For one
 * thread.
 *
 * @param received the request
 * @param from where it came from; null if that is not known
 */
record PlacedRequest(IncomingRequest received, @Nullable InetAddress from)
    implements IncomingRequest {
  /**
   * Judges a request, and says from where it came if that is known.
   *
   * @throws RefusedException as {@link HttpGuard#judge(IncomingRequest)}
   */
  static GuardedCall judged(HttpGuard guard, IncomingRequest request) throws RefusedException {
    InetAddress from = request instanceof PlacedRequest placed ? placed.from() : null;
    Object answer =
        AbuseWatch.from(
            from,
            () -> {
              try {
                return guard.judge(request);
              } catch (RefusedException e) {
                return e;
              }
            });
    if (answer instanceof RefusedException refused) {
      throw refused;
    }
    return (GuardedCall) answer;
  }

  @Override
  public String method() {
    return received.method();
  }

  @Override
  public String target() {
    return received.target();
  }

  @Override
  public boolean isSecure() {
    return received.isSecure();
  }

  @Override
  public List<String> field(String name) {
    return received.field(name);
  }

  @Override
  public Collection<String> fieldNames() {
    return received.fieldNames();
  }

  @Override
  public InputStream content() throws IOException {
    return received.content();
  }
}
