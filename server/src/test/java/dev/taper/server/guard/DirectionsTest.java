package dev.taper.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.integrations.mcp.KnownMembers;
import dev.taper.integrations.mcp.McpGuard;
import dev.taper.operations.config.ClientAccess;
import dev.taper.server.mcp.Revision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The table of docs/binding.md that says what becomes of all that the protocol can carry: it has a
 * row for each name of each revision, and the guard does what it says.
 */
class DirectionsTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z-]+)` \\| (.+?) \\| \\*\\*(\\w+)\\*\\*.*");
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");
  private static final Set<String> WORDS = Set.of("judged", "opened", "rebuilt", "dropped");

  /** A name of a revision. */
  private record Entry(Revision revision, String kind, String name) {}

  private static List<Entry> protocol() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(
            DirectionsTest.class.getResourceAsStream("/dev/taper/server/mcp/protocol.txt"))) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : all.lines().filter(one -> !one.startsWith("#")).toList()) {
        String[] parts = line.split(" ", -1);
        entries.add(
            new Entry(Objects.requireNonNull(Revision.of(parts[0]), line), parts[1], parts[2]));
      }
    }
    return entries;
  }

  /** What the table says, by kind and name. */
  private static Map<String, String> table() throws IOException {
    Map<String, String> words = new TreeMap<>();
    String page = Files.readString(Path.of("..", "docs", "binding.md"));
    String table =
        page.substring(page.indexOf("\n## Directions\n"), page.indexOf("\n## Sessions\n"));
    for (String line : table.lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(WORDS).as(line).contains(row.group(3));
        for (MatchResult name : NAME.matcher(row.group(2)).results().toList()) {
          assertThat(words.put(row.group(1) + " " + name.group(1), row.group(3)))
              .as("%s is there once", name.group(1))
              .isNull();
        }
      }
    }
    return words;
  }

  @Test
  void eachNameOfEachRevision_hasARow() throws IOException {
    Map<String, String> table = table();
    Set<Revision> seen = new TreeSet<>();
    for (Entry entry : protocol()) {
      assertThat(table).as("%s", entry).containsKey(entry.kind() + " " + entry.name());
      seen.add(entry.revision());
    }
    assertThat(seen).containsExactly(Revision.values());
    KnownMembers.META.forEach(name -> assertThat(table).containsKey("meta " + name));
    McpGuard.SESSION_FIELDS.forEach(
        name -> assertThat(table.keySet()).anyMatch(row -> row.equalsIgnoreCase("field " + name)));
  }

  @Test
  void eachRow_isOfSomeRevision() throws IOException {
    Set<String> known = new TreeSet<>();
    protocol().forEach(entry -> known.add(entry.kind() + " " + entry.name()));
    assertThat(table().keySet())
        .filteredOn(row -> row.matches("(client|server)-(request|notification|capability) .*"))
        .containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void eachRow_saysWhatTheGuardDoes() throws IOException {
    Map<String, String> table = table();
    for (Entry entry : protocol()) {
      String word = Objects.requireNonNull(table.get(entry.kind() + " " + entry.name()));
      assertThat(does(entry, word)).as("%s is %s", entry, word).isTrue();
    }
  }

  private static boolean does(Entry entry, String word) {
    Revision revision = entry.revision();
    String name = entry.name();
    return switch (entry.kind()) {
      case "client-request" ->
          switch (word) {
            case "judged" -> revision.hasRequest(name) && !McpGuard.isOpen(name);
            case "rebuilt" ->
                revision.hasRequest(name) && McpGuard.isOpen(name) && KnownMembers.has(name);
            default -> Revision.isNotCarried(name) && !revision.hasRequest(name);
          };
      case "client-notification" ->
          word.equals("dropped")
              ? !revision.hasNotification(name)
              : revision.hasNotification(name) && KnownMembers.has(name);
      case "server-notification" ->
          word.equals("dropped")
              ? !revision.hasServerNotification(name)
              : revision.hasServerNotification(name) && KnownMembers.has(name);
      case "server-request" ->
          (word.equals("dropped") || revision.isStateless())
              ? !revision.hasServerRequest(name)
              : revision.hasServerRequest(name);
      case "server-capability" ->
          (word.equals("dropped") || name.equals("experimental"))
              ? !revision.hasServerCapability(name.split("\\.", 2)[0])
              : revision.hasServerCapability(name.split("\\.", 2)[0]);
      default -> isOpened(revision, name) == (word.equals("opened") && !revision.isStateless());
    };
  }

  /** True if a server is told of a capability of a client that can do everything. */
  private static boolean isOpened(Revision revision, String name) {
    ClientSide closed = new ClientSide(ClientAccess.CLOSED);
    assertThat(closed.begin(revision, able())).isEmpty();
    ClientSide open =
        new ClientSide(new ClientAccess(List.of("file:///srv"), true, Set.of("form", "url")));
    Map<String, @Nullable Object> told = open.begin(revision, able());
    String[] path = name.split("\\.", 2);
    return path.length == 1
        ? told.containsKey(name)
        : told.get(path[0]) instanceof Map<?, ?> inner && inner.containsKey(path[1]);
  }

  private static Map<String, @Nullable Object> able() {
    Map<String, @Nullable Object> able = new HashMap<>();
    able.put("roots", Map.of("listChanged", true));
    able.put("sampling", Map.of("context", Map.of(), "tools", Map.of()));
    able.put("elicitation", Map.of("form", Map.of(), "url", Map.of()));
    for (String name : List.of("tasks", "experimental", "extensions", "unheardOf")) {
      able.put(name, Map.of("list", Map.of(), "cancel", Map.of(), "requests", Map.of()));
    }
    return able;
  }

  /** Another list than ours, of the revisions that the library knows. */
  @Test
  void methods_ofTheTypeScriptLibrary_areInTheList() throws IOException {
    Node.demand();
    Path types = Node.FOLDER.resolve("node_modules/@modelcontextprotocol/sdk/dist/esm/types.js");
    Set<String> known = new TreeSet<>();
    protocol().forEach(entry -> known.add(entry.name()));
    List<String> theirs =
        Pattern.compile("method: z\\.literal\\('([^']+)'\\)")
            .matcher(Files.readString(types))
            .results()
            .map(result -> result.group(1))
            .distinct()
            .toList();
    assertThat(theirs).hasSizeGreaterThan(20);
    assertThat(known).containsAll(theirs);
  }
}
