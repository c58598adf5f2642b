package dev.taper.integrations.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.taper.agent.call.SentHttp;
import dev.taper.integrations.http.client.HttpSigner;
import dev.taper.integrations.http.jdk.TaperFilter;
import dev.taper.testing.Directions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of docs/binding.md say of all that HTTP carries what becomes of it, and it does. */
class DirectionsTest {
  private static final String ORIGIN = "https://jira.example.com";
  private static final String SEARCH = "/projects/ACME/issues?limit=5";
  private static final Directions METHODS = Directions.under("### Methods");
  private static final Directions FIELDS = Directions.under("### Fields of requests");
  private static final Directions ANSWERS = Directions.under("### Fields of answers");
  private static final Directions BESIDE = Directions.under("### Beside fields");
  private static final int FILTER = 0;
  private static final int PROXY = 2;
  private static final Map<String, List<String>> NAMES = names();

  private final World world = new World();
  private final HttpGuard guard = HttpGuard.of(world.verifier(ORIGIN).build());

  /** The list in the tree, by its sections. */
  private static Map<String, List<String>> names() {
    Map<String, List<String>> all = new TreeMap<>();
    try (InputStream in =
        Objects.requireNonNull(DirectionsTest.class.getResourceAsStream("http-names.txt"))) {
      List<String> section = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (line.startsWith("[")) {
          section = new ArrayList<>();
          all.put(line.substring(1, line.length() - 1), section);
        } else if (!line.startsWith("#") && !line.isBlank()) {
          section.addAll(List.of(line.strip().split(" +", -1)));
        }
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return all;
  }

  static List<String> methods() {
    return Objects.requireNonNull(NAMES.get("methods"));
  }

  static List<String> requestFields() {
    return Objects.requireNonNull(NAMES.get("request"));
  }

  private static String says(Directions table, String name, int column) {
    return table.of(name).get(0).says().get(column);
  }

  private static void assertOneRow(Directions table, List<String> names) {
    assertThat(names).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    assertThat(names.stream().filter(name -> table.of(name).size() != 1).toList())
        .as("names without a row of docs/binding.md, or with several")
        .isEmpty();
    assertThat(table.unknownWords().toList()).isEmpty();
  }

  @Test
  void names_ofTheRegistries_haveOneRowEach() {
    assertOneRow(METHODS, methods());
    assertOneRow(FIELDS, requestFields());
    assertOneRow(ANSWERS, Objects.requireNonNull(NAMES.get("answer")));
    assertOneRow(BESIDE, Objects.requireNonNull(NAMES.get("beside")));
  }

  /** What the list does not have, a table need not have either: nobody tried it. */
  @Test
  void names_ofTheTables_areTried() {
    assertThat(untried(METHODS, "methods")).isEmpty();
    assertThat(untried(FIELDS, "request")).isEmpty();
    assertThat(untried(ANSWERS, "answer")).isEmpty();
    assertThat(untried(BESIDE, "beside")).isEmpty();
  }

  private static List<String> untried(Directions table, String section) {
    List<String> names = Objects.requireNonNull(NAMES.get(section));
    return table.rows().stream()
        .flatMap(row -> row.names().stream().filter(name -> !isTried(name, row, table, names)))
        .toList();
  }

  private static boolean isTried(
      String name, Directions.Row row, Directions table, List<String> names) {
    return name.equals("*")
        || names.stream()
            .anyMatch(
                one ->
                    name.endsWith("*") ? table.of(one).contains(row) : one.equalsIgnoreCase(name));
  }

  @Test
  void name_withoutARow_isNoticed() {
    assertThat(FIELDS.of("X-Nobody-Knows")).isEmpty();
    assertThat(METHODS.of("BREW")).isEmpty();
  }

  /** A request with its fields in order. */
  private record Arrived(String method, List<Map.Entry<String, String>> lines)
      implements IncomingRequest {
    @Override
    public String target() {
      return SEARCH;
    }

    @Override
    public boolean isSecure() {
      return true;
    }

    @Override
    public List<String> field(String name) {
      return lines.stream()
          .filter(line -> line.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .toList();
    }

    @Override
    public Collection<String> fieldNames() {
      return lines.stream().map(Map.Entry::getKey).toList();
    }

    @Override
    public InputStream content() {
      return new ByteArrayInputStream(new byte[0]);
    }
  }

  private Arrived arrived(String method, String field, String value) {
    SentHttp sent = SentHttp.of("GET", ORIGIN, SEARCH);
    List<Map.Entry<String, String>> lines = new ArrayList<>();
    lines.add(Map.entry("Host", "jira.example.com"));
    for (String line : world.presented(sent)) {
      int colon = line.indexOf(':');
      lines.add(Map.entry(line.substring(0, colon), line.substring(colon + 2)));
    }
    if (!field.isEmpty()) {
      lines.add(Map.entry(field, value));
    }
    return new Arrived(method, lines);
  }

  private boolean isAllowed(Arrived request, int column) {
    try {
      GuardedCall call = column == PROXY ? guard.judgeUnseen(request) : guard.judge(request);
      return call.call().tool().equals("jira.search");
    } catch (RefusedException e) {
      return false;
    }
  }

  /** The proof is of a GET: each other method is refused, and GET itself goes ahead. */
  @ParameterizedTest
  @MethodSource("methods")
  void method_ofTheRegistry_isJudgedOrRefused(String method) {
    for (int column : new int[] {FILTER, PROXY}) {
      assertThat(says(METHODS, method, column)).matches("judged|refused");
      assertThat(isAllowed(arrived(method, "", ""), column)).isEqualTo(method.equals("GET"));
    }
  }

  /** A field that somebody adds to a signed request changes nothing, or has it refused. */
  @ParameterizedTest
  @MethodSource("requestFields")
  void field_ofTheRegistry_isWhatItsRowSays(String field) {
    for (int column : new int[] {FILTER, 1, PROXY}) {
      String says = says(FIELDS, field, column);
      boolean isLeft = says.startsWith("left") || says.startsWith("rebuilt");
      assertThat(isAllowed(arrived("GET", field, "x"), column))
          .as("%s: %s", field, says)
          .isEqualTo(isLeft);
      String folded = field.replace('-', '_');
      if (!isLeft && !folded.equals(field)) {
        assertThat(isAllowed(arrived("GET", folded, "x"), column)).as(folded).isFalse();
      }
    }
  }

  /** The field of an argument is judged, whatever the row of other fields says. */
  @Test
  void field_thatTheCatalogDeclares_isJudged() {
    for (String name : List.of("X-Tenant", "x_tenant", "X-TENANT")) {
      assertThat(isAllowed(arrived("GET", name, "x"), FILTER)).isFalse();
      assertThat(isAllowed(arrived("GET", name, "x"), PROXY)).isFalse();
    }
  }

  private static boolean isOfTheServer(String field) {
    return List.of(
            "connection",
            "keep-alive",
            "content-length",
            "transfer-encoding",
            "trailer",
            "upgrade",
            "date")
        .contains(field.toLowerCase(Locale.ROOT));
  }

  /** What a handler says goes to the one caller as it is, but no cache may keep it. */
  @Test
  void answers_ofAHandler_areLeftButForCaches() throws Exception {
    List<String> fields =
        Objects.requireNonNull(NAMES.get("answer")).stream()
            .filter(field -> !isOfTheServer(field))
            .toList();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    String origin = "http://127.0.0.1:" + server.getAddress().getPort();
    server
        .createContext(
            "/",
            exchange -> {
              fields.forEach(field -> exchange.getResponseHeaders().set(field, "said"));
              byte[] content = "data: one\n\n".getBytes(StandardCharsets.UTF_8);
              exchange.sendResponseHeaders(203, 0);
              exchange.getResponseBody().write(content);
              exchange.close();
            })
        .getFilters()
        .add(TaperFilter.of(world.verifier(origin).build()));
    server.start();
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create(origin + SEARCH)).build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpSigner.of(world.token, world.planner, World.AUDIENCE).sign(request),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(203);
      assertThat(answer.body()).isEqualTo("data: one\n\n");
      for (String field : fields) {
        String says = says(ANSWERS, field, FILTER);
        assertThat(answer.headers().allValues(field))
            .as(field)
            .containsExactly(says.startsWith("rebuilt") ? "no-store" : "said");
      }
    } finally {
      server.stop(0);
    }
  }

  /** A row that no list drives names a test that is there. */
  @Test
  void rows_thatNameTests_nameSomeThatAreThere() throws IOException {
    List<Path> sources;
    try (Stream<Path> all = Files.walk(Directions.root())) {
      sources =
          all.filter(path -> path.toString().contains("src/test/java"))
              .filter(path -> path.toString().matches(".*(Test|Contract)\\.java"))
              .toList();
    }
    for (String heading : List.of("### Beside fields", "### Frameworks")) {
      for (Directions.Row row : Directions.under(heading).rows()) {
        List<String> tests = Directions.testsNamedIn(row);
        assertThat(tests).as(row.what()).isNotEmpty();
        for (String test : tests) {
          String[] parts = test.split("#", -1);
          boolean isThere = false;
          for (Path source : sources) {
            isThere |=
                source.getFileName().toString().equals(parts[0] + ".java")
                    && Files.readString(source).contains("void " + parts[1] + "(");
          }
          assertThat(isThere).as(test).isTrue();
        }
      }
    }
  }
}
