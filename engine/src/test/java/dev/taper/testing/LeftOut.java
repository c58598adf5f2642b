package dev.taper.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Says how many tests of all modules were left out and why, when a build has run them all. It reads
 * the reports that Surefire wrote since the build began. A test with many cases that did not begin
 * counts once.
 *
 * @param tests how many there are, with those that were left out
 * @param reasons how many were left out, by the reason
 */
public record LeftOut(int tests, Map<String, Integer> reasons) {
  private static final String REPORTS = "surefire-reports";

  /** What stands before the reason that a test gave. */
  private static final String ABORTED =
      "(?s)^(?:[\\w.]+TestAbortedException: )?(?:Assumption failed: )?";

  /**
   * Prints the lines.
   *
   * @param args the folder of the project, and when the build began, as in ISO 8601
   */
  public static void main(String[] args) throws IOException {
    in(Path.of(args[0]), Instant.parse(args[1])).lines().forEach(System.out::println);
  }

  /** Counts in a folder what was written since a moment. */
  static LeftOut in(Path folder, Instant since) throws IOException {
    int[] tests = new int[1];
    Map<String, Integer> reasons = new TreeMap<>();
    for (Path report : reports(folder, since)) {
      try (InputStream in = Files.newInputStream(report)) {
        tests[0] += count(in, reasons);
      } catch (XMLStreamException e) {
        throw new IOException("not a report of tests: " + report, e);
      }
    }
    return new LeftOut(tests[0], reasons);
  }

  private static List<Path> reports(Path folder, Instant since) throws IOException {
    List<Path> reports = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
            String name = String.valueOf(each.getFileName());
            boolean isSource = name.equals("src") || name.equals("node_modules");
            return isSource || (name.startsWith(".") && !each.equals(folder))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            boolean isReport =
                file.resolveSibling("").endsWith(REPORTS)
                    && file.getFileName().toString().matches("TEST-.*\\.xml");
            if (isReport && !attributes.lastModifiedTime().toInstant().isBefore(since)) {
              reports.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return reports;
  }

  private static int count(InputStream report, Map<String, Integer> reasons)
      throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    XMLStreamReader reader = factory.createXMLStreamReader(report);
    int tests = 0;
    while (reader.hasNext()) {
      if (reader.next() == XMLStreamConstants.START_ELEMENT) {
        if (reader.getLocalName().equals("testcase")) {
          tests++;
        } else if (reader.getLocalName().equals("skipped")) {
          String message =
              Objects.requireNonNullElse(reader.getAttributeValue(null, "message"), "");
          String text = message.isEmpty() ? reader.getElementText() : message;
          reasons.merge(reason(text), 1, Integer::sum);
        }
      }
    }
    return tests;
  }

  private static String reason(String text) {
    String reason = text.replaceFirst(ABORTED, "").strip().replaceFirst("(?s)\n.*", "").strip();
    return reason.isEmpty() ? "no reason was given" : reason;
  }

  /** What is printed: how many, and a line for each reason, the most frequent first. */
  List<String> lines() {
    int all = reasons.values().stream().mapToInt(count -> count).sum();
    List<String> lines = new ArrayList<>();
    if (all == 0) {
      lines.add("Tests left out: none of " + tests + ".");
      return lines;
    }
    lines.add("Tests left out: " + all + " of " + tests + ", because of what is missing here:");
    reasons.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.<Integer>reverseOrder()))
        .forEach(each -> lines.add("%6d  %s".formatted(each.getValue(), each.getKey())));
    lines.add("CONTRIBUTING.md says how to have them.");
    return lines;
  }
}
