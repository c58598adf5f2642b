package dev.taper.agent.approval;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Dates;
import dev.taper.datalog.Term;
import java.time.Instant;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Takes the terms of a statement's fact, in order, each of the type that it must have. */
final class StatementTerms {
  private final String name;
  private final List<Term> terms;
  private int next;

  StatementTerms(String name, List<Term> terms) {
    this.name = name;
    this.terms = terms;
  }

  private Term take() {
    if (next == terms.size()) {
      throw wrong("has too few terms");
    }
    return terms.get(next++);
  }

  void end() {
    if (next != terms.size()) {
      throw wrong("has too many terms");
    }
  }

  /** Takes text in the one spelling that a rule gives it. */
  String text(UnaryOperator<String> rule) {
    return text(take(), rule);
  }

  /** Takes a set of such texts: at least one, and at most {@code most}. */
  SortedSet<String> texts(int most, UnaryOperator<String> rule) {
    if (!(take() instanceof Term.Set set) || set.elements().isEmpty()) {
      throw wrong("has something else where there must be a set of texts");
    }
    if (set.elements().size() > most) {
      throw wrong("has a set of more than " + most + " texts");
    }
    SortedSet<String> texts = new TreeSet<>();
    set.elements().forEach(element -> texts.add(text(element, rule)));
    return texts;
  }

  private String text(Term term, UnaryOperator<String> rule) {
    if (term instanceof Term.Str text) {
      try {
        return rule.apply(text.value());
      } catch (TaperException e) {
        throw wrong(String.valueOf(e.getMessage()));
      }
    }
    throw wrong("has something else where there must be text");
  }

  @Nullable String textOrNull(UnaryOperator<String> rule) {
    return next < terms.size() && terms.get(next) instanceof Term.Null && skip()
        ? null
        : text(rule);
  }

  /** Takes bytes, and gives them in hex. */
  String hex(int length) {
    if (take() instanceof Term.Bytes bytes && bytes.length() == length) {
      return bytes.hex();
    }
    throw wrong("has something else where there must be " + length + " bytes");
  }

  @Nullable String hexOrNull(int length) {
    return next < terms.size() && terms.get(next) instanceof Term.Null && skip()
        ? null
        : hex(length);
  }

  private boolean skip() {
    next++;
    return true;
  }

  Instant instant() {
    if (take() instanceof Term.Date date && Dates.isWritable(date.seconds())) {
      return Instant.ofEpochSecond(date.seconds());
    }
    throw wrong("has something else where there must be a date");
  }

  boolean bool() {
    if (take() instanceof Term.Bool bool) {
      return bool.value();
    }
    throw wrong("has something else where there must be true or false");
  }

  TaperException wrong(String what) {
    return new TaperException(ErrorCode.PROFILE_VIOLATION, name + " " + what);
  }
}
