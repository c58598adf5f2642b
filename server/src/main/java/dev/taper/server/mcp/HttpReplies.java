package dev.taper.server.mcp;

import dev.taper.ShownText;
import dev.taper.integrations.http.HttpRefusal;
import dev.taper.server.mcp.RpcFault.Code;
import dev.taper.server.mcp.RpcMessage.RpcError;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers to requests of HTTP that get no further than to the front. Immutable.
 *
 * @param byStatus whether what is no message is answered by a status of HTTP alone
 * @param unread where counts what clients have not taken yet
 */
record HttpReplies(boolean byStatus, UnreadRoom unread) {
  private static final int UNSUPPORTED_VERSION = -32022;
  private static final int MAX_VERSION_COLUMNS = 64;

  /** Where an answer goes that is no request's of MCP. */
  HttpOutlet outlet(Response response, Callback callback) {
    return new HttpOutlet(response, callback, null, null, false, unread);
  }

  /** Answers without anything to read. */
  void done(Response response, Callback callback, int status) {
    response.setStatus(status);
    response.write(true, ByteBuffer.allocate(0), callback);
  }

  /** Answers with a sentence. */
  void plain(Response response, Callback callback, int status, String text) {
    RpcError error = new RpcError(RpcError.INVALID_REQUEST, text, null);
    boolean unused = outlet(response, callback).finish(new RpcMessage.Failure(null, error), status);
  }

  /** Refuses what goes on with a session. */
  void refuse(Response response, Callback callback, HttpRefusal refusal) {
    boolean unused = outlet(response, callback).refuse(refusal);
  }

  /** Answers what is no message. */
  void broken(Response response, Callback callback, RpcFault fault, int status) {
    HttpOutlet outlet = outlet(response, callback);
    if (byStatus) {
      String code =
          status == 413 ? "content_too_large" : status == 503 ? "unavailable" : "invalid_request";
      boolean unused = outlet.refuse(HttpRefusal.of(status, code, fault.detail()));
    } else {
      boolean unused = outlet.finish(fault.answer(null), status);
    }
  }

  void tooLong(Response response, Callback callback, int maxBytes) {
    RpcFault fault =
        new RpcFault(Code.MESSAGE_TOO_LONG, "a content has at most " + maxBytes + " bytes");
    broken(response, callback, fault, 413);
  }

  void unsupported(
      Response response, Callback callback, RpcMessage message, @Nullable Object version) {
    Object id = message instanceof RpcMessage.Request request ? request.id() : null;
    RpcError error =
        new RpcError(
            UNSUPPORTED_VERSION,
            "Unsupported protocol version",
            Map.of(
                "supported",
                Revision.texts(),
                "requested",
                ShownText.of(String.valueOf(version), MAX_VERSION_COLUMNS)));
    boolean unused = outlet(response, callback).finish(new RpcMessage.Failure(id, error), 400);
  }
}
