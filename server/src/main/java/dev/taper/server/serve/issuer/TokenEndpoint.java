package dev.taper.server.serve.issuer;

import dev.taper.JsonFields;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.IncomingRequest;
import dev.taper.server.issuer.ExchangeException;
import dev.taper.server.issuer.GrantRequest;
import dev.taper.server.issuer.Issued;
import dev.taper.server.issuer.TokenIssuer;
import dev.taper.server.listener.Endpoint;
import dev.taper.server.process.Metrics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Exchanges tokens (RFC 8693), and says so (RFC 8414). Thread-safe. */
final class TokenEndpoint implements Endpoint {
  static final String PATH = "/token";
  private static final String METADATA = "/.well-known/oauth-authorization-server";
  private static final Pattern FORM =
      Pattern.compile("(?i)application/x-www-form-urlencoded[ \t]*(;[ \t]*charset=\"?utf-8\"?)?");

  private final TokenIssuer issuer;
  private final Metrics metrics;

  TokenEndpoint(TokenIssuer issuer, Metrics metrics) {
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
    if (target.equals(METADATA)) {
      return request.method().equals("GET") ? metadata() : notAllowed("GET");
    }
    if (!target.equals(PATH) && !target.startsWith(PATH + "?")) {
      return null;
    }
    if (!request.method().equals("POST")) {
      return notAllowed("POST");
    }
    try {
      if (!target.equals(PATH)) { // it stands in logs and histories
        throw ExchangeForm.invalid("the parameters stand in the content, not behind the path");
      }
      Issued issued = issuer.exchange(ExchangeForm.read(form(request)));
      metrics.issued("exchange");
      return ExchangeJson.issued(issued);
    } catch (ExchangeException e) {
      metrics.refused(e.code());
      return ExchangeJson.refused(e, issuer.issuer());
    }
  }

  private static Map<String, String> form(IncomingRequest request) throws ExchangeException {
    List<String> types = request.field("content-type");
    if (types.size() != 1 || !FORM.matcher(types.get(0)).matches()) {
      throw ExchangeForm.invalid("the content is a form: application/x-www-form-urlencoded");
    }
    if (!request.field("content-encoding").isEmpty()) {
      throw ExchangeForm.invalid("the content is not encoded");
    }
    try {
      return ExchangeForm.parameters(request.content().readNBytes(ExchangeForm.MAX_BYTES + 1));
    } catch (IOException e) {
      throw ExchangeForm.invalid("the content ends early");
    }
  }

  private static HttpAnswer notAllowed(String method) {
    return HttpAnswer.of(HttpRefusal.of(405, "method_not_allowed", "the method here is " + method));
  }

  private HttpAnswer metadata() {
    return ExchangeJson.answer(
        200,
        new JsonFields()
            .put("issuer", issuer.issuer())
            .put("token_endpoint", issuer.issuer() + PATH)
            .put("response_types_supported", List.of())
            .put("grant_types_supported", List.of(ExchangeForm.GRANT_TYPE))
            .put(
                "token_endpoint_auth_methods_supported", List.of("none")) // the proof says who asks
            .put("authorization_details_types_supported", List.of(GrantRequest.TYPE)));
  }
}
