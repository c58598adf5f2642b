package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.grant.CallPattern;
import dev.taper.datalog.Dates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Statements of approvals as JSON, in the one form in which they are signed. */
final class StatementJson {
  private static final Pattern NATURAL = Pattern.compile("0|[1-9][0-9]{0,11}");

  private StatementJson() {}

  /** Writes the members in the order of the canonical form. */
  static String write(ApprovalStatement statement) {
    StringJoiner out = new StringJoiner(",", "{", "}");
    out.add("\"audiences\":" + array(statement.audiences()));
    if (!statement.patterns().isEmpty()) {
      List<String> patterns = new ArrayList<>();
      statement.patterns().forEach(pattern -> patterns.add(write(pattern)));
      out.add("\"calls\":[" + String.join(",", patterns) + "]");
    }
    out.add("\"from\":" + statement.from().getEpochSecond());
    out.add("\"id\":" + CanonicalJson.quoted(statement.id()));
    if (statement.meaning() != null) {
      out.add("\"meaning\":" + CanonicalJson.quoted(statement.meaning()));
    }
    if (statement.isOnward()) {
      out.add("\"onward\":true");
    }
    if (statement.reason() != null) {
      out.add("\"reason\":" + CanonicalJson.quoted(statement.reason()));
    }
    out.add("\"state\":" + CanonicalJson.quoted(statement.state()));
    out.add("\"until\":" + statement.until().getEpochSecond());
    statement.uses().ifPresent(uses -> out.add("\"uses\":" + uses));
    return out.toString();
  }

  private static String write(CallPattern pattern) {
    StringJoiner out = new StringJoiner(",", "{", "}");
    if (!pattern.operations().isEmpty()) {
      out.add("\"operations\":" + array(pattern.operations()));
    }
    if (!pattern.resources().isEmpty()) {
      out.add("\"resources\":" + array(pattern.resources()));
    }
    return out.add("\"tools\":" + array(pattern.tools())).toString();
  }

  private static String array(Collection<String> texts) {
    List<String> strings = new ArrayList<>();
    texts.forEach(text -> strings.add(CanonicalJson.quoted(text)));
    return "[" + String.join(",", strings) + "]";
  }

  /**
   * Reads a statement, which is refused if it is not exactly what would be written.
   *
   * @throws TaperException of any code if it is not of this form
   */
  static ApprovalStatement read(String json) {
    ApprovalStatement.Parts parts = new ApprovalStatement.Parts();
    SortedMap<String, String> members = CanonicalJson.members(json);
    members.forEach((name, value) -> read(parts, name, value));
    ApprovalStatement statement = parts.build();
    if (!statement.toJson().equals(json)) {
      throw refuse("is not in canonical form");
    }
    return statement;
  }

  private static void read(ApprovalStatement.Parts parts, String name, String value) {
    switch (name) {
      case "audiences" -> parts.audiences = texts(value);
      case "calls" ->
          CanonicalJson.elements(value).forEach(one -> parts.patterns.add(pattern(one)));
      case "from" -> parts.from = instant(value);
      case "id" -> parts.id = text(value);
      case "meaning" -> parts.meaning = text(value);
      case "onward" -> parts.onward = value.equals("true");
      case "reason" -> parts.reason = text(value);
      case "state" -> parts.state = text(value);
      case "until" -> parts.until = instant(value);
      case "uses" -> parts.uses = (int) Math.min(Integer.MAX_VALUE, natural(value));
      default -> throw refuse("has a member that is unknown");
    }
  }

  private static CallPattern pattern(String json) {
    SortedMap<String, String> members = CanonicalJson.members(json);
    CallPattern pattern =
        new CallPattern(
            texts(members.get("tools")),
            texts(members.get("operations")),
            texts(members.get("resources")));
    if (!write(pattern).equals(json)) {
      throw refuse("has a pattern that is not in canonical form");
    }
    return pattern;
  }

  private static SortedSet<String> texts(@Nullable String json) {
    SortedSet<String> texts = new TreeSet<>();
    if (json != null) {
      CanonicalJson.elements(json).forEach(element -> texts.add(text(element)));
    }
    return texts;
  }

  private static String text(String json) {
    return CanonicalJson.string(json, "a member of an approval");
  }

  private static Instant instant(String json) {
    long seconds = natural(json);
    if (!Dates.isWritable(seconds)) {
      throw refuse("has a time beyond the year 9999");
    }
    return Instant.ofEpochSecond(seconds);
  }

  private static long natural(String json) {
    if (!NATURAL.matcher(json).matches()) {
      throw refuse("has something else where there must be a number of seconds or uses");
    }
    return Long.parseLong(json);
  }

  private static TaperException refuse(String what) {
    return new TaperException(ErrorCode.MALFORMED_APPROVAL, "the approval " + what);
  }
}
