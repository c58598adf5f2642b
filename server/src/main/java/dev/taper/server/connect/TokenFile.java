package dev.taper.server.connect;

import dev.taper.DecodeLimits;
import dev.taper.ErrorCode;
import dev.taper.FailureLog;
import dev.taper.SecretFile;
import dev.taper.TaperException;
import dev.taper.agent.delegation.Agent;
import dev.taper.agent.delegation.AgentToken;
import dev.taper.crypto.PublicKey;
import dev.taper.server.process.FileReason;
import dev.taper.token.Token;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * A file with one token, read again before each call. What makes no sense changes nothing; without
 * the file there is no token. Thread-safe.
 */
final class TokenFile implements TokenSource {
  /** The longest file of a token, in bytes: the longest token, and white space. */
  static final int MAX_BYTES = DecodeLimits.DEFAULT.maxBase64() + 1024;

  private final Path file;
  private final PublicKey holder;
  private final FailureLog failures;
  private @Nullable String text; // guarded by this
  private @Nullable AgentToken token; // guarded by this

  private TokenFile(Path file, PublicKey holder, Clock clock) {
    this.file = file;
    this.holder = holder;
    this.failures = FailureLog.of(TokenFile.class, "reading the token", clock);
  }

  /**
   * Watches a file.
   *
   * @param holder who must hold the token
   * @throws dev.taper.operations.OperationException {@code io} if it cannot be read
   * @throws TaperException if it has no token, or one that another key holds
   */
  static TokenFile of(Path file, PublicKey holder, Clock clock) {
    TokenFile watched = new TokenFile(file, holder, clock);
    try {
      watched.read();
    } catch (IOException e) {
      throw FileReason.unreadable(file, e);
    } catch (TaperException e) {
      throw FileReason.named(file, e);
    }
    return watched;
  }

  @Override
  public synchronized @Nullable AgentToken current() {
    try {
      read();
    } catch (NoSuchFileException e) {
      text = null;
      token = null;
    } catch (IOException | TaperException e) {
      failures.failed(e); // perhaps half of it is written
    }
    return token;
  }

  private synchronized void read() throws IOException {
    String now = text(file);
    if (!now.equals(text)) {
      token = heldBy(holder, AgentToken.decode(now));
      text = now;
    }
  }

  private static String text(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw Files.exists(file) ? new IOException("not readable") : new NoSuchFileException(null);
    }
    return new String(SecretFile.readThoughOthersCan(file, MAX_BYTES), StandardCharsets.ISO_8859_1)
        .strip();
  }

  /**
   * Who has to prove calls with a token; null for one that anybody can use, or its holder sealed.
   */
  static @Nullable Agent holder(AgentToken token) {
    return token.token().kind() == Token.Kind.HELD ? token.chain().holder() : null;
  }

  /**
   * The token.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if another key holds it, or nobody
   */
  static AgentToken heldBy(PublicKey holder, AgentToken token) {
    Agent agent = holder(token);
    if (agent == null || !agent.key().equals(holder)) {
      throw new TaperException(
          ErrorCode.INVALID_ARGUMENT,
          agent == null
              ? "nobody holds this token: an agent connects with a held one"
              : "the token is held by " + agent + " with another key than the given one");
    }
    return token;
  }
}
