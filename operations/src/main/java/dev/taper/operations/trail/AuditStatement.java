package dev.taper.operations.trail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.taper.SafeJson;
import dev.taper.TaperException;
import dev.taper.agent.AgentToken;
import dev.taper.agent.DelegationHop;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.WebAnswer;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a holder did with its token, as it says so to who keeps the audit log: it added one block,
 * which hands the token on, narrows it or justifies a use; or it sealed the token. Of a block the
 * statement is the longer token; the block's own signature shows that the holder added it, so there
 * is nothing else to be believed. Of a seal it is the token's digest: anyone who has a sealed token
 * can use it, so it goes to no log. Immutable and thread-safe.
 */
public final class AuditStatement {
  /** What the member {@code format} says. */
  public static final String FORMAT = "taper/1 statement";

  /** Where a log takes statements. */
  public static final String PATH = "/v1/statements";

  /** The longest content, in bytes. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final String MEMBERS = "it has format, and either token or sealed";
  private static final JsonFactory JSON = SafeJson.strict(2, MAX_BYTES, 20);

  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private final @Nullable AgentToken after; // one of the two is there
  private final @Nullable String sealed;

  private AuditStatement(@Nullable AgentToken after, @Nullable String sealed) {
    this.after = after;
    this.sealed = sealed;
  }

  /**
   * States what was done.
   *
   * @param after the token with the block that was added, or sealed
   */
  public static AuditStatement of(AgentToken after) {
    return after.chain().kind() == Token.Kind.SEALED
        ? new AuditStatement(null, lastDigest(after))
        : new AuditStatement(after, null);
  }

  private static String lastDigest(AgentToken token) {
    List<byte[]> digests = token.blockDigests();
    return HexFormat.of().formatHex(digests.get(digests.size() - 1));
  }

