package dev.taper.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestFileTest {
  private static final String KEY =
      "ed25519/acdd6d5b53bfee478bf689f8e012fe7988bf755e3d7c5152947abc149bc20189";

  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void setUp() {
    cli = new Cli(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~ | is not a file of test cases",
        "hello | it is not JSON, line 1, column 1: ",
        "{\"testcases\":[]} {} | it is not JSON, line 1, column",
        "{\"testcases\":[],\"testcases\":[]} | it is not JSON",
        "[] | it has no array 'testcases'",
        "{\"testcases\":{}} | it has no array 'testcases'",
        "{\"testcases\":[1]} | test case 0 is not an object",
        "{\"testcases\":[{}]} | test case 0 has no text 'filename'",
        "{\"testcases\":[{\"filename\":\"a\"}]} | test case 0 (a) has no 'root_public_key'",
        "{\"root_public_key\":\"zz\",\"testcases\":[]} | 'root_public_key' of the file is not a public key",
        "{\"root_public_key\":7,\"testcases\":[]} | the file has no text 'root_public_key'",
        "{\"root_public_key\":\"KEY\",\"testcases\":[{\"filename\":\"a\",\"token\":1}]} | 'token' of test case 0 (a) is not an array",
        "{\"root_public_key\":\"KEY\",\"testcases\":[{\"filename\":\"a\"}]} | test case 0 (a) has no 'validations'",
        "{\"root_public_key\":\"KEY\",\"testcases\":[{\"filename\":\"a\",\"validations\":{}}]} | test case 0 (a) has no 'validations'",
        "{\"root_public_key\":\"KEY\",\"testcases\":[{\"filename\":\"a\",\"validations\":{\"x\":{}}}]} | validation 'x' of test case 0 (a) has no 'result'",
        "{\"root_public_key\":\"KEY\",\"testcases\":[{\"filename\":\"a\",\"validations\":{\"x\":{\"result\":{}}}}]} | validation 'x' of test case 0 (a) has no text 'authorizer_code'"
      })
  void conformance_malformedFile_saysWhere(String json, String message) {
    cli.file("cases.json", json.replace("KEY", KEY));

    Cli.Result result = cli.run("conformance", "cases.json");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("cases.json", message, "(malformed_test_cases)");
    assertThat(result.err().lines()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../secret", "/etc/hostname", "inner/../../secret", "link", "", ".", "a\\u0000b"})
  void conformance_tokenOutsideTheFolder_isRefused(String name) throws IOException {
    Files.createDirectory(folder.resolve("cases"));
    cli.file("secret", "secret");
    Files.createSymbolicLink(folder.resolve("cases/link"), folder.resolve("secret"));
    cli.file("cases/cases.json", oneCase(name));

    Cli.Result result = cli.run("conformance", "cases/cases.json");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).containsAnyOf("not in the folder", "is a directory");
  }

  @Test
  void conformance_missingTokenFile_isIo() {
    cli.file("cases.json", oneCase("nothing.bc"));

    Cli.Result result = cli.run("conformance", "cases.json");

    assertThat(result.exit()).isEqualTo(5);
    assertThat(result.err()).contains("nothing.bc");
  }

  @Test
  void conformance_caseWithOnlyAResult_comparesOnlyThat() {
    cli.file("a.bc", "not a token");
    cli.file("cases.json", oneCase("a.bc"));

    Cli.Result result = cli.run("conformance", "cases.json");

    assertThat(result.out()).isEqualTo("1 passed, 0 failed\n");
    assertThat(result.exit()).isZero();
  }

  @Test
  void conformance_worldOfATokenThatCannotBeRead_isReported() {
    cli.file("a.bc", "not a token");
    cli.file("cases.json", oneCase("a.bc").replace("\"result\"", "\"world\":{},\"result\""));

    Cli.Result result = cli.run("conformance", "cases.json");

    assertThat(result.out()).contains("FAILED a.bc world: ").endsWith("0 passed, 1 failed\n");
    assertThat(result.exit()).isEqualTo(1);
  }

  private static String oneCase(String filename) {
    return """
    {"testcases":[{"filename":"%s","root_public_key":"%s","validations":{"":{
      "authorizer_code":"allow if true","result":{"Err":{"Format":{"DeserializationError":""}}}
    }}}]}
    """
        .formatted(filename, KEY);
  }
}
