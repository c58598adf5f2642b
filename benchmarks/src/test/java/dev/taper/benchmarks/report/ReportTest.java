package dev.taper.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Map<String, String> MACHINE =
      Machine.describe(
          Clock.fixed(Instant.parse("2026-11-25T03:04:05Z"), ZoneOffset.UTC),
          "quick",
          new WasmPeer(null));

  private static Results results() {
    Results results = new Results();
    List<Cell> cells = new ArrayList<>(Plan.cellsOf(Figures.of("accp")));
    cells.addAll(Plan.otherCells());
    for (int i = 0; i < cells.size(); i++) {
      results.add(cells.get(i), new Measurement(List.of(1.0 + i), List.of(8.0 * i)));
    }
    return results;
  }

  private static List<Figure.Judged> all(Results results) {
    return Figures.of("accp").stream().map(figure -> figure.judge(results)).toList();
  }

  @Test
  void describe_here_namesMachineJvmBackendsAndPeersWithVersions() throws IOException {
    assertThat(MACHINE)
        .containsEntry("date", "2026-11-25 03:04 UTC")
        .containsKeys("machine", "features");
    assertThat(MACHINE.get("jvm")).contains(System.getProperty("java.runtime.version"));
    assertThat(MACHINE.get("backends")).matches("(accp [0-9.]+, )?bouncycastle [0-9.]+ .*");
    assertThat(MACHINE.get("peers"))
        .matches("biscuit-java [0-9.]+, nimbus-jose-jwt [0-9.]+, no biscuit-wasm: .*");
  }

  @Test
  void of_table_hasALineForEveryFigureInOneForm() {
    Results results = results();
    String table = Table.of(MACHINE, all(results), results);
    List<String> lines = table.lines().filter(line -> line.matches("[a-z].*")).toList();
    assertThat(lines).hasSameSizeAs(Figures.of("accp"));
    assertThat(lines)
        .allMatch(
            line ->
                line.matches(
                    "[a-z0-9_]+ +-?[0-9.]+ (ratio|ns|us|ms|s|B|records/s|calls/s) +([<>]=[0-9.]+|-)"
                        + " +(holds|misses|informs)"));
    assertThat(table).startsWith("# date");
  }

  @Test
  void number_anySize_hasFourDigits() {
    assertThat(Table.number(0.12345)).isEqualTo("0.123");
    assertThat(Table.number(9.87654)).isEqualTo("9.877");
    assertThat(Table.number(98.7654)).isEqualTo("98.77");
    assertThat(Table.number(987.654)).isEqualTo("987.7");
    assertThat(Table.number(98765.4)).isEqualTo("98765");
  }

  @Test
  void of_json_hasEveryFigureAndMeasurement() {
    Results results = results();
    String json = JsonReport.of(MACHINE, all(results), results);
    assertThat(json).contains("\"name\" : \"cold_new_3\"", "\"verdict\" : \"holds\"");
    assertThat(json.split("\"median_us\"", -1)).hasSize(results.measurements().size() + 1);
    assertThat(json.split("\"goal\"", -1)).hasSize(Figures.of("accp").size() + 1);
  }

  @Test
  void of_plot_labelsAxesAndEveryLine() {
    String svg = HopPlot.of(results(), MACHINE);
    assertThat(svg)
        .startsWith("<svg xmlns=")
        .endsWith("</svg>\n")
        .contains("blocks of the token", "time of a call", "prefers-color-scheme: dark")
        .contains(">Taper, held, cold, ACCP: ", ">biscuit-java: ", ">biscuit-wasm: ")
        .doesNotContain("NaN", "Infinity");
    assertThat(svg.split("<polyline", -1)).hasSize(9);
  }

  @Test
  void replace_pageWithItsPlace_changesNothingElse() {
    String page =
        """
        before
        <!-- results: written by `benchmarks/run --publish` -->
        old
        <!-- end of results -->
        after
        """;
    assertThat(Publication.replace(page, "new\n")).isEqualTo(page.replace("old", "new"));
    assertThatThrownBy(() -> Publication.replace("before\nafter\n", "new\n"))
        .hasMessage("the page has no place for results");
  }

  @Test
  void replace_ourPage_hasThePlace() throws IOException {
    assertThat(Publication.replace(Files.readString(Path.of("README.md")), "\n")).contains("\n");
  }

  @Test
  void parse_options_takesTheThreeAndNoOthers() {
    assertThat(Main.Options.parse(List.of()))
        .isEqualTo(new Main.Options(false, null, false, Set.of()));
    assertThat(Main.Options.parse(List.of("--json", "a.json", "--quick", "--publish")))
        .isEqualTo(new Main.Options(true, Path.of("a.json"), true, Set.of()));
    for (List<String> bad :
        List.of(List.of("--slow"), List.of("--json"), List.of("--publish", "findings"))) {
      assertThat(Main.Options.parse(bad)).isNull();
    }
  }

  @Test
  void options_figures_areChosenByTheirNames() {
    List<Figure> all = Figures.of("accp");
    Main.Options two =
        Objects.requireNonNull(
            Main.Options.parse(List.of("findings_denied", "--quick", "findings")));
    assertThat(two.choose(all))
        .extracting(Figure::name)
        .containsExactly("findings", "findings_denied");
    Main.Options none = Objects.requireNonNull(Main.Options.parse(List.of("findings", "x")));
    assertThat(none.choose(all)).isEmpty();
    assertThat(Plan.FULL.ofFiguresAlone().everything()).isFalse();
  }

  /** The version that is named is the one that is installed. */
  @Test
  void describe_biscuitWasm_isTheVersionThatIsPinned() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String version = pom.replaceAll("(?s).*<biscuit-wasm.version>(.*)</biscuit-wasm.*", "$1");
    assertThat(Files.readString(Path.of("../testvectors/wasm/package.json")))
        .contains("\"@biscuit-auth/biscuit-wasm\": \"" + version + "\"");
  }
}
