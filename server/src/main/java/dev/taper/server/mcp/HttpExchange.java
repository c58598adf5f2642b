package dev.taper.server.mcp;

import dev.taper.integrations.http.HttpRefusal;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage.Failure;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A request over HTTP, and the answers that get no further than to the front. For one thread.
 *
 * @param byStatus whether what is no message is answered by a status of HTTP alone
 * @param unread where counts what clients have not taken yet
 */
record HttpExchange(
    Request request, Response response, Callback callback, boolean byStatus, UnreadRoom unread) {
  static final String EVENTS = "text/event-stream";

  /** A field that is there once; null if not. */
  @Nullable String field(String name) {
    List<String> values = request.getHeaders().getValuesList(name);
    return values.size() == 1 ? values.get(0) : null;
  }

  /** The media type of the content, in lower case; empty if there is none. */
  String contentType() {
    String type = field(HttpHeader.CONTENT_TYPE.asString());
    return type == null ? "" : plain(type);
  }

  boolean accepts(String type) {
    List<String> values = request.getHeaders().getCSV(HttpHeader.ACCEPT, false);
    Set<String> wanted = Set.of(type, "*/*", type.substring(0, type.indexOf('/')) + "/*");
    return values.isEmpty() || values.stream().map(HttpExchange::plain).anyMatch(wanted::contains);
  }

  private static String plain(String type) {
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /** Where the answer to a request of MCP goes. */
  HttpOutlet outlet(RpcMessage.Request asked, @Nullable Map<String, String> parameters) {
    return new HttpOutlet(response, callback, asked.id(), parameters, accepts(EVENTS), unread);
  }

  /** Where events go that answer no request. */
  HttpOutlet stream() {
    return new HttpOutlet(response, callback, null, null, true, unread);
  }

  private HttpOutlet outlet() {
    return new HttpOutlet(response, callback, null, null, false, unread);
  }

  /** Answers without anything to read. */
  void done(int status) {
    response.setStatus(status);
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  /** Answers with a sentence. */
  void plain(int status, String text) {
    boolean unused = outlet().finish(new Failure(null, Failure.INVALID_REQUEST, text), status);
  }

  /** Refuses what goes on with a session. */
  void refuse(HttpRefusal refusal) {
    boolean unused = outlet().refuse(refusal);
  }

  /** Answers what is no message. */
  void broken(RpcFault fault, int status) {
    if (byStatus) {
      String code =
          status == 413 ? "content_too_large" : status == 503 ? "unavailable" : "invalid_request";
      refuse(HttpRefusal.of(status, code, fault.detail()));
    } else {
      boolean unused = outlet().finish(fault.answer(null), status);
    }
  }

  void tooLong(int maxBytes) {
    broken(
        new RpcFault(Code.MESSAGE_TOO_LONG, "a content has at most " + maxBytes + " bytes"), 413);
  }

  void tooMuch(String what) {
    broken(new RpcFault(Code.TOO_MANY_REQUESTS, what), 503);
  }

  void unsupported(RpcMessage message, @Nullable Object version) {
    Object id = message instanceof RpcMessage.Request asked ? asked.id() : null;
    boolean unused = outlet().finish(Failure.unsupported(id, version), 400);
  }
}
