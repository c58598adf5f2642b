package dev.taper.server.serve.audit;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Credentials;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.decision.DenialCode;
import dev.taper.agent.decision.Verifier;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditLog;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.operations.OperationException;
import dev.taper.operations.WebUrl;
import dev.taper.operations.config.ConfiguredVerifier;
import dev.taper.operations.trail.AuditStatement;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes statements at {@code /v1/statements} (docs/binding.md, statements): all that a process does
 * which records what holders state, and alone has the key of the log. Thread-safe.
 */
public final class StatementsEndpoint implements Endpoint {
  /** How many statements are remembered, so that each is recorded once. */
  private static final int REMEMBERED = 100_000;

  private static final byte[] RECORDED =
      ("{\"format\":\"" + AuditStatement.FORMAT + "\",\"recorded\":true}\n")
          .getBytes(StandardCharsets.UTF_8);

  private final Supplier<Verifier> verifier;
  private final AuditLog log;
  private final String origin;
  private final Metrics metrics;
  private final Clock clock;
  private final StatementRates rates;
  private final Set<String> recorded =
      Collections.newSetFromMap( // guarded by itself
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  /**
   * Records in a log.
   *
   * @param verifier whose tokens count
   * @param log the log
   * @param origin how holders dial, such as {@code https://audit.example.com}
   * @param metrics counts refusals
   * @param clock what time it is
   */
  StatementsEndpoint(
      Supplier<Verifier> verifier, AuditLog log, String origin, Metrics metrics, Clock clock) {
    this.verifier = verifier;
    this.log = log;
    this.origin = origin;
    this.metrics = metrics;
    this.clock = clock;
    this.rates = new StatementRates(clock);
  }

  /**
   * Records in the log of a service.
   *
   * @param service trusts root keys, knows what is revoked, and has the audit log
   * @param url how holders dial, such as {@code https://audit.example.com}
   * @param metrics counts refusals
   * @param clock what time it is
   * @throws OperationException {@code usage} if there is no log, or that is no such URL
   */
  public static StatementsEndpoint of(
      ConfiguredVerifier service, String url, Metrics metrics, Clock clock) {
    AuditLog log = service.auditLog();
    if (log == null) {
      throw OperationException.usage("the role audit records: its configuration has audit");
    }
    URI uri = WebUrl.plain(url);
    if (uri == null || !url.equals(uri.getScheme() + "://" + uri.getRawAuthority())) {
      throw OperationException.usage(
          "--audit-url is how holders dial, such as https://audit.example.com, without a path");
    }
    return new StatementsEndpoint(service::verifier, log, url, metrics, clock);
  }

  @Override
  public String role() {
    return "audit";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    String target = request.target();
    if (!target.equals(AuditStatement.PATH) && !target.startsWith(AuditStatement.PATH + "?")) {
      return null;
    }
    try {
      record(request);
      return new HttpAnswer(
          200, Map.of("Content-Type", "application/json", "Cache-Control", "no-store"), RECORDED);
    } catch (RefusedException e) {
      return refused(e.refusal());
    } catch (OperationException e) {
      return refused(HttpRefusal.of(400, e.code(), e.getMessage()));
    } catch (TaperException e) {
      return refused(
          e.code() == ErrorCode.AUDIT_UNAVAILABLE
              ? HttpRefusal.of(503, e.code().text(), null)
              : HttpRefusal.of(e));
    }
  }

  private HttpAnswer refused(HttpRefusal refusal) {
    metrics.refused(refusal.code());
    return HttpAnswer.of(refusal);
  }

  /** The cheapest and the unforgeable first: who proves nothing uses up no memory and no rate. */
  private void record(IncomingRequest request) throws RefusedException {
    byte[] content = content(request);
    Credentials given = CredentialFields.of(request);
    SentHttp sent =
        SentHttp.of("POST", origin, AuditStatement.PATH).ownContent("application/json", content);
    Verifier by = verifier.get();
    require(by.unproven(Credentials.of(given.token(), given.proof()), sent));
    AgentToken before = AgentToken.decode(given.token());
    requireTime(before);
    AuditStatement statement = AuditStatement.parse(content);
    AuditEvent event = statement.event(before, clock.instant());
    AgentToken longer = statement.token();
    if (longer != null) {
      DenialCode stated = by.unproven(Credentials.of(longer.encodeBase64(), null), sent);
      if (stated != DenialCode.PROOF_REQUIRED) { // as of any good token that comes without a proof
        require(stated == null ? DenialCode.BEARER_NOT_ACCEPTED : stated);
      }
    }
    String authority = HexFormat.of().formatHex(before.blockDigests().get(0));
    if (!rates.take(authority, before.chain().delegator())) {
      throw new RefusedException(429, "statements_too_often", "too much is stated; wait a minute");
    }
    require(by.useProof(Credentials.of(given.token(), given.proof()), sent));
    append(event);
  }

  /** Who asks again did not get the answer; and gets none before the record stands. */
  private void append(AuditEvent event) {
    String stated = event.kind().text() + " " + event.token();
    synchronized (recorded) {
      if (!recorded.contains(stated)) {
        var unused = log.append(event);
        recorded.add(stated);
      }
    }
  }

  private void requireTime(AgentToken token) throws RefusedException {
    EffectiveAuthority authority = token.chain().effectiveAuthority();
    Instant now = clock.instant();
    Instant end = authority.expiry();
    if (end != null && !now.isBefore(end)) {
      require(DenialCode.EXPIRED);
    }
  }

  private static byte[] content(IncomingRequest request) throws RefusedException {
    if (!request.method().equals("POST") || !request.target().equals(AuditStatement.PATH)) {
      throw new RefusedException(
          400, "invalid_request", "a statement comes by POST " + AuditStatement.PATH);
    }
    if (!request.field(CredentialFields.APPROVAL_FIELD).isEmpty()
        || !request.field("content-encoding").isEmpty()
        || !request.field("content-type").equals(List.of("application/json"))) {
      throw new RefusedException(
          400,
          "invalid_request",
          "a statement is application/json, without approvals and encodings");
    }
    byte[] content;
    try {
      content = request.content().readNBytes(AuditStatement.MAX_BYTES + 1);
    } catch (IOException e) {
      throw new RefusedException(400, "invalid_request", "the content ends early");
    }
    if (content.length > AuditStatement.MAX_BYTES) {
      throw new RefusedException(413, "content_too_large", "the statement is too large");
    }
    return content;
  }

  private static void require(@Nullable DenialCode refusal) throws RefusedException {
    if (refusal != null) {
      throw new RefusedException(HttpRefusal.of(refusal, null));
    }
  }
}
