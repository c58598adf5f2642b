package dev.taper.operations.config;

import dev.taper.operations.OperationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a guarded server of MCP gets from its clients. All of it is closed unless the operator opens
 * it. Immutable.
 *
 * @param roots the folders that the guard names when the server asks for roots, as {@code file:}
 *     URIs; empty if the server may not ask
 * @param sampling whether the server may ask the client's model
 * @param elicitation the ways in which the server may ask the client's person: {@code form}, {@code
 *     url}
 */
public record ClientAccess(List<String> roots, boolean sampling, Set<String> elicitation) {
  /** The server gets nothing. */
  public static final ClientAccess CLOSED = new ClientAccess(List.of(), false, Set.of());

  private static final int MAX_ROOTS = 64;

  /** Copies the lists. */
  public ClientAccess {
    roots = List.copyOf(roots);
    elicitation = Set.copyOf(elicitation);
  }

  /** Reads the section {@code client}. */
  static ClientAccess read(Section top) {
    Section section = top.section("client");
    if (section == null) {
      return CLOSED;
    }
    List<String> roots = section.list("roots", ClientAccess::root);
    if (roots.size() > MAX_ROOTS) {
      throw Setting.wrong(section.where("roots"), "there are at most " + MAX_ROOTS + " roots");
    }
    boolean sampling = section.flag("sampling");
    List<String> ways = section.list("elicitation", text -> Section.oneOf(text, "form", "url"));
    section.end();
    return new ClientAccess(roots, sampling, new HashSet<>(ways));
  }

  /** A folder of the server's machine: its path, or its URI. */
  private static String root(String text) {
    String uri = text.startsWith("/") ? ofPath(text) : text.startsWith("file:///") ? text : null;
    if (uri == null || !isUri(uri)) {
      throw OperationException.usage(
          "not an absolute path or a URI that begins with file:/// : " + Setting.shown(text));
    }
    return uri;
  }

  private static @Nullable String ofPath(String text) {
    try {
      return new URI("file", "", Path.of(text).normalize().toString(), null).toASCIIString();
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static boolean isUri(String text) {
    try {
      URI uri = new URI(text);
      return uri.getRawQuery() == null && uri.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** What is open, in words. */
  String words() {
    List<String> open = new ArrayList<>();
    if (!roots.isEmpty()) {
      open.add("a guarded server gets the roots " + Setting.shown(String.join(", ", roots)));
    }
    if (sampling) {
      open.add("it may ask the client's model");
    }
    if (!elicitation.isEmpty()) {
      open.add(
          "it may ask the client's person by "
              + String.join(" and ", elicitation.stream().sorted().toList()));
    }
    return open.isEmpty()
        ? "a guarded server of MCP gets nothing from its clients but their calls"
        : String.join("; ", open);
  }
}
