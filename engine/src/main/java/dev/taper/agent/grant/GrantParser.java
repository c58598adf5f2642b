package dev.taper.agent.grant;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Reads grants; the grammar is at {@link Grant#parse}. */
final class GrantParser {
  private final GrantScanner in;

  private GrantParser(String text) {
    this.in = new GrantScanner(text);
  }

  static Grant grant(String text) {
    GrantParser parser = new GrantParser(text);
    Grant grant = parser.grant();
    parser.end();
    return grant;
  }

  static List<Grant> alternatives(String text) {
    GrantParser parser = new GrantParser(text);
    List<Grant> grants = new ArrayList<>();
    do {
      grants.add(parser.grant());
    } while (parser.in.acceptWord("or"));
    parser.end();
    return grants;
  }

  private void end() {
    if (!in.isEnd()) {
      throw in.unexpected("the end", null);
    }
  }

  private Grant grant() {
    Grant grant = placed(this::tools);
    if (in.peek().isText() && !isKeyword()) {
      Grant before = grant;
      grant = placed(() -> before.operations(texts()));
    }
    if (in.acceptWord("on")) {
      if (in.isWord("*")) {
        throw in.error(
            in.peek().start(), "a bare * is no resource", "leave out 'on' to allow any resource");
      }
      Grant before = grant;
      grant = placed(() -> before.resources(texts()));
    }
    if (in.acceptWord("where")) {
      do {
        Grant before = grant;
        grant = placed(() -> before.where(constraint()));
      } while (in.acceptWord("and"));
    }
    if (in.acceptWord("if")) {
      for (Activation activation : placed(() -> Activations.parse(in)).list()) {
        grant = grant.when(activation);
      }
    }
    return grant;
  }

  private boolean isKeyword() {
    return in.isWord("on") || in.isWord("where") || in.isWord("if") || in.isWord("or");
  }

  private Grant tools() {
    return in.acceptWord("*") ? Grant.anyTool() : Grant.tools(texts());
  }

  private String[] texts() {
    return in.list(in::text).toArray(new String[0]);
  }

  private Constraint constraint() {
    Constraint whole = OnlyArguments.parseWhole(in);
    if (whole != null) {
      return whole;
    }
    String argument = in.text();
    Constraint constraint = ConstraintKinds.parse(argument, in);
    if (constraint == null) {
      throw in.unexpected(
          "what argument " + argument + " must be",
          "such as: = 5, in a, b, <= 50, starts with x, host in acme.com, under /data");
    }
    return constraint;
  }

  /** Adds to a refusal the place where the refused part starts. */
  private <T> T placed(Supplier<T> part) {
    int start = in.peek().start();
    try {
      return part.get();
    } catch (TaperException e) {
      if (e.code() == ErrorCode.SYNTAX) {
        throw e;
      }
      throw in.error(start, String.valueOf(e.getMessage()), null);
    }
  }
}
