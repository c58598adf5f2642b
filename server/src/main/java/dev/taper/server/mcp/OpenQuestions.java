package dev.taper.server.mcp;

import dev.taper.server.mcp.RpcMessage.Notification;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server's questions in its present session, under ids that no question of another session gets:
 * a server counts from the beginning in each. Not thread-safe.
 */
final class OpenQuestions {

  private final Map<Object, Object> open = new HashMap<>(); // the server's ids by ours
  private long count;

  /** A question, as it is handed on. */
  RpcMessage.Request asked(RpcMessage.Request question) {
    String id = "question-" + ++count;
    open.put(id, question.id());
    return new RpcMessage.Request(id, question.method(), question.params());
  }

  /** A notification, as it is handed on: the server may take a question back. */
  Notification told(Notification told) {
    Map<String, @Nullable Object> params = told.params();
    Object id =
        params != null && told.method().equals(Notification.CANCELLED)
            ? RpcMessage.id(params.get(Notification.REQUEST_ID))
            : null;
    if (params == null || id == null) {
      return told;
    }
    for (Map.Entry<Object, Object> one : open.entrySet()) {
      if (one.getValue().equals(id)) {
        Map<String, @Nullable Object> ours = new LinkedHashMap<>(params);
        ours.put(Notification.REQUEST_ID, one.getKey());
        open.remove(one.getKey());
        return new Notification(Notification.CANCELLED, ours);
      }
    }
    return told;
  }

  /** An answer as the server gets it, once; null if its question is not open in this session. */
  @Nullable RpcMessage answered(RpcMessage answer) {
    Object ours = answer.answers();
    Object id = ours == null ? null : open.remove(ours);
    return id == null ? null : answer.withId(id);
  }

  /** The session is over: none of its questions is open any more. */
  List<Object> end() {
    List<Object> ended = List.copyOf(open.keySet());
    open.clear();
    return ended;
  }
}
