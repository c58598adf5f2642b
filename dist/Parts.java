import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Says what the archive is made of: {@code sbom.json} (CycloneDX) names every file with its hash,
 * and {@code licences.md} every part of others with its licence. It takes a folder that is packed
 * but for these two, the licences that are allowed, a version, a time, and what Maven says of
 * modules (CycloneDX as XML): of the command line, of the server, and of others which are published
 * beside the archive. A jar that Maven does not know, or a part of any of them whose licences are
 * all others, is an error.
 */
final class Parts {
  /** What Maven says of one jar. */
  private record Part(
      String group,
      String name,
      String version,
      String purl,
      String sha256,
      List<String> licences) {
    String title() {
      return group + ":" + name;
    }
  }

  private final Path folder;
  private final String version;
  private final List<String> allowed = new ArrayList<>();
  private final Map<String, String> stated = new TreeMap<>();
  private final Map<String, Part> used = new TreeMap<>();
  private final Map<String, String> refused = new TreeMap<>();

  private Parts(Path folder, Path licences, String version) throws IOException {
    this.folder = folder;
    this.version = version;
    for (String line : Files.readAllLines(licences)) {
      String[] words = line.split(" = ", 2);
      if (words.length == 2) {
        stated.put(words[0], words[1]);
      } else if (!line.isBlank() && !line.startsWith("#")) {
        allowed.add(line);
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Parts parts = new Parts(folder, Path.of(arguments[1]), arguments[2]);
    List<Part> ofCli = parts.read(Path.of(arguments[4]));
    List<Part> ofServer = parts.read(Path.of(arguments[5]));
    String components = parts.components(ofCli, ofServer);
    for (int i = 6; i < arguments.length; i++) {
      parts.read(Path.of(arguments[i])).forEach(parts::check);
    }
    if (!parts.refused.isEmpty()) {
      parts.refused.forEach((part, why) -> System.err.println(part + ": " + why));
      System.exit(1);
    }
    String licences = parts.licences();
    Files.writeString(folder.resolve("licences.md"), licences);
    Files.writeString(folder.resolve("sbom.json"), parts.sbom(components, licences, arguments[3]));
  }

  /** The parts that a list of Maven names; its own subject comes first. */
  private List<Part> read(Path bom) throws Exception {
    Element root =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(bom.toFile())
            .getDocumentElement();
    List<Part> parts = new ArrayList<>();
    parts.add(part(child(child(root, "metadata"), "component")));
    for (Element component : children(child(root, "components"))) {
      parts.add(part(component));
    }
    return parts;
  }

  private Part part(Element component) {
    String sha256 = "";
    for (Element hash : children(child(component, "hashes"))) {
      if (hash.getAttribute("alg").equals("SHA-256")) {
        sha256 = hash.getTextContent();
      }
    }
    List<String> licences = new ArrayList<>();
    for (Element licence : children(child(component, "licenses"))) {
      String id = text(licence, "id");
      String words = id.isEmpty() ? text(licence, "name") : id;
      licences.add(words.isEmpty() ? licence.getTextContent().strip() : words);
    }
    String group = text(component, "group");
    String name = text(component, "name");
    String own = stated.get(group + ":" + name + " says " + String.join(", ", licences));
    return new Part(
        group,
        name,
        text(component, "version"),
        text(component, "purl"),
        sha256,
        own == null ? licences : List.of(own));
  }

  /** Every file of the archive but the two that are written here. */
  private String components(List<Part> ofCli, List<Part> ofServer) throws Exception {
    Map<String, Part> byHash = new TreeMap<>();
    ofServer.subList(1, ofServer.size()).forEach(part -> byHash.put(part.sha256(), part));
    List<String> components = new ArrayList<>();
    components.add(runtime());
    for (String file : files()) {
      String hash = hash(Files.readAllBytes(folder.resolve(file)));
      Part part = null;
      String merged = "";
      String licences = "";
      if (file.equals("lib/cli/taper.jar")) {
        part = ofCli.get(0);
        merged = merged(ofCli.subList(1, ofCli.size()));
      } else if (file.equals("lib/server/taper-server.jar")) {
        part = ofServer.get(0);
      } else if (file.startsWith("lib/") && file.endsWith(".jar")) {
        part = byHash.get(hash);
        if (part == null) {
          refused.put(file, "no part that Maven knows has this hash");
          continue;
        }
        use(part);
      } else if (file.startsWith("lib/native/")) {
        Part jar = partWith(file, hash, byHash);
        if (jar == null) {
          refused.put(file, "it is in no jar that Maven knows");
          continue;
        }
        licences = ", " + licensed(jar) + ", \"description\": " + quoted("from " + jar.purl());
      }
      String own = "\"hashes\": [{\"alg\": \"SHA-256\", \"content\": \"" + hash + "\"}]";
      if (part == null) {
        String named = "\"type\": \"file\", \"name\": " + quoted(file);
        components.add("{" + named + ", " + own + licences + "}");
      } else {
        String place =
            "\"properties\": [{\"name\": \"taper:file\", \"value\": " + quoted(file) + "}]";
        components.add("{" + described(part) + ", " + own + ", " + place + merged + "}");
      }
    }
    return String.join(",\n    ", components);
  }

  /** What is merged into one jar, of some only the classes that are used. */
  private String merged(List<Part> parts) {
    List<String> inside = new ArrayList<>();
    for (Part part : parts) {
      use(part);
      inside.add(
          "{"
              + described(part)
              + ", \"hashes\": [{\"alg\": \"SHA-256\", \"content\": \""
              + part.sha256()
              + "\"}]}");
    }
    return ", \"components\": [\n      " + String.join(",\n      ", inside) + "]";
  }

  /** The part whose jar holds a file that was taken out of it, or null. */
  private Part partWith(String file, String hash, Map<String, Part> byHash) throws Exception {
    String name = file.substring(file.lastIndexOf('/'));
    for (String jar : files()) {
      Part part = byHash.get(hash(Files.readAllBytes(folder.resolve(jar))));
      if (part != null) {
        try (ZipFile entries = new ZipFile(folder.resolve(jar).toFile())) {
          for (ZipEntry entry : Collections.list(entries.entries())) {
            if (entry.getName().endsWith(name)
                && hash(entries.getInputStream(entry).readAllBytes()).equals(hash)) {
              return part;
            }
          }
        }
      }
    }
    return null;
  }

  private String licensed(Part part) {
    List<String> licences = new ArrayList<>();
    for (String name : part.licences()) {
      String kind = allowed.contains(name) ? "id" : "name";
      licences.add("{\"license\": {\"" + kind + "\": " + quoted(name) + "}}");
    }
    return "\"licenses\": [" + String.join(", ", licences) + "]";
  }

  private String described(Part part) {
    return "\"type\": \"library\", \"group\": "
        + quoted(part.group())
        + ", \"name\": "
        + quoted(part.name())
        + ", \"version\": "
        + quoted(part.version())
        + ", \"purl\": "
        + quoted(part.purl())
        + ", "
        + licensed(part);
  }

  /** The Java runtime, which was made from the Java that runs this. */
  private String runtime() throws IOException {
    Properties release = new Properties();
    try (InputStream in = Files.newInputStream(folder.resolve("runtime/release"))) {
      release.load(in);
    }
    String number = System.getProperty("java.runtime.version");
    String maker = System.getProperty("java.vendor");
    String licence = "GPL-2.0-with-classpath-exception";
    if (Files.exists(folder.resolve("runtime/legal/java.base/ASSEMBLY_EXCEPTION"))) {
      check("Java runtime", List.of(licence));
    } else {
      refused.put("Java runtime", "it does not say that it is OpenJDK");
    }
    used.put("", new Part("", "Java runtime of " + maker, number, "", "", List.of(licence)));
    return "{\"type\": \"platform\", \"name\": \"Java runtime\", \"version\": "
        + quoted(number)
        + ", \"publisher\": "
        + quoted(maker)
        + ", \"licenses\": [{\"license\": {\"id\": "
        + quoted(licence)
        + "}}], \"properties\": [{\"name\": \"taper:folder\", \"value\": \"runtime\"}, {\"name\":"
        + " \"taper:modules\", \"value\": "
        + quoted(release.getProperty("MODULES", "").replace("\"", ""))
        + "}]}";
  }

  private void use(Part part) {
    if (!part.group().equals("dev.taper")) {
      used.put(part.title() + ":" + part.version(), part);
    }
    check(part);
  }

  private void check(Part part) {
    if (!part.group().equals("dev.taper")) {
      check(part.title(), part.licences());
    }
  }

  private void check(String title, List<String> licences) {
    if (licences.stream().noneMatch(allowed::contains)) {
      refused.put(title, "none of its licences is allowed: " + licences);
    }
  }

  private String licences() {
    StringBuilder text = new StringBuilder("# Licences of what is in this archive\n\n");
    text.append(
        "Taper is under the Apache License 2.0 (LICENSE). What others made, and is here too:\n\n");
    text.append("| part | version | licence |\n| --- | --- | --- |\n");
    for (Part part : used.values()) {
      String name = part.group().isEmpty() ? part.name() : part.title();
      text.append("| ").append(name).append(" | ").append(part.version()).append(" | ");
      text.append(String.join(" or ", part.licences())).append(" |\n");
    }
    text.append(
        "\n"
            + "What their makers say besides stands in `META-INF` of their jars and in"
            + " `runtime/legal`.\n");
    return text.toString();
  }

  private String sbom(String components, String licences, String made) throws Exception {
    String all =
        components
            + ",\n"
            + "    {\"type\": \"file\", \"name\": \"licences.md\", \"hashes\": [{\"alg\":"
            + " \"SHA-256\", \"content\": \""
            + hash(licences.getBytes(StandardCharsets.UTF_8))
            + "\"}]}";
    UUID serial = UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
    return "{\n"
        + "  \"bomFormat\": \"CycloneDX\",\n"
        + "  \"specVersion\": \"1.6\",\n"
        + "  \"serialNumber\": \"urn:uuid:"
        + serial
        + "\",\n  \"version\": 1,\n  \"metadata\": {\"timestamp\": "
        + quoted(made)
        + ", \"component\": {\"type\": \"application\", \"name\": "
        + quoted(folder.getFileName().toString())
        + ", \"version\": "
        + quoted(version)
        + ", \"licenses\": [{\"license\": {\"id\": \"Apache-2.0\"}}]}},\n  \"components\": [\n    "
        + all
        + "\n  ]\n}\n";
  }

  private Collection<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      TreeSet<String> names = new TreeSet<>();
      files
          .filter(Files::isRegularFile)
          .forEach(file -> names.add(folder.relativize(file).toString()));
      return names;
    }
  }

  private static String hash(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  private static String text(Element parent, String name) {
    Element child = child(parent, name);
    return child == null ? "" : child.getTextContent().strip();
  }

  private static Element child(Element parent, String name) {
    for (Element child : children(parent)) {
      if (child.getTagName().equals(name)) {
        return child;
      }
    }
    return null;
  }

  private static List<Element> children(Element parent) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent == null ? null : parent.getFirstChild();
        node != null;
        node = node.getNextSibling()) {
      if (node instanceof Element child) {
        children.add(child);
      }
    }
    return children;
  }
}
