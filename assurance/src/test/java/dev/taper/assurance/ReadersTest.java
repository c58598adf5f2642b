package dev.taper.assurance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A class that takes something apart is read by a harness, or it is said why not. */
class ReadersTest {
  private static final String LIST = "readers.txt";

  /** What takes bytes or texts apart. */
  private static final Pattern TAKES_APART =
      Pattern.compile(
          "createParser\\(|CanonicalJson\\.(members|elements)|JsonReader\\.of|McpJson\\.read"
              + "|\\.parseFrom\\(|URLDecoder|get(Url|Mime)?Decoder\\(|Given\\.(base64|utf8)|DataInputStream"
              + "|Files\\.(read(String|All)|lines|newInputStream|newBufferedReader)"
              + "|FileReason\\.bounded|SecretFile\\.read|ResultSet |Sql\\.(first|list|each|number)\\(|Instant\\.parse|parse(Unsigned)?(Int|Long)\\("
              + "|readAllBytes|readNBytes|readLine\\(|ByteBuffer\\.wrap|ASN1Primitive"
              + "|CertificateFactory|new URI\\(|URI\\.create\\(|new ProtoReader"
              + "|new (Load|Parse)\\(|(JWKSet|SignedJWT)\\.parse|read(Tree|Value)\\("
              + "|InetAddress\\.getBy|\\.split\\(\";\"|getUnsignedByte\\("
              + "|hannel\\.read\\(|BodySubscriber<|BodyHandlers\\.of");

  @Test
  void readers_ofTheMainCode_haveAHarnessOrAReason() throws IOException {
    assertThat(MainCode.with(TAKES_APART)).isEqualTo(MainCode.listed(LIST).keySet());
  }

  @Test
  void harnesses_ofReaders_areThere() throws IOException {
    for (String what : MainCode.listed(LIST).values()) {
      if (what.startsWith("- ")) {
        assertThat(what).hasSizeGreaterThan(5);
      } else {
        for (String harness : what.split(" ", -1)) {
          assertThat(Harness.of(harness)).isNotNull();
        }
      }
    }
  }

  /** Loads every class anew, so that it is known which ones were needed. */
  private static final class Anew extends URLClassLoader {
    Anew(URL[] places) {
      super(places, ClassLoader.getPlatformClassLoader());
    }

    static Anew ofTheClassPath() throws IOException {
      List<URL> places = new ArrayList<>();
      for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
        places.add(Path.of(place).toUri().toURL());
      }
      return new Anew(places.toArray(new URL[0]));
    }

    boolean hasLoaded(String name) {
      return findLoadedClass(name) != null;
    }
  }

  /** A reader that no harness comes to would be believed to be tried. */
  @Test
  void readers_withAHarness_areReadByOne() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (Anew anew = Anew.ofTheClassPath()) {
      thread.setContextClassLoader(anew);
      Class<?> harnesses = anew.loadClass(Harness.class.getName());
      Method of = harnesses.getMethod("of", String.class);
      Method accepts = harnesses.getMethod("accepts", byte[].class);
      Corpus corpus = new Corpus(Path.of("corpus"));
      for (Harness harness : Harness.values()) {
        Object same = of.invoke(null, harness.folder());
        for (byte[] input : corpus.inputs(harness)) {
          Object unused = accepts.invoke(same, (Object) input);
        }
      }
      List<String> unread = new ArrayList<>();
      for (Map.Entry<String, String> reader : MainCode.listed(LIST).entrySet()) {
        if (!reader.getValue().startsWith("- ") && !anew.hasLoaded(reader.getKey())) {
          unread.add(reader.getKey());
        }
      }
      assertThat(unread).as("read by no harness").isEmpty();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
