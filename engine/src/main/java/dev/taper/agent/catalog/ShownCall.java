package dev.taper.agent.catalog;

import dev.taper.ErrorCode;
import dev.taper.ShownText;
import dev.taper.TaperException;
import dev.taper.agent.call.CanonicalJson;
import dev.taper.agent.call.ToolCall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A call as it is shown to a person whose yes is asked for: first what would happen, then whom or
 * what it touches, then amounts, then other short arguments, and whatever is long at the end. The
 * order comes from the catalog and from names, never from the order in which something was sent.
 * Every part is {@linkplain ShownText safe text} on a line of its own, so that no value can pass
 * for another part. A yes covers the whole call: who is shown less has to accept the rest by its
 * digest, so ask {@link #whole} first. Immutable and thread-safe.
 *
 * @param head what would happen: the tool with its operation, the resource, or their like
 * @param arguments the arguments in the order in which they are shown
 * @param omitted how many arguments behind these are not shown at all
 * @param digest the SHA-256 digest of all that a yes covers, in hex: 64 digits, whatever was cut
 * @param columns how wide everything is together, if nothing is cut: each row in full lines of 64
 * @param whole true if everything is shown, and fits
 */
public record ShownCall(
    List<Row> head,
    List<Argument> arguments,
    int omitted,
    String digest,
    long columns,
    boolean whole) {
  /** How wide all parts can be together, if nothing else is said: 128 lines of 64 columns. */
  public static final int COLUMNS = 8192;

  /** How wide a line is; a row has one at least, however short it is. */
  private static final int LINE = 64;

  /** The kind of what a call is made with. */
  private static final String ARGUMENT = "argument";

  /** An argument that is wider is long: it comes behind those that are not. */
  private static final int LONG = 120;

  /** How wide a name and a value are at most where not everything fits. */
  private static final int MAX_NAME = 32;

  private static final int MAX_VALUE = LONG;

  /** How much of the head is shown, if not everything fits: names have at most 1 KiB. */
  private static final int MAX_HEAD = 512;

  /** How many arguments are shown, if not everything fits. */
  private static final int MAX_ARGUMENTS = 64;

  /**
   * A label with what stands beside it.
   *
   * @param label a word of ours
   * @param value safe text
   */
  public record Row(String label, String value) {}

  /**
   * A value with its name, as it is given to be shown.
   *
   * @param kind a word of ours for where it stands: values of two kinds can share a name, and none
   *     passes for one of another kind
   * @param name any text
   * @param value JSON in canonical form
   * @param role what it is to the person, if no catalog says it; null for what is nothing special
   */
  public record Given(String kind, String name, String value, CatalogTool.@Nullable Role role) {
    /** Values of one kind by their names. */
    public static List<Given> all(String kind, Map<String, String> values) {
      return values.entrySet().stream()
          .map(one -> new Given(kind, one.getKey(), one.getValue(), null))
          .toList();
    }

    /** The arguments of a call by their names. */
    public static List<Given> arguments(Map<String, String> values) {
      return all(ARGUMENT, values);
    }
  }

  /**
   * One argument.
   *
   * @param role what it is to the person; null for what is nothing special
   * @param kind where it stands
   * @param name its name as JSON, cut if it is long
   * @param value its value as JSON; if it was cut, with its length and digest
   * @param unit of an amount, by the catalog; null if it says none
   * @param columns how wide name and value are, if nothing is cut
   */
  public record Argument(
      CatalogTool.@Nullable Role role,
      String kind,
      String name,
      String value,
      @Nullable String unit,
      long columns) {
    /** How it is called beside its name. */
    public String label() {
      return role == null
          ? kind
          : switch (role) {
            case TOUCHED -> "touches";
            case AMOUNT -> "amount";
            case TEXT -> "text";
          };
    }

    /** Name and value on one line. */
    public String text() {
      return name + ": " + value + (unit == null ? "" : " " + ShownText.of(unit, MAX_NAME));
    }
  }

  /** Copies the lists. */
  public ShownCall {
    head = List.copyOf(head);
    arguments = List.copyOf(arguments);
  }

  /**
   * Shows the parts of a call, whole if they fit into {@link #COLUMNS}.
   *
   * @param tool what the catalog that made the call says of its tool; null without a catalog: then
   *     no argument comes before another but by its length and name
   */
  public static ShownCall of(ToolCall call, @Nullable CatalogTool tool) {
    return of(call, tool, COLUMNS);
  }

  /**
   * Shows the parts of a call.
   *
   * @param tool as for {@link #of(ToolCall, CatalogTool)}
   * @param columns how wide everything can be together to be shown whole: in columns of a terminal,
   *     two for a character that is not ASCII
   */
  public static ShownCall of(ToolCall call, @Nullable CatalogTool tool, int columns) {
    SortedMap<String, String> arguments = new TreeMap<>();
    call.arguments().names().forEach(name -> arguments.put(name, call.arguments().json(name)));
    return of(
        List.of(
            new Row("tool", call.tool()),
            new Row("operation", Objects.requireNonNullElse(call.operation(), "none")),
            new Row("resource", Objects.requireNonNullElse(call.resource(), "none"))),
        Given.arguments(arguments),
        tool,
        HexFormat.of().formatHex(call.digest()),
        columns);
  }

  /**
   * Shows something else that is called.
   *
   * @param head what would happen: labels, each with any text
   * @param given what it is called with, in any order
   * @param tool as for {@link #of(ToolCall, CatalogTool)}
   * @param digest the SHA-256 digest of all that a yes covers, in hex
   * @param columns as for {@link #of(ToolCall, CatalogTool, int)}
   * @throws TaperException {@link ErrorCode#INVALID_ARGUMENT} if the digest is none, or a name is
   *     there twice in one kind
   */
  public static ShownCall of(
      List<Row> head, List<Given> given, @Nullable CatalogTool tool, String digest, int columns) {
    if (!digest.matches("[0-9a-f]{64}")) {
      throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a SHA-256 digest has 64 hex digits");
    }
    Set<String> touched = tool == null || !tool.hasRoles() ? Set.of() : tool.touched();
    List<Ordered> all = new ArrayList<>();
    Set<Row> names = new HashSet<>();
    for (Given one : given) {
      if (!names.add(new Row(one.kind(), one.name()))) {
        throw new TaperException(ErrorCode.INVALID_ARGUMENT, "a name is to be shown twice");
      }
      all.add(Ordered.of(one, tool, touched));
    }
    all.sort(Ordered.ORDER);
    List<Row> first = head.stream().map(row -> new Row(row.label(), shown(row.value()))).toList();
    long width =
        first.stream().mapToLong(row -> inLines(ShownText.columns(row.value()))).sum()
            + all.stream().mapToLong(one -> inLines(one.whole().columns())).sum();
    if (width <= columns) {
      return new ShownCall(
          first, all.stream().map(Ordered::whole).toList(), 0, digest, width, true);
    }
    List<Row> cut =
        head.stream()
            .map(row -> new Row(row.label(), ShownText.of(row.value(), MAX_HEAD)))
            .toList();
    List<Argument> some = all.stream().limit(MAX_ARGUMENTS).map(Ordered::cut).toList();
    return new ShownCall(cut, some, all.size() - some.size(), digest, width, false);
  }

  private static long inLines(long columns) {
    return Math.max(1, (columns + LINE - 1) / LINE) * LINE;
  }

  private static String shown(String text) {
    return ShownText.of(text, Integer.MAX_VALUE);
  }

  /** An argument with all by which it finds its place. */
  private record Ordered(String name, Argument whole, Argument cut) {
    private static final Comparator<Ordered> ORDER =
        Comparator.comparing(Ordered::isLast)
            .thenComparing(Ordered::rank)
            .thenComparing(one -> one.whole().kind())
            .thenComparing(Ordered::name);

    static Ordered of(Given given, @Nullable CatalogTool tool, Set<String> touched) {
      String name = given.name();
      String value = given.value();
      boolean isArgument = given.kind().equals(ARGUMENT);
      CatalogTool.Argument declared =
          tool == null || !isArgument ? null : tool.arguments().get(name);
      CatalogTool.Role role =
          isArgument && touched.contains(name)
              ? CatalogTool.Role.TOUCHED
              : declared == null ? given.role() : declared.role();
      String unit =
          declared == null || role != CatalogTool.Role.AMOUNT ? null : declared.type().unit();
      String quoted = CanonicalJson.quoted(name);
      String written = shown(quoted);
      String all = shown(value);
      long columns = ShownText.columns(written) + ShownText.columns(all);
      return new Ordered(
          name,
          new Argument(role, given.kind(), written, all, unit, columns),
          new Argument(
              role,
              given.kind(),
              ShownText.of(quoted, MAX_NAME),
              ShownText.of(value, MAX_VALUE),
              unit,
              columns));
    }

    boolean isLast() {
      return whole.role() == CatalogTool.Role.TEXT || whole.columns() > LONG;
    }

    /** Touched ones, amounts, others, texts. */
    int rank() {
      CatalogTool.Role role = whole.role();
      return role == null
          ? 2
          : switch (role) {
            case TOUCHED -> 0;
            case AMOUNT -> 1;
            case TEXT -> 3;
          };
    }
  }

  /** Everything that is shown, row by row, in its order; of what is not shown, how much that is. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>(head);
    for (Argument argument : arguments) {
      rows.add(new Row(argument.label(), argument.text()));
    }
    if (omitted > 0) {
      rows.add(new Row("not shown", omitted + " more arguments"));
    }
    return List.copyOf(rows);
  }
}
