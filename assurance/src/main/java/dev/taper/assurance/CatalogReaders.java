package dev.taper.assurance;

import static dev.taper.assurance.Laws.read;
import static dev.taper.assurance.Laws.same;
import static dev.taper.assurance.Laws.utf8;

import dev.taper.ErrorCode;
import dev.taper.ErrorCode.Category;
import dev.taper.agent.catalog.ToolCatalog;
import dev.taper.integrations.mcp.McpJson;
import dev.taper.server.mcp.MirroredFields;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Readers of what the tools of a service are. */
final class CatalogReaders {
  private static final String AUDIENCE = "mcp:fuzz";
  private static final int LONGEST = 1 << 17;

  private CatalogReaders() {}

  /** A catalog, which service and holder have alike. */
  static boolean catalog(byte[] input) {
    Optional<ToolCatalog> catalog =
        read(() -> ToolCatalog.parse(utf8(input)), ErrorCode.INVALID_CATALOG);
    catalog.ifPresent(CatalogReaders::holds);
    return catalog.isPresent();
  }

  private static void holds(ToolCatalog catalog) {
    ToolCatalog again = ToolCatalog.parse(catalog.toJson());
    same("a written catalog reads the same", catalog.toJson(), again.toJson());
    same("a catalog has one digest", catalog.digest(), again.digest());
    same("a catalog has its tools", catalog.tools().keySet(), again.tools().keySet());
    for (String tool : catalog.tools().keySet()) {
      var unused =
          read(() -> catalog.call(tool, "{\"x\":\"https://a.example/b\"}"), Category.REQUEST);
    }
  }

  /** The tools that a server offers: a catalog is drafted of them, and compared with them. */
  static boolean draft(byte[] input) {
    String offered = utf8(input);
    Optional<ToolCatalog> draft =
        read(() -> ToolCatalog.draft(AUDIENCE, offered), ErrorCode.INVALID_CATALOG);
    draft.ifPresent(
        catalog -> {
          holds(catalog);
          same("what was drafted has not changed", List.of(), catalog.changed(offered));
        });
    return draft.isPresent();
  }

  /** Fields of HTTP that say what stands in a call: the call, its tool's schema, and the fields. */
  static boolean mirrored(byte[] input) {
    Optional<Map<String, @Nullable Object>> read =
        read(() -> McpJson.read(utf8(input), LONGEST), ErrorCode.INVALID_REQUEST);
    if (read.isEmpty()
        || !(read.get().get("params") instanceof Map<?, ?> params)
        || !(read.get().get("schema") instanceof Map<?, ?> schema)
        || !(read.get().get("fields") instanceof Map<?, ?> fields)) {
      return false;
    }
    Map<String, @Nullable Object> call = named(params);
    Map<String, @Nullable Object> declared = named(schema);
    Map<String, String> given = new TreeMap<>();
    fields.forEach(
        (name, value) ->
            given.put(String.valueOf(name).toLowerCase(Locale.ROOT), String.valueOf(value)));
    boolean matches = MirroredFields.matches(given, call, declared);
    Map<String, String> own = new TreeMap<>();
    MirroredFields.of("tools/call", call, declared)
        .forEach((name, value) -> own.put(name.toLowerCase(Locale.ROOT), value));
    for (String value : own.values()) {
      boolean isPlain = value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
      same("a field is plain ASCII", true, isPlain);
    }
    same("the fields of a call match it", true, MirroredFields.matches(own, call, declared));
    return matches;
  }

  private static Map<String, @Nullable Object> named(Map<?, ?> members) {
    Map<String, @Nullable Object> named = new TreeMap<>();
    members.forEach((name, value) -> named.put(String.valueOf(name), value));
    return named;
  }
}
