package dev.taper.server.keeper;

import dev.taper.JsonMembers;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.delegation.Agent;
import dev.taper.crypto.Algorithm;
import dev.taper.crypto.PublicKey;
import dev.taper.server.keeper.KeeperRequest.RenewAt;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests to a keeper strictly: a member that is unknown, there twice, null or of another
 * type is refused. Stateless and thread-safe.
 */
public final class RequestReader {
  /** The most bytes of a request's content. */
  public static final int MAX_BYTES = 256 * 1024;

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.[0-9.]+|\\[::1\\]|\\[0:0:0:0:0:0:0:1\\]");
  private static final int MAX_DEPTH = 1000;
  private static final int SHA_256 = 32;
  private static final int MAX_DETAILS = 8 * 1024;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  private RequestReader() {}

  /**
   * Reads a request.
   *
   * @param method of HTTP
   * @param target the path
   * @param content the bytes of the content, at most {@link #MAX_BYTES}
   * @throws KeeperRefusal {@code unknown_request}, {@code invalid_request}, or a code of what is
   *     wrong with a part of it
   */
  public static KeeperRequest read(String method, String target, byte[] content) {
    try {
      if (content.length > MAX_BYTES) {
        throw KeeperRefusal.of(
            413, "content_too_large", "a request has at most " + MAX_BYTES + " bytes");
      }
      if (method.equals("POST")) {
        return post(target, KeeperJson.JSON.read(content, "the request"));
      }
      if (content.length != 0) {
        throw KeeperRefusal.invalid("such a request has no content");
      }
      return switch (method) {
        case "GET" -> get(target);
        case "DELETE" ->
            named(target, KeeperRequest.ForgetKey::new, KeeperRequest.ForgetToken::new);
        default -> throw unknown();
      };
    } catch (TaperException e) {
      throw KeeperRefusal.of(e);
    }
  }

  private static KeeperRefusal unknown() {
    return KeeperRefusal.of(404, "unknown_request", "a keeper has no such request");
  }

  private static KeeperRequest get(String target) {
    return switch (target) {
      case "/v1/status" -> new KeeperRequest.Status();
      case "/v1/keys" -> new KeeperRequest.ListKeys();
      case "/v1/tokens" -> new KeeperRequest.ListTokens();
      case "/v1/names" -> new KeeperRequest.ListNames();
      default -> named(target, KeeperRequest.GetKey::new, KeeperRequest.GetToken::new);
    };
  }

  /** A request about one key or token, whose name is the last part of the path. */
  private static KeeperRequest named(
      String target,
      Function<String, KeeperRequest> ofKey,
      Function<String, KeeperRequest> ofToken) {
    if (target.startsWith("/v1/keys/")) {
      return ofKey.apply(name(target.substring("/v1/keys/".length())));
    }
    if (target.startsWith("/v1/tokens/")) {
      return ofToken.apply(name(target.substring("/v1/tokens/".length())));
    }
    throw unknown();
  }

  private static KeeperRequest post(String target, JsonMembers<KeeperRefusal> all) {
    KeeperRequest request =
        switch (target) {
          case "/v1/keys" -> newKey(all);
          case "/v1/tokens" -> addToken(all);
          case "/v1/prove" -> prove(all);
          case "/v1/prove/exchange" -> proveExchange(all);
          case "/v1/delegate" -> delegate(all);
          case "/v1/ask" -> ask(all);
          case "/v1/ask/await" ->
              new KeeperRequest.AwaitAsk(web(all.text("ask"), "ask"), patience(all));
          case "/v1/renew" ->
              new KeeperRequest.Renew(name(all.text("token")), renewAt(all.objectOrNull("at")));
          case "/v1/sign" -> sign(all);
          case "/v1/unlock" ->
              new KeeperRequest.Unlock(all.textOrNull("passphrase"), all.textOrNull("pin"));
          case "/v1/lock" -> new KeeperRequest.Lock();
          default -> throw unknown();
        };
    all.end();
    return request;
  }

  /** True if a text can be the name of a key or token. */
  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  /** The name of a key or token. */
  static String name(String text) {
    if (!isName(text)) {
      throw KeeperRefusal.invalid(
          "a name has small letters, digits, '.', '_' and '-', at most 64 of them");
    }
    return text;
  }

  private static KeeperRequest newKey(JsonMembers<KeeperRefusal> all) {
    String name = name(all.text("name"));
    String algorithmName = all.textOrNull("algorithm");
    String place = all.textOrNull("in");
    if (place != null && !place.equals("pkcs11")) {
      throw KeeperRefusal.invalid("a key is made in pkcs11, or where the keeper keeps its keys");
    }
    boolean inDevice = place != null;
    Algorithm algorithm =
        algorithmName == null
            ? (inDevice ? Algorithm.SECP256R1 : Algorithm.ED25519)
            : Algorithm.ofText(algorithmName);
    if (algorithm == null) {
      throw KeeperRefusal.invalid("there is no such algorithm");
    }
    return new KeeperRequest.NewKey(
        name, algorithm, inDevice, all.flag("confirm"), KeeperJson.secondsOrNull(all, "lifetime"));
  }

