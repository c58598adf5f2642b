package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.agent.call.Canonical;
import dev.taper.agent.call.DerivedCall;
import java.util.ArrayList;
import java.util.List;

/**
 * How a resource is named after a call's arguments. {@code {name}} stands for one segment, {@code
 * {+name}} for several.
 */
final class ResourceTemplate {
  /** What may not stand in one segment. */
  private static final String SEPARATORS = "/:;?#%\\@";

  /** What may stand for several segments. */
  private static final List<String> EXAMPLES = List.of("x", "/x", "https://x.example/");

  private record Part(String text, boolean named, boolean whole) {}

  private final List<Part> parts;

  private ResourceTemplate(List<Part> parts) {
    this.parts = parts;
  }

  static ResourceTemplate parse(String text, String place) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int open = text.indexOf('{', at);
      int end = open < 0 ? text.length() : open;
      String literal = text.substring(at, end);
      if (literal.indexOf('}') >= 0) {
        throw CatalogReader.invalid(place, "has a brace that nothing opens");
      }
      if (!literal.isEmpty()) {
        parts.add(new Part(literal, false, false));
      }
      if (open < 0) {
        break;
      }
      int close = text.indexOf('}', open);
      boolean whole = text.startsWith("{+", open);
      int name = open + (whole ? 2 : 1);
      if (close <= name) {
        throw CatalogReader.invalid(place, "has a brace without a name and its end");
      }
      parts.add(new Part(text.substring(name, close), true, whole));
      at = close + 1;
    }
    ResourceTemplate template = new ResourceTemplate(List.copyOf(parts));
    template.check(place);
    return template;
  }

  /** Two calls must not name one resource by cutting it elsewhere, and some call must name one. */
  private void check(String place) {
    boolean open = false;
    boolean whole = false;
    for (Part part : parts) {
      if (!part.named()) {
        open &= part.text().chars().noneMatch(c -> SEPARATORS.indexOf(c) >= 0);
      } else if (open || (whole && part.whole())) {
        throw CatalogReader.invalid(place, "names two arguments with no separator between them");
      } else {
        open = true;
        whole |= part.whole();
      }
    }
    if (EXAMPLES.stream().noneMatch(this::fits)) {
      throw CatalogReader.invalid(place, "is the name of no resource, whatever the arguments are");
    }
  }

  private boolean fits(String example) {
    StringBuilder out = new StringBuilder();
    parts.forEach(part -> out.append(part.whole() ? example : part.named() ? "x" : part.text()));
    try {
      Canonical.resource(out.toString());
      return true;
    } catch (TaperException e) {
      return false;
    }
  }

  /** The arguments that it names. */
  List<String> names() {
    return parts.stream().filter(Part::named).map(Part::text).toList();
  }

  /** The resource of a call, whose form is checked when it is put into the call. */
  String resource(DerivedCall call) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts) {
      out.append(part.named() ? value(part, call) : part.text());
    }
    return out.toString();
  }

  private static String value(Part part, DerivedCall call) {
    String value = call.text(part.text());
    if (value == null || value.isEmpty()) {
      throw invalid(part, "names the resource, and is missing or neither a string nor an integer");
    }
    if (!part.whole() && isSeparated(value)) {
      throw invalid(part, "names one part of the resource, and holds a separator");
    }
    return value;
  }

  private static boolean isSeparated(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (SEPARATORS.indexOf(value.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static TaperException invalid(Part part, String why) {
    return new TaperException(
        ErrorCode.INVALID_ARGUMENT_VALUE, "argument \"" + part.text() + "\" " + why);
  }
}
