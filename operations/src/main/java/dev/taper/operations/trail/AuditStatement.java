package dev.taper.operations.trail;

import dev.taper.JsonFields;
import dev.taper.JsonMembers;
import dev.taper.JsonReader;
import dev.taper.TaperException;
import dev.taper.agent.approval.Justification;
import dev.taper.agent.call.Proof;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.agent.delegation.DelegationHop;
import dev.taper.audit.AuditEvent;
import dev.taper.audit.AuditKind;
import dev.taper.crypto.Signer;
import dev.taper.operations.OperationException;
import dev.taper.operations.Place;
import dev.taper.operations.WebAnswer;
import dev.taper.operations.WebUrl;
import dev.taper.token.Token;
import dev.taper.token.UnverifiedToken;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
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
  private static final JsonReader<OperationException> JSON =
      JsonReader.of(2, MAX_BYTES, 20, AuditStatement::malformed);

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
    JsonMembers<OperationException> members = JSON.read(content, "it");
    String format = members.textOrNull("format");
    String token = members.textOrNull("token");
    String sealed = members.textOrNull("sealed");
    members.end();
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
    return OperationException.refused(
        "malformed_statement", "this is no statement for an audit log: " + why, cause);
  }

  /** The content of a request: canonical JSON in UTF-8. */
  public byte[] content() {
    JsonFields content = new JsonFields().put("format", FORMAT);
    if (after == null) {
      content.put("sealed", sealed);
    } else {
      content.put("token", after.encodeBase64());
    }
    return content.toJson().getBytes(StandardCharsets.UTF_8);
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
    return OperationException.refused("other_token", why);
  }

  /**
   * Submits statements to who keeps an audit log, so that the machine of an agent has no key of the
   * log: the agent signs with its own key, as it signs calls. Immutable and thread-safe.
   */
  public static final class Server {
    private static final int MAX_ANSWER = 32 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

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
      URI uri = WebUrl.plain(url);
      if (uri == null || !WebUrl.isRoot(uri)) {
        throw OperationException.usage(
            "an audit log takes statements at a URL such as https://audit.example.com, not at "
                + Place.shown(url));
      }
      if (!WebUrl.isPrivate(uri)) {
        throw OperationException.usage(
            "without https somebody else may answer that it is recorded: use https://"
                + uri.getHost());
      }
      return new Server(uri.resolve(AuditStatement.PATH), audience, clock);
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
      if (answer.status() == 200 && AuditStatement.FORMAT.equals(answer.member("format"))) {
        return;
      }
      String code = Objects.requireNonNullElse(answer.code(), "status_" + answer.status());
      if (answer.status() >= 500 || answer.status() < 400) {
        throw OperationException.io(
            "the audit log at " + uri.getRawAuthority() + " does not record it: " + code, null);
      }
      throw OperationException.refused(
          code, "the audit log at " + uri.getRawAuthority() + " refuses the statement");
    }
  }
}
