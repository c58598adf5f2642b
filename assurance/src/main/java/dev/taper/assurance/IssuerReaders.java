package dev.taper.assurance;

import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.UrlEncoded;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.ExchangeProof;
import dev.taper.agent.grant.Grants;
import dev.taper.server.issuer.ExchangeException;
import dev.taper.server.issuer.ExchangeRequest;
import dev.taper.server.issuer.GrantRequest;
import dev.taper.server.oidc.Endpoints;
import dev.taper.server.oidc.IdentityTokens;
import dev.taper.server.oidc.Provider;
import dev.taper.server.serve.issuer.ExchangeForm;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** The readers of an issuer: of what agents send, and of what providers of sign-ins publish. */
final class IssuerReaders {
  static final Provider PROVIDER = Provider.of("https://idp.example.com");

  private static final int MAX_MESSAGE = 20_000;
  private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+){2}");

  private IssuerReaders() {}

  static boolean proof(byte[] input) {
    String text = utf8(input);
    ExchangeProof read;
    try {
      read = ExchangeProof.decode(text);
    } catch (TaperException e) {
      if (e.code() != ErrorCode.MALFORMED_HOLDER_PROOF && e.code() != ErrorCode.INVALID_KEY) {
        throw new AssertionError("refused with " + e.code(), e);
      }
      return false;
    }
    same("a proof has one text", text, read.encodeBase64());
    same("a proof has one form", read.encode(), ExchangeProof.decode(read.encode()).encode());
    return true;
  }

  private static void refused(ExchangeException refusal) {
    String message = String.valueOf(refusal.getMessage());
    if (refusal.error().status() != 400
        || !refusal.code().matches("[a-z_]{1,64}")
        || message.isBlank()
        || message.length() > MAX_MESSAGE) {
      throw new AssertionError("refused with " + refusal.code() + ": " + message, refusal);
    }
  }

  /** A form, and the request that it holds. */
  static boolean form(byte[] input) {
    try {
      Map<String, String> form = ExchangeForm.parameters(input);
      byte[] written = UrlEncoded.write(form).getBytes(StandardCharsets.US_ASCII);
      if (written.length <= ExchangeForm.MAX_BYTES) {
        same("written and read again", form, ExchangeForm.parameters(written));
      }
      ExchangeRequest request = ExchangeForm.read(form);
      same("the token", String.valueOf(form.get("subject_token")), request.subjectToken());
      same("the details", String.valueOf(form.get("authorization_details")), request.details());
      same("nothing is for logs", "ExchangeRequest", request.toString());
      return true;
    } catch (ExchangeException e) {
      refused(e);
      return false;
    }
  }

  static boolean details(byte[] input) {
    String text = utf8(input);
    try {
      GrantRequest read = GrantRequest.read(text);
      String written = written(read);
      if (written.length() <= GrantRequest.MAX_TEXT) {
        same("written and read again", read, GrantRequest.read(written));
      }
      Integer depth = read.depth();
      same("a depth", true, depth == null || (depth >= 0 && depth <= 64));
      Duration lifetime = read.lifetime();
      same("a time", true, lifetime == null || (!lifetime.isZero() && !lifetime.isNegative()));
      List<String> audience = read.audience();
      same("somebody, or anybody", true, audience == null || !audience.isEmpty());
      return true;
    } catch (ExchangeException e) {
      refused(e);
      return false;
    }
  }

  private static String written(GrantRequest ask) {
    Duration lifetime = ask.lifetime();
    Grants grants = ask.grants();
    return "["
        + new JsonText()
            .text("type", GrantRequest.TYPE)
            .text("template", ask.template())
            .text("task", ask.task().id())
            .text("purpose", ask.task().purpose())
            .texts("grants", grants == null ? null : List.of(grants.toString()))
            .texts("audience", ask.audience())
            .json("expires_in", lifetime == null ? null : lifetime.toSeconds())
            .json("max_depth", ask.depth())
        + "]";
  }

  /** Whose token it claims to be, which is nothing but what stands in its middle. */
  static boolean subjectToken(byte[] input) {
    String text = utf8(input);
    String issuer = IdentityTokens.claimedIssuer(text);
    if (issuer == null) {
      return false;
    }
    same("a token has one form", true, COMPACT.matcher(text).matches());
    same("a token is short", true, text.length() <= IdentityTokens.MAX_TOKEN);
    String[] parts = text.split("\\.", -1);
    try {
      String claims = utf8(Base64.getUrlDecoder().decode(parts[1]));
      SortedMap<String, String> members = CanonicalJson.membersOfDocument(claims);
      same("the claim iss", JsonText.quoted(issuer), members.getOrDefault("iss", ""));
    } catch (TaperException | IllegalArgumentException e) {
      return true; // JSON, or base64, of a kind that we do not write
    }
    String unsigned = parts[0] + "." + parts[1] + ".AAAA";
    same("a signature claims nothing", issuer, "" + IdentityTokens.claimedIssuer(unsigned));
    return true;
  }

  static boolean provider(byte[] input) {
    Endpoints read;
    try {
      read = Endpoints.read(PROVIDER, utf8(input));
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).isBlank()) {
        throw new AssertionError("refused without a word", e);
      }
      return false;
    }
    for (URI address : new URI[] {read.keys(), read.authorization(), read.token()}) {
      if (address != null && !address.getScheme().equals("https") && !isOwn(address)) {
        throw new AssertionError("an address that others can read: " + address);
      }
    }
    return true;
  }

  private static boolean isOwn(URI address) {
    return address.getHost().equals("localhost")
        || address.getHost().equals("127.0.0.1")
        || address.getHost().equals("[::1]");
  }
}
