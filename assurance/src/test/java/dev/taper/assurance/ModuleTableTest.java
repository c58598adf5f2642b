package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.testing.Directions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Each published module depends on what docs/architecture.md says, and on nothing else. */
class ModuleTableTest {
  private static final Path ROOT = Directions.root();
  private static final Pattern NAME = Pattern.compile("`([^`]+)`");

  /** What a module depends on, by the columns of the table. */
  private record Dependencies(Set<String> ours, Set<String> brings, Set<String> wants) {}

  private static Set<String> names(String cell) {
    Set<String> names = new LinkedHashSet<>();
    Matcher found = NAME.matcher(cell);
    while (found.find()) {
      names.add(found.group(1));
    }
    return names;
  }

  private static Map<String, Dependencies> table() throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("docs/architecture.md"));
    Map<String, Dependencies> table = new TreeMap<>();
    int start = lines.indexOf("## What each module brings");
    assertThat(start).isNotNegative();
    for (String line : lines.subList(start + 1, lines.size())) {
      if (line.startsWith("## ")) {
        break;
      }
      if (line.startsWith("| `")) {
        String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
        String module = names(cells[0]).iterator().next();
        table.put(module, new Dependencies(names(cells[1]), names(cells[2]), names(cells[3])));
      }
    }
    return table;
  }

  private static Document document(Path pom) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
    return factory.newDocumentBuilder().parse(pom.toFile());
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static String text(Element parent, String name, String otherwise) {
    List<Element> found = children(parent, name);
    return found.isEmpty() ? otherwise : found.get(0).getTextContent().strip();
  }

  private static Dependencies dependencies(String module) throws Exception {
    Dependencies all = new Dependencies(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    Element project = document(ROOT.resolve(module).resolve("pom.xml")).getDocumentElement();
    for (Element list : children(project, "dependencies")) {
      for (Element one : children(list, "dependency")) {
        String scope = text(one, "scope", "compile");
        String artifact = text(one, "artifactId", "");
        if (scope.equals("test")) {
          continue;
        }
        boolean isWanted =
            scope.equals("provided") || text(one, "optional", "false").equals("true");
        (isWanted ? all.wants() : artifact.startsWith("taper-") ? all.ours() : all.brings())
            .add(artifact);
      }
    }
    return all;
  }

  /** The modules of the product, and those of its folders; the workshop's are in a profile. */
  private static List<String> modules(String folder) throws Exception {
    List<String> modules = new ArrayList<>();
    Element project = document(ROOT.resolve(folder).resolve("pom.xml")).getDocumentElement();
    for (Element list : children(project, "modules")) {
      for (Element one : children(list, "module")) {
        String path = (folder.isEmpty() ? "" : folder + "/") + one.getTextContent().strip();
        modules.add(path);
        modules.addAll(modules(path));
      }
    }
    return modules;
  }

  @Test
  void modules_dependOnWhatTheTableSays() throws Exception {
    Map<String, Dependencies> table = table();
    assertThat(table).hasSizeGreaterThan(10).containsKeys("integrations/http", "integrations/mcp");
    for (Map.Entry<String, Dependencies> row : table.entrySet()) {
      assertThat(dependencies(row.getKey())).as(row.getKey()).isEqualTo(row.getValue());
    }
  }

  @Test
  void modules_ofTheBuild_haveARowEach() throws Exception {
    Set<String> published = new TreeSet<>(modules(""));
    published.removeIf(
        module ->
            module.equals("bom") || module.startsWith("examples") || module.equals("integrations"));
    assertThat(table().keySet()).isEqualTo(published);
  }

  /** A library of a framework is the choice of whoever uses it. */
  @Test
  void bindings_bringNoFramework() throws Exception {
    for (String module : List.of("integrations/http", "integrations/mcp")) {
      assertThat(dependencies(module).brings()).containsExactly("jackson-core", "jspecify");
    }
    assertThat(dependencies("integrations/langchain4j").brings())
        .containsExactly("jspecify", "slf4j-api");
  }

  /** A journey's line names a room, and first of all a class that stands in it. */
  @Test
  void journeys_stayInRoomsThatAreThere() throws Exception {
    List<String> lines = Files.readAllLines(ROOT.resolve("docs/architecture.md"));
    int start = lines.indexOf("### Five journeys");
    Set<String> classes = MainCode.with(Pattern.compile("^package "));
    Pattern stay = Pattern.compile("([a-z.]+) {2,}([A-Z]\\w+).*");
    int stays = 0;
    for (String line : lines.subList(start + 1, lines.indexOf("## Decisions, and why"))) {
      Matcher found = stay.matcher(line);
      if (found.matches()) {
        stays++;
        assertThat(classes).contains("dev.taper." + found.group(1) + "." + found.group(2));
      }
    }
    assertThat(stays).isGreaterThan(25);
  }

  /** Each package has a row that says what belongs there; a name with a dot shares a row. */
  @Test
  void rooms_ofTheMainCode_haveARowEach() throws Exception {
    Set<String> rows = new TreeSet<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/architecture.md"))) {
      if (line.startsWith("| `")) {
        String folder = "";
        for (String name : names(line.substring(2, line.indexOf(" | ", 2)))) {
          folder = name.startsWith(".") ? folder : name.substring(0, name.lastIndexOf('.') + 1);
          rows.add(name.startsWith(".") ? folder + name.substring(1) : name);
        }
      }
    }
    for (String type : MainCode.with(Pattern.compile("^package "))) {
      String room = type.substring(0, type.lastIndexOf('.'));
      assertThat(rows).contains(room.equals("dev.taper") ? room : room.substring(10));
    }
  }
}
