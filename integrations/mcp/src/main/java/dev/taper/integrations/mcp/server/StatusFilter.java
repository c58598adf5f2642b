package dev.taper.integrations.mcp.server;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.integrations.http.HttpAnswer;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.integrations.http.RefusedException;
import dev.taper.integrations.http.servlet.TaperFilter;
import dev.taper.integrations.mcp.McpFields;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.integrations.mcp.McpJudgement;
import dev.taper.integrations.mcp.TokenOutline;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers refused messages with a status and a challenge, as HTTP services do, before the SDK's
 * servlet sees them. It stands before that servlet, and before everything that reads a content; the
 * server behind it is built with a {@link GuardedTransport} of the same guard. Thread-safe.
 */
public final class StatusFilter implements Filter {
  private static final int MAX_CONTENT = 4 << 20;

  private final McpGuard guard;
  private final int maxContent;

  private StatusFilter(McpGuard guard, int maxContent) {
    this.guard = guard;
    this.maxContent = maxContent;
  }

  /** Filters for the server that this guard guards. */
  public static StatusFilter of(McpGuard guard) {
    return new StatusFilter(guard, MAX_CONTENT);
  }

  /**
   * Sets the most bytes of a content; 4 MiB unless set, because a client may answer with pictures.
   *
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if it is negative
   */
  public StatusFilter maxContent(int bytes) {
    if (bytes < 0 || bytes == Integer.MAX_VALUE) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a content has no " + bytes + " bytes");
    }
    return new StatusFilter(guard, bytes);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (!(request instanceof HttpServletRequest http)
        || !(response instanceof HttpServletResponse answer)) {
      throw new ServletException("only HTTP is guarded");
    }
    try {
      McpFields.check(TaperFilter.received(http));
    } catch (RefusedException e) {
      TaperFilter.write(answer, HttpAnswer.of(e.refusal()));
      return;
    }
    HttpServletResponse uncached = TaperFilter.uncached(answer);
    if (!http.getMethod().equals("POST")) {
      chain.doFilter(http, uncached);
      return;
    }
    byte[] content = http.getInputStream().readNBytes(maxContent + 1);
    HttpRefusal refusal =
        content.length > maxContent
            ? HttpRefusal.of(
                413, "content_too_large", "a content has at most " + maxContent + " bytes")
            : judge(content);
    if (refusal != null) {
      TaperFilter.write(answer, HttpAnswer.of(refusal));
      return;
    }
    try {
      chain.doFilter(TaperFilter.withContent(http, content, uncached), uncached);
    } finally {
      Judged.forget();
    }
  }

  /** Judges a message, and leaves what came of it for the gate; or says why it is refused. */
  private @Nullable HttpRefusal judge(byte[] content) {
    Map<String, @Nullable Object> message;
    try {
      HttpRefusal unread = guard.unread(TokenOutline.ofMessage(content));
      if (unread != null) {
        return unread;
      }
      message =
          McpJson.read(
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString(),
              maxContent);
    } catch (CharacterCodingException e) {
      return HttpRefusal.of(400, "invalid_request", "the content is not UTF-8");
    } catch (TaperException e) {
      return HttpRefusal.of(e);
    }
    if (!(message.get("method") instanceof String method) || !message.containsKey("id")) {
      return null; // a notification, an answer, or what the SDK refuses
    }
    McpJudgement judgement = guard.judge(method, message.get("params"));
    if (judgement instanceof McpJudgement.Refused refused && !refused.isAlwaysError()) {
      return refused.refusal();
    }
    Judged.leave(new Judged(method, judgement));
    return null;
  }
}