  private static KeeperRequest addToken(JsonMembers<KeeperRefusal> all) {
    return new KeeperRequest.AddToken(
        name(all.text("name")),
        all.text("token"),
        all.texts("audiences").stream().map(Canonical::audience).distinct().toList(),
        renewAt(all.objectOrNull("renew")),
        KeeperJson.secondsOrNull(all, "lifetime"),
        all.flag("replace"));
  }

  private static @Nullable RenewAt renewAt(@Nullable JsonMembers<KeeperRefusal> all) {
    if (all == null) {
      return null;
    }
    RenewAt at = new RenewAt(web(all.text("url"), "url"), Canonical.audience(all.text("audience")));
    all.end();
    if (at.url().getRawQuery() != null) {
      throw KeeperRefusal.invalid("a token is renewed at a URL without a query");
    }
    return at;
  }

  /** A URL that can be asked: whoever is in between cannot read or change the answer. */
  private static URI web(String text, String name) {
    try {
      URI url = new URI(text);
      boolean here = url.getHost() != null && LOOPBACK.matcher(url.getHost()).matches();
      boolean safe = "https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && here);
      if (safe && url.getHost() != null && url.getUserInfo() == null && url.getFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // It is none, as below.
    }
    throw KeeperRefusal.invalid(name + " is no https URL, nor an http one of this machine");
  }

  private static KeeperRequest prove(JsonMembers<KeeperRefusal> all) {
    String token = all.text("token");
    String audience = all.textOrNull("audience");
    return new KeeperRequest.Prove(
        token,
        audience == null ? null : Canonical.audience(audience),
        ProvableReader.read(all),
        SentApprovals.of(all.texts("approvals")),
        all.flag("own_field"));
  }

  private static KeeperRequest proveExchange(JsonMembers<KeeperRefusal> all) {
    String key = name(all.text("key"));
    String issuer = all.text("issuer");
    if (web(issuer, "issuer").getRawQuery() != null) {
      throw KeeperRefusal.invalid("an issuer is called by a URL without a query");
    }
    byte[] digest = all.bytesOrNull("subject_token");
    if (digest == null || digest.length != SHA_256) {
      throw KeeperRefusal.invalid("subject_token is the SHA-256 digest of the token");
    }
    String details = all.text("details");
    if (details.length() > MAX_DETAILS) {
      throw KeeperRefusal.invalid("details have at most " + MAX_DETAILS + " characters");
    }
    return new KeeperRequest.ProveExchange(key, issuer, digest, details);
  }

  private static KeeperRequest delegate(JsonMembers<KeeperRefusal> all) {
    String token = all.text("token");
    String name = all.textIfAny("to");
    KeeperRequest.Terms terms = terms(all);
    if (name != null) {
      return new KeeperRequest.Delegate(
          token, Canonical.name(name, "the next holder"), null, terms);
    }
    JsonMembers<KeeperRefusal> agent = all.object("to");
    Agent next = Agent.of(agent.text("name"), PublicKey.parse(agent.text("key")).validate());
    agent.end();
    return new KeeperRequest.Delegate(token, null, next, terms);
  }

  private static KeeperRequest.Terms terms(JsonMembers<KeeperRefusal> all) {
    Long depth = all.numberOrNull("max_depth");
    if (depth != null && depth > MAX_DEPTH) {
      throw KeeperRefusal.invalid("max_depth is at most " + MAX_DEPTH);
    }
    return new KeeperRequest.Terms(
        all.texts("grants"),
        all.texts("budgets"),
        KeeperJson.secondsOrNull(all, "expires_in"),
        KeeperJson.instantOrNull(all, "expires"),
        all.texts("audiences"),
        depth == null ? null : depth.intValue(),
        all.flag("verified_holders"),
        all.flag("strict"));
  }

  private static KeeperRequest ask(JsonMembers<KeeperRefusal> all) {
    String token = all.text("token");
    String audience = all.textOrNull("audience");
    String reason = Canonical.reason(all.text("reason"));
    JsonMembers<KeeperRefusal> http = all.objectOrNull("http");
    JsonMembers<KeeperRefusal> tool = all.objectOrNull("tool");
    if ((http == null) == (tool == null)) {
      throw KeeperRefusal.invalid("an approval is asked for one call: http or tool");
    }
    return new KeeperRequest.Ask(
        token,
        audience == null ? null : Canonical.audience(audience),
        http == null ? null : ProvableReader.http(http),
        tool == null ? null : ProvableReader.call(tool),
        reason,
        patience(all));
  }

  private static Duration patience(JsonMembers<KeeperRefusal> all) {
    Long seconds = all.numberOrNull("wait");
    if (seconds != null && seconds > LONGEST_WAIT.toSeconds()) {
      throw KeeperRefusal.invalid("wait is at most " + LONGEST_WAIT.toSeconds() + " seconds");
    }
    return Duration.ofSeconds(seconds == null ? 0 : seconds);
  }

  private static KeeperRequest sign(JsonMembers<KeeperRefusal> all) {
    String key = name(all.text("key"));
    byte[] message = all.bytesOrNull("message");
    if (message == null || message.length == 0) {
      throw KeeperRefusal.invalid("the message is missing");
    }
    return new KeeperRequest.Sign(key, message);
  }
}
