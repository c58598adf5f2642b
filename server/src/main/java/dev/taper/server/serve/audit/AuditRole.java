package dev.taper.server.serve.audit;

import dev.taper.audit.AuditLog;
import dev.taper.operations.OperationException;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.Metrics;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;

/** The role that records what holders state, and alone has the key of the log. */
public final class AuditRole {
  private AuditRole() {}

  /**
   * Makes what it answers.
   *
   * @param service trusts root keys, knows what is revoked, and has the audit log
   * @param url how holders dial, such as {@code https://audit.example.com}
   * @param metrics counts refusals
   * @param clock what time it is
   * @throws OperationException {@code usage} if there is no log, or that is no such URL
   */
  public static Endpoint endpoint(
      ConfiguredVerifier service, String url, Metrics metrics, Clock clock) {
    AuditLog log = service.auditLog();
    if (log == null) {
      throw OperationException.usage("the role audit records: its configuration has audit");
    }
    return new StatementsEndpoint(service::verifier, log, origin(url), metrics, clock);
  }

  private static String origin(String url) {
    try {
      URI uri = new URI(url);
      boolean isOrigin =
          uri.getHost() != null
              && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
              && url.equals(uri.getScheme() + "://" + uri.getRawAuthority())
              && uri.getUserInfo() == null;
      if (isOrigin) {
        return url;
      }
    } catch (URISyntaxException e) {
      // as any other text that is none
    }
    throw OperationException.usage(
        "--audit-url is how holders dial, such as https://audit.example.com, without a path");
  }
}