  /**
   * Reads the content of a request. Nothing of the token is verified.
   *
   * @throws OperationException {@code malformed_statement} if it is none
   * @throws TaperException what is wrong with the token
   */
  public static AuditStatement parse(byte[] content) {
    if (content.length > MAX_BYTES) {
      throw malformed("it has more than " + MAX_BYTES + " bytes", null);
    }
    String format = null;
    String token = null;
    String sealed = null;
    try (JsonParser json = JSON.createParser(content)) {
      require(json.nextToken() == JsonToken.START_OBJECT, "it is no JSON object");
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        require(json.nextToken() == JsonToken.VALUE_STRING, "its members are texts");
        switch (name) {
          case "format" -> format = json.getText();
          case "token" -> token = json.getText();
          case "sealed" -> sealed = json.getText();
          default -> throw malformed(MEMBERS, null);
        }
      }
      require(json.nextToken() == null, "something follows it");
    } catch (IOException e) {
      throw malformed("it is not well-formed JSON", e); // its own message may quote the input
    }
    require(FORMAT.equals(format), "its format is not " + FORMAT);
    require((token == null) != (sealed == null), MEMBERS);
    if (token == null) {
      require(DIGEST.matcher(String.valueOf(sealed)).matches(), "sealed is no digest of a token");
      return new AuditStatement(null, sealed);
    }
    UnverifiedToken read = UnverifiedToken.decode(token);
    require(read.kind() == Token.Kind.HELD, "its token is not held by a key");
    return new AuditStatement(AgentToken.of(read), null);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw malformed(otherwise, null);
    }
  }

  private static OperationException malformed(String why, @Nullable Throwable cause) {
    return new OperationException(
        OperationException.Kind.REFUSED,
        "malformed_statement",
        "this is no statement for an audit log: " + why,
        cause);
  }

  /** The content of a request: canonical JSON in UTF-8. */
  public byte[] content() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      if (after == null) {
        json.writeStringField("sealed", sealed);
      } else {
        json.writeStringField("token", after.encodeBase64());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The token with the block that was added; null if it was sealed. */
  public @Nullable AgentToken token() {
    return after;
  }

  /**
   * The event to record.
   *
   * @param before the token that the holder had
   * @param now when
   * @throws OperationException {@code other_token} if the block that was added is not the only one
   *     behind those of that token, or another token was sealed
   */
  public AuditEvent event(AgentToken before, Instant now) {
    if (after == null) {
      if (!lastDigest(before).equals(sealed)) {
        throw other("the token that is stated to be sealed is not the holder's");
      }
      return AuditEvent.sealed(before, now);
    }
    List<byte[]> had = before.blockDigests();
    List<byte[]> has = after.blockDigests();
    boolean extended = has.size() == had.size() + 1;
    for (int i = 0; extended && i < had.size(); i++) {
      extended = Arrays.equals(had.get(i), has.get(i));
    }
    if (!extended) {
      throw other("the token that is stated is not the holder's with one more block");
    }
    List<DelegationHop> hops = after.chain().hops();
    DelegationHop added = hops.get(hops.size() - 1);
    Justification justification = added.justification();
    if (justification == null) {
      return AuditEvent.delegated(after, now);
    }
    return AuditEvent.of(AuditKind.JUSTIFY, now)
        .about(after)
        .by(added.grantor())
        .subject(
            AuditEvent.Subject.of("justification", justification.tools().toString())
                .until(justification.until())
                .reason(justification.reason()));
  }

  private static OperationException other(String why) {
    return new OperationException(OperationException.Kind.REFUSED, "other_token", why, null);
  }

  /**
   * Submits statements to who keeps an audit log, so that the machine of an agent has no key of the
   * log: the agent signs with its own key, as it signs calls. Immutable and thread-safe.
   */
  public static final class Server {
    private static final int MAX_ANSWER = 32 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final JsonFactory ANSWER = SafeJson.strict(4, MAX_ANSWER, 100);
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,64}");
    private static final Pattern LOOPBACK =
        Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");

    private final URI uri;
    private final String audience;
    private final Clock clock;

    private Server(URI uri, String audience, Clock clock) {
      this.uri = uri;
      this.audience = audience;
      this.clock = clock;
    }

    /**
     * Submits to a server.
     *
     * @param url the server's, without a path
     * @param audience what the keeper of the log is called in proofs
     * @param clock what time it is, for proofs
     * @throws OperationException {@code usage} if it is no such URL, or not encrypted
     */
    public static Server at(String url, String audience, Clock clock) {
      URI uri;
      try {
        uri = new URI(url);
      } catch (URISyntaxException e) {
        throw wrong(url);
      }
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      String host = uri.getHost();
      String path = String.valueOf(uri.getRawPath());
      if (host == null
          || !(scheme.equals("https") || scheme.equals("http"))
          || uri.getUserInfo() != null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null
          || !(path.isEmpty() || path.equals("/"))) {
        throw wrong(url);
      }
      if (scheme.equals("http") && !LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches()) {
        throw OperationException.usage(
            "without https somebody else may answer that it is recorded: use https://" + host);
      }
      return new Server(uri.resolve(AuditStatement.PATH), audience, clock);
    }

    private static OperationException wrong(String url) {
      return OperationException.usage(
          "an audit log takes statements at a URL such as https://audit.example.com, not at "
              + Place.shown(url));
    }

    /**
     * Has it recorded what a holder did.
     *
     * @param before the token that the holder had
     * @param holder its key
     * @param after the token with the block that it added, or sealed
     * @throws OperationException {@code io} if there is no answer, or the log cannot be written
     *     now; else what the server says
     */
    public void submit(AgentToken before, Signer holder, AgentToken after) {
      byte[] content = AuditStatement.of(after).content();
      SentHttp sent = SentHttp.of("POST", uri).ownContent("application/json", content);
      Proof proof = before.prove(holder, sent, audience, SentApprovals.NONE, clock);
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .header("Content-Type", "application/json")
              .header("Authorization", "Taper " + before.encodeBase64())
              .header("Taper-Proof", proof.encodeBase64())
              .POST(HttpRequest.BodyPublishers.ofByteArray(content))
              .build();
      WebAnswer answer = WebAnswer.to(request, MAX_ANSWER, TIMEOUT);
      if (answer.status() == 200 && AuditStatement.FORMAT.equals(member(answer, "format"))) {
        return;
      }
      String code = member(answer, "code");
      if (code == null || !CODE.matcher(code).matches()) {
        code = "status_" + answer.status();
      }
      if (answer.status() >= 500 || answer.status() < 400) {
        throw OperationException.io(
            "the audit log at " + uri.getRawAuthority() + " does not record it: " + code, null);
      }
      throw new OperationException(
          OperationException.Kind.REFUSED,
          code,
          "the audit log at " + uri.getRawAuthority() + " refuses the statement",
          null);
    }

    /** A text of the answer's JSON; null if there is none. */
    private static @Nullable String member(WebAnswer answer, String wanted) {
      try (JsonParser json = ANSWER.createParser(answer.text())) {
        if (json.nextToken() != JsonToken.START_OBJECT) {
          return null;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String name = json.currentName();
          JsonToken value = json.nextToken();
          if (name.equals(wanted)) {
            return value == JsonToken.VALUE_STRING ? json.getText() : null;
          }
          json.skipChildren();
        }
        return null;
      } catch (IOException e) {
        return null;
      }
    }
  }
}
