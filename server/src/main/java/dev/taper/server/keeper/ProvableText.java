package dev.taper.server.keeper;

import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.SentApprovals;
import dev.taper.agent.call.SentCall;
import dev.taper.agent.call.SentHttp;
import dev.taper.agent.call.SentMcp;
import dev.taper.agent.call.SentTool;
import dev.taper.agent.catalog.CatalogTool;
import dev.taper.agent.catalog.ShownCall;
import dev.taper.agent.catalog.ShownCall.Given;
import dev.taper.agent.catalog.ShownCall.Row;
import dev.taper.server.keeper.KeeperRequest.Provable;
import dev.taper.server.keeper.KeeperRequest.ProvableHttp;
import dev.taper.server.keeper.KeeperRequest.ProvableMcp;
import dev.taper.server.keeper.KeeperRequest.ProvableTool;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart what is to be proved, for the person who is asked: what is called stands before its
 * arguments, and each of these for itself, so that none hides the others. For one thread.
 */
final class ProvableText {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final List<Row> head = new ArrayList<>();
  private final List<Given> more = new ArrayList<>();
  private boolean isUnseen;

  private ProvableText(String what) {
    head.add(new Row("to", what));
  }

  /**
   * Shows what is asked.
   *
   * @param what for: where, for whom
   * @param asked what is to be proved
   * @param approvals those that go with it
   */
  static ShownCall of(String what, Provable asked, SentApprovals approvals) {
    return of(what, asked, approvals, null);
  }

  /**
   * Shows for what an approval is asked.
   *
   * @param what as for {@link #of(String, Provable, SentApprovals)}
   * @param sent what is to be approved
   * @param reason the agent's words; they stand behind all else
   */
  static ShownCall ofAsk(String what, SentHttp sent, String reason) {
    return of(what, new ProvableHttp(sent), SentApprovals.NONE, reason);
  }

  private static ShownCall of(
      String what, Provable asked, SentApprovals approvals, @Nullable String reason) {
    ProvableText text = new ProvableText(what);
    if (!approvals.isEmpty()) {
      text.head.add(new Row("with", approvals.encoded().size() + " approvals"));
    }
    if (asked instanceof ProvableHttp http) {
      text.http(http.sent());
    } else if (asked instanceof ProvableMcp mcp) {
      text.mcp(mcp.sent());
    } else if (asked instanceof ProvableTool tool && tool.sent() instanceof SentTool sent) {
      text.tool(sent);
    }
    if (reason != null) {
      String quoted = CanonicalJson.quoted(reason);
      text.more.add(new Given("reason", "reason", quoted, CatalogTool.Role.TEXT));
    }
    ShownCall shown = Question.shown(text.head, text.more, signed(asked, approvals));
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

  /** The digests of all that is signed, so that a yes to what is not shown is for this alone. */
  private static List<String> signed(Provable asked, SentApprovals approvals) {
    List<String> signed = new ArrayList<>();
    SentCall sent = asked.sent();
    if (sent != null) {
      for (SentCall.Part part : sent.parts()) {
        signed.add(part.name() + " " + HexFormat.of().formatHex(part.digest()));
      }
    }
    approvals.encoded().forEach(one -> signed.add("approval " + Question.digest(one)));
    return signed;
  }

  private void tool(SentTool sent) {
    head.add(new Row("tool", sent.tool()));
    row("operation", sent.operation());
    row("resource", sent.resource());
    more.addAll(Given.arguments(CanonicalJson.members(sent.arguments())));
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
      more.addAll(Given.arguments(CanonicalJson.members(arguments)));
    }
    more.addAll(Given.all("params", params));
  }

  private void http(SentHttp sent) {
    String target = sent.target();
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    head.add(new Row("request", sent.method() + " " + sent.origin() + path));
    if (query >= 0 && !pairs("query", target.substring(query + 1))) {
      text("query", target.substring(query + 1));
    }
    sent.fields()
        .forEach(
            (name, value) -> more.add(new Given("field", name, CanonicalJson.quoted(value), null)));
    row("type", sent.contentType());
    row("encoded", sent.contentEncoding());
    if (!sent.isContentSeen()) {
      unseen("content that is not here");
    } else if (sent.contentLength() > 0) {
      content(sent);
    }
  }

  private void content(SentHttp sent) {
    String text = isEncoded(sent) ? null : dev.taper.Given.utf8(sent.content());
    if (text == null) {
      unseen(sent.contentLength() + " bytes that are no text");
      return;
    }
    boolean isForm = FORM.equals(sent.contentType());
    if (!(isForm ? pairs("content", text) : members(text))) {
      text("content", text);
    }
  }

  /** True unless the content is what its type says. */
  private static boolean isEncoded(SentHttp sent) {
    String encoding = sent.contentEncoding();
    return encoding != null && !encoding.equalsIgnoreCase("identity");
  }

  /** What has no names in it, as one text of a kind that stands for itself. */
  private void text(String kind, String text) {
    more.add(new Given(kind + " text", "all", CanonicalJson.quoted(text), null));
  }

  private void unseen(String what) {
    isUnseen = true;
    head.add(new Row("not shown", what));
  }

  /** Takes an object member by member; false if it is none that has one reading. */
  private boolean members(String text) {
    try {
      more.addAll(Given.all("content", CanonicalJson.membersOfDocument(text)));
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
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (pairs.put(name, CanonicalJson.quoted(value)) != null) {
        return false;
      }
    }
    more.addAll(Given.all(kind, pairs));
    return true;
  }
}
