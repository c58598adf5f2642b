package dev.taper.agent.grant;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** All kinds of constraints, in canonical order: the one list to extend. */
final class ConstraintKinds {
  private static final List<Kind> ALL =
      List.of(
          new Kind(OneOf.class, OneOf::read, OneOf::parse),
          new Kind(NotOneOf.class, NotOneOf::read, NotOneOf::parse),
          new Kind(IntegerRange.class, IntegerRange::read, IntegerRange::parse),
          new Kind(DecimalRange.class, DecimalRange::read, DecimalRange::parse),
          new Kind(StartsWith.class, StartsWith::read, StartsWith::parse),
          new Kind(Matches.class, Matches::read, Matches::parse),
          new Kind(LengthAtMost.class, LengthAtMost::read, LengthAtMost::parse),
          new Kind(EachIn.class, EachIn::read, EachIn::parse),
          new Kind(EachStartsWith.class, EachStartsWith::read, EachStartsWith::parse),
          new Kind(EachEndsWith.class, EachEndsWith::read, EachEndsWith::parse),
          new Kind(EachMatches.class, EachMatches::read, EachMatches::parse),
          new Kind(EachHost.class, EachHost::read, EachHost::parse),
          new Kind(UrlScheme.class, UrlScheme::read, UrlScheme::parse),
          new Kind(UrlHost.class, UrlHost::read, UrlHost::parse),
          new Kind(UrlHostClass.class, UrlHostClass::read, UrlHostClass::parse),
          new Kind(UrlPort.class, UrlPort::read, UrlPort::parse),
          new Kind(UrlIp.class, UrlIp::read, UrlIp::parse),
          new Kind(PathUnder.class, PathUnder::read, PathUnder::parse),
          new Kind(OnlyArguments.class, OnlyArguments::read, OnlyArguments::parse));

  private ConstraintKinds() {}

  /** Reads an element as the first kind whose shape it has; null if it has none. */
  static @Nullable ConstraintBody read(Element element) {
    for (Kind kind : ALL) {
      ConstraintBody found = kind.reader.read(element);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /**
   * Parses what follows an argument's name; null, and nothing consumed, if no kind starts there.
   */
  static @Nullable ConstraintBody parse(String argument, GrantScanner in) {
    for (Kind kind : ALL) {
      ConstraintBody found = kind.parser.parse(argument, in);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The place in canonical order. */
  static int rank(ConstraintBody constraint) {
    for (int i = 0; i < ALL.size(); i++) {
      if (ALL.get(i).type == constraint.getClass()) {
        return i;
      }
    }
    throw new IllegalStateException("not registered: " + constraint.getClass());
  }

  static int count() {
    return ALL.size();
  }

  /** Reads a kind's own shape. It may be lax: what it read is compiled and compared. */
  private interface Reader {
    @Nullable ConstraintBody read(Element element);
  }

  /** Parses a kind's own words, or leaves the scanner where it was. */
  private interface Parser {
    @Nullable ConstraintBody parse(String argument, GrantScanner in);
  }

  private record Kind(Class<? extends ConstraintBody> type, Reader reader, Parser parser) {}
}
