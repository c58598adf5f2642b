package dev.taper.server.keeper;

import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.catalog.ShownCall.Row;
import dev.taper.server.keeper.KeeperRequest.Asked;
import dev.taper.server.keeper.KeeperRequest.AskedHttp;
import dev.taper.server.keeper.KeeperRequest.AskedMcp;
import dev.taper.server.keeper.KeeperRequest.AskedTool;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what is to be proved, for the person who is asked: what is called stands before its
 * arguments, and each of these for itself, so that none hides the others. For one thread.
 */
final class AskedText {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final List<Row> head = new ArrayList<>();
  private final Map<String, String> more = new TreeMap<>();
  private boolean isUnseen;

  private AskedText(String what) {
    head.add(new Row("to", what));
  }

  /**
   * Shows what is asked.
   *
   * @param what for: where, for whom
   * @param asked what is to be proved
   * @param approvals how many approvals go with it
   */
  static ShownCall of(String what, Asked asked, int approvals) {
    AskedText text = new AskedText(what);
    if (approvals > 0) {
      text.head.add(new Row("with", approvals + " approvals"));
    }
    if (asked instanceof AskedHttp http) {
      text.http(http.sent());
    } else if (asked instanceof AskedMcp mcp) {
      text.mcp(mcp.sent());
    } else if (asked instanceof AskedTool tool && tool.sent() instanceof SentTool sent) {
      text.tool(sent);
    }
    ShownCall shown = Question.shown(text.head, text.more);
    return text.isUnseen
        ? new ShownCall(
            shown.head(),
            shown.arguments(),
            shown.omitted(),
            shown.digest(),
            shown.columns(),
            false)
        : shown;
  }

  private void tool(SentTool sent) {
    head.add(new Row("tool", sent.tool()));
    row("operation", sent.operation());
    row("resource", sent.resource());
    more.putAll(CanonicalJson.members(sent.arguments()));
  }

  private void row(String label, @Nullable String value) {
    if (value != null) {
      head.add(new Row(label, value));
    }
  }

  private void mcp(SentMcp sent) {
    Map<String, String> params = new TreeMap<>(CanonicalJson.members(sent.params()));
    String name = params.get("name");
    String arguments = params.get("arguments");
    boolean isCall = sent.method().equals("tools/call") && name != null && name.startsWith("\"");
    if (isCall) {
      head.add(new Row("tool", CanonicalJson.string(String.valueOf(name), "name")));
      params.remove("name");
    } else {
      head.add(new Row("message", sent.method()));
    }
    if (isCall && arguments != null && arguments.startsWith("{")) {
      params.remove("arguments");
      more.putAll(CanonicalJson.members(arguments));
      params.forEach((member, value) -> more.put("params " + member, value));
    } else {
      more.putAll(params);
    }
  }

  private void http(SentHttp sent) {
    String target = sent.target();
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    head.add(new Row("request", sent.method() + " " + sent.origin() + path));
    if (query >= 0 && !pairs("query ", target.substring(query + 1))) {
      more.put("query", Question.quoted(target.substring(query + 1)));
    }
    sent.fields().forEach((name, value) -> more.put("field " + name, Question.quoted(value)));
    row("content", sent.contentType());
    row("encoded", sent.contentEncoding());
    if (!sent.isContentSeen()) {
      unseen("content that is not here");
    } else if (sent.contentLength() > 0) {
      content(sent);
    }
  }

  private void content(SentHttp sent) {
    String text = text(sent.content());
    if (text == null || sent.contentEncoding() != null) {
      unseen(sent.contentLength() + " bytes that are no text");
      return;
    }
    boolean isForm = FORM.equals(sent.contentType());
    if (!(isForm ? pairs("content ", text) : members(text))) {
      more.put("content", Question.quoted(text));
    }
  }

  private void unseen(String what) {
    isUnseen = true;
    head.add(new Row("not shown", what));
  }

  private static @Nullable String text(byte[] content) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Takes an object member by member; false if it is none that has one reading. */
  private boolean members(String text) {
    try {
      CanonicalJson.membersOfDocument(text)
          .forEach((name, value) -> more.put("content " + name, value));
      return true;
    } catch (TaperException e) {
      return false;
    }
  }

  /** Takes pairs as they are written; false if a name occurs twice. */
  private boolean pairs(String kind, String text) {
    Map<String, String> pairs = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = kind + (equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (pairs.put(name, Question.quoted(value)) != null) {
        return false;
      }
    }
    more.putAll(pairs);
    return true;
  }
}
