package dev.taper.server.serve.issuer;

import dev.taper.JsonFields;
import dev.taper.TaperException;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.integrations.http.CredentialFields;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.integrations.http.RefusedException;
import dev.taper.server.issuer.TokenIssuer;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renews tokens at {@code /v1/renew} (docs/binding.md, renewals). Thread-safe. */
final class RenewEndpoint implements Endpoint {
  private static final String PATH = "/v1/renew";
  private static final byte[] NOTHING = {};

  private final TokenIssuer issuer;
  private final Metrics metrics;

  RenewEndpoint(TokenIssuer issuer, Metrics metrics) {
    this.issuer = issuer;
    this.metrics = metrics;
  }

  @Override
  public String role() {
    return "issuer";
  }

  @Override
  public @Nullable HttpAnswer answer(IncomingRequest request) {
    String target = request.target();
    if (!target.equals(PATH) && !target.startsWith(PATH + "?")) {
      return null;
    }
    try {
      SentHttp sent = sent(request);
      AgentToken token = issuer.renew(CredentialFields.of(request), sent);
      metrics.issued("renewal");
      return ExchangeJson.answer(
          200,
          new JsonFields().put("format", "taper/1 renewal").put("token", token.encodeBase64()));
    } catch (RefusedException e) {
      metrics.refused(e.refusal().code());
      return HttpAnswer.of(e.refusal());
    } catch (TaperException e) {
      metrics.refused(e.code().text());
      return HttpAnswer.of(HttpRefusal.of(e));
    }
  }

  /** The request as its holder signed it: dialled by the name that the issuer has. */
  private SentHttp sent(IncomingRequest request) throws RefusedException {
    if (!request.method().equals("POST") || !request.target().equals(PATH)) {
      throw invalid("a renewal is asked for by POST " + PATH + ", without a query");
    }
    if (!request.field(CredentialFields.APPROVAL_FIELD).isEmpty()
        || !request.field("content-encoding").isEmpty()) {
      throw invalid("a renewal goes without approvals and encodings");
    }
    try {
      if (request.content().read() >= 0) {
        throw invalid("a renewal is asked for without content");
      }
    } catch (IOException e) {
      throw invalid("the content ends early");
    }
    List<String> types = request.field("content-type");
    if (types.size() > 1) {
      throw invalid("the field content-type is there twice");
    }
    return SentHttp.of("POST", issuer.issuer(), PATH)
        .ownContent(types.isEmpty() ? null : types.get(0), NOTHING);
  }

  private static RefusedException invalid(String why) {
    return new RefusedException(400, "invalid_request", why);
  }
}
