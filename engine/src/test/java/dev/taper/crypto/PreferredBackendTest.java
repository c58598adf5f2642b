package dev.taper.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which backend a process takes, by its property and its class path: in processes of its own. */
class PreferredBackendTest {
  @Test
  void preferred_propertyNamesABackend_thatOne() throws Exception {
    String classPath = System.getProperty("java.class.path");

    assertThat(probe("bouncycastle", classPath)).isEqualTo("bouncycastle");
    for (SignatureBackend backend : SignatureBackend.available()) {
      assertThat(probe(backend.name(), classPath)).isEqualTo(backend.name());
    }
  }

  @Test
  void preferred_propertyNamesNoBackend_errorAndNoFallBack() throws Exception {
    assertThat(probe("nonsense", System.getProperty("java.class.path")))
        .isEqualTo("invalid_argument");
  }

  @Test
  void preferred_withoutTheNativeProvidersJar_bouncyCastleOnly() throws Exception {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.contains("AmazonCorrettoCryptoProvider"))
            .collect(Collectors.joining(File.pathSeparator));

    assertThat(probe(null, classPath)).isEqualTo("bouncycastle");
    assertThat(probe("accp", classPath)).isEqualTo("invalid_argument");
  }

  private static String probe(@Nullable String backend, String classPath)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    ProcessBuilder builder =
        new ProcessBuilder(java, "-cp", classPath, BackendProbe.class.getName());
    if (backend != null) {
      builder.command().add(1, "-D" + Backends.PROPERTY + "=" + backend);
    }
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }
}
