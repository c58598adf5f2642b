package dev.taper.assurance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code dist/Parts.java} says of an archive, and what it refuses. */
class ArchivePartsTest {
  @TempDir static Path program;

  @TempDir Path folder;

  private Path archive;
  private Path licences = Path.of("..", "dist", "licences.txt");

  @BeforeAll
  static void compile() {
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-encoding",
                "UTF-8",
                "-d",
                program.toString(),
                Path.of("..", "dist", "Parts.java").toString());
    assertThat(code).isZero();
  }

  @BeforeEach
  void pack() throws Exception {
    archive = folder.resolve("taper-0.1.0-here");
    write("runtime/release", "JAVA_VERSION=\"17\"\nMODULES=\"java.base java.xml\"\n");
    write("runtime/legal/java.base/ASSEMBLY_EXCEPTION", "text");
    write("lib/cli/taper.jar", "cli");
    write("lib/server/taper-server.jar", "server");
    write("lib/server/one-1.jar", "one");
    write("docs/a \"page\".md", "text");
    bom("cli", "");
    bom("server", component("one", "one", "Apache-2.0"));
    bom("other", "");
  }

  private void write(String name, String text) throws IOException {
    Path file = archive.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String hash(String text) throws Exception {
    return hash(text.getBytes(UTF_8));
  }

  private static String hash(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static String component(String name, String content, String licence) throws Exception {
    return hashed(name, hash(content), licence);
  }

  private static String hashed(String name, String hash, String licence) {
    return "<component><group>org.one</group><name>"
        + name
        + "</name><version>1</version><hashes><hash alg=\"SHA-256\">"
        + hash
        + "</hash></hashes><licenses><license><id>"
        + licence
        + "</id></license></licenses><purl>pkg:maven/org.one/"
        + name
        + "@1</purl></component>";
  }

  private void bom(String name, String components) throws IOException {
    Files.writeString(
        folder.resolve(name + ".xml"),
        "<bom><metadata><component><group>dev.taper</group><name>taper-"
            + name
            + "</name><version>0.1.0</version></component></metadata><components>"
            + components
            + "</components></bom>");
  }

  private int run() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                program.toString(),
                "Parts",
                archive.toString(),
                licences.toString(),
                "0.1.0",
                "2026-11-24T00:00:00Z",
                folder.resolve("cli.xml").toString(),
                folder.resolve("server.xml").toString(),
                folder.resolve("other.xml").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    return process.waitFor();
  }

  private String said() throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  @Test
  void archive_ofKnownParts_isListedWithHashesAndLicences() throws Exception {
    assertThat(run()).as(said()).isZero();

    assertThat(Files.readString(archive.resolve("sbom.json")))
        .contains("pkg:maven/org.one/one@1", hash("one"), hash("cli"), hash("server"), hash("text"))
        .contains("\"name\": \"docs/a \\\"page\\\".md\"", "\"value\": \"lib/server/one-1.jar\"")
        .contains(System.getProperty("java.runtime.version"), "\"java.base java.xml\"");
    assertThat(Files.readString(archive.resolve("licences.md")))
        .contains("| org.one:one | 1 | Apache-2.0 |")
        .contains("| Java runtime of " + System.getProperty("java.vendor") + " | ");
  }

  @Test
  void jar_thatMavenDoesNotKnow_isRefused() throws Exception {
    write("lib/server/one-1.jar", "changed");

    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("lib/server/one-1.jar: no part that Maven knows has this hash");
    assertThat(archive.resolve("sbom.json")).doesNotExist();
  }

  @Test
  void nativeFile_isUnderTheLicenceOfTheJarThatHasIt() throws Exception {
    Path jar = archive.resolve("lib/server/one-1.jar");
    try (ZipOutputStream entries = new ZipOutputStream(Files.newOutputStream(jar))) {
      entries.putNextEntry(new ZipEntry("org/other/libone.so"));
      entries.write("other".getBytes(UTF_8));
      entries.putNextEntry(new ZipEntry("org/one/libone.so"));
      entries.write("native".getBytes(UTF_8));
    }
    bom("server", hashed("one", hash(Files.readAllBytes(jar)), "BSD-2-Clause"));
    write("lib/native/libone.so", "native");

    assertThat(run()).as(said()).isZero();
    assertThat(Files.readString(archive.resolve("sbom.json")))
        .contains(
            "{\"type\": \"file\", \"name\": \"lib/native/libone.so\", \"hashes\": [{\"alg\": \"SHA-256\","
                + " \"content\": \""
                + hash("native")
                + "\"}], \"licenses\": [{\"license\": {\"id\": \"BSD-2-Clause\"}}],"
                + " \"description\": \"from pkg:maven/org.one/one@1\"}");

    write("lib/native/libone.so", "changed");
    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("lib/native/libone.so: it is in no jar that Maven knows");
  }

  @Test
  void licence_thatIsNotAllowed_isRefused() throws Exception {
    bom("server", component("one", "one", "AGPL-3.0-only"));

    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("org.one:one: none of its licences is allowed: [AGPL-3.0-only]");
  }

  @Test
  void runtime_thatDoesNotSayThatItIsOpenJdk_isRefused() throws Exception {
    Files.delete(archive.resolve("runtime/legal/java.base/ASSEMBLY_EXCEPTION"));

    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("Java runtime: it does not say that it is OpenJDK");
  }

  @Test
  void licence_thatNobodyKnows_isRefused() throws Exception {
    bom("server", component("one", "one", ""));

    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("org.one:one: none of its licences is allowed");
  }

  @Test
  void licence_thatIsStatedOfAPart_countsForItsOwnWordsAlone() throws Exception {
    licences = folder.resolve("licences.txt");
    Files.writeString(
        licences, "GPL-2.0-with-classpath-exception\nMIT\norg.one:one says Licence of One = MIT\n");
    bom("server", component("one", "one", "Licence of One"));
    assertThat(run()).as(said()).isZero();
    assertThat(Files.readString(archive.resolve("licences.md")))
        .contains("| org.one:one | 1 | MIT |");

    bom("server", component("one", "one", "AGPL-3.0-only"));
    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("org.one:one: none of its licences is allowed: [AGPL-3.0-only]");
  }

  @Test
  void licence_ofWhatAPublishedModuleBrings_isLookedAtToo() throws Exception {
    bom("other", component("three", "three", "AGPL-3.0-only"));

    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("org.one:three: none of its licences is allowed");
  }

  @Test
  void licence_ofWhatIsMergedIntoTheCommandLine_isLookedAtToo() throws Exception {
    bom("cli", component("two", "two", "AGPL-3.0-only"));

    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("org.one:two: none of its licences is allowed");
  }
}
