package dev.taper.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taper.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NeedsSamples
class SamplesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void conformance_officialSamples_allPass() throws IOException {
    Path samples = NeedsSamples.Folder.samples().resolve("samples.json").toAbsolutePath();
    int validations = 0;
    for (JsonNode testCase : MAPPER.readTree(samples.toFile()).get("testcases")) {
      validations += testCase.get("validations").size();
    }

    Cli.Result result = new Cli(folder).run("conformance", samples.toString());

    assertThat(result.out()).isEqualTo(validations + " passed, 0 failed\n");
    assertThat(validations).isEqualTo(50);
    assertThat(result.exit()).isZero();
  }

  /** Each change of one official case is one thing that the runner must notice. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "test001_basic.bc | /token/0/code | \"right(\\\"file9\\\", \\\"read\\\");\\n\" | block 0 code",
        "test001_basic.bc | /token/1/version | 4 | block 1 version",
        "test001_basic.bc | /token/1/symbols/0 | \"1\" | block 1 symbols",
        "test001_basic.bc | /token/1/external_key | \"ed25519/00\" | block 1 external key",
        "test001_basic.bc | /token/2 | {} | blocks",
        "test024_third_party.bc | /token/1/external_key | null | block 1 external key",
        "test024_third_party.bc | /token/0/public_keys/0 | \"ed25519/00\" | block 0 public keys",
        "test001_basic.bc | /validations//revocation_ids/1 | \"00\" | revocation ids",
        "test001_basic.bc | /validations//world/facts/0/facts/0 | \"resource(\\\"x\\\")\" | world facts",
        "test001_basic.bc | /validations//world/facts/0/origin/0 | 1 | world facts",
        "test001_basic.bc | /validations//world/facts/2 | {\"origin\":[0],\"facts\":[\"a(1)\"]} | world facts",
        "test001_basic.bc | /validations//world/checks/0/origin | 0 | world checks",
        "test001_basic.bc | /validations//world/checks/0/checks/0 | \"check if true\" | world checks",
        "test001_basic.bc | /validations//world/policies/0 | \"deny if true\" | world policies",
        "test007_scoped_rules.bc | /validations//world/rules/0/origin | 2 | world rules",
        "test001_basic.bc | /validations//result | {\"Ok\":0} | result",
        "test012_authority_caveats.bc | /validations/file1/result/Ok | 1 | result",
        "test001_basic.bc | /validations//result/Err/FailedLogic/Unauthorized/policy | {\"Deny\":0} | result",
        "test001_basic.bc | /validations//result/Err/FailedLogic/Unauthorized/checks/0/Block/block_id | 0 | result",
        "test001_basic.bc | /validations//result/Err/FailedLogic/Unauthorized/checks/0/Block/check_id | 1 | result",
        "test001_basic.bc | /validations//result/Err/FailedLogic/Unauthorized/checks/0/Block/rule | \"check if false\" | result",
        "test018_unbound_variables_in_rule.bc | /validations//result/Err/FailedLogic/InvalidBlockRule/1 | \"a(1)\" | result",
        "test027_integer_wraparound.bc | /validations//result/Err/Execution | \"InvalidType\" | result",
        "test002_different_root_key.bc | /validations//result/Err/Format | {\"Version\":{}} | result",
        "test003_invalid_signature_format.bc | /validations//result/Err/Format | {\"Signature\":{\"InvalidSignature\":\"\"}} | result",
        "test001_basic.bc | /root_public_key | \"ed25519/acdd6d5b53bfee478bf689f8e012fe7988bf755e3d7c5152947abc149bc20189\" | result",
        "test001_basic.bc | /validations//authorizer_code | \"deny if true;\" | result",
        "test001_basic.bc | /validations//authorizer_code | \"deny deny\" | result"
      })
  void conformance_changedExpectation_isReported(
      String file, String pointer, String value, String mismatch) throws IOException {
    Cli.Result result = changed(file, pointer, value);

    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("FAILED " + file, mismatch + ": expected ", ", actual ");
    assertThat(result.out()).containsPattern("\\d+ passed, 1 failed\n$");
  }

  private Cli.Result changed(String file, String pointer, String value) throws IOException {
    ObjectNode samples =
        (ObjectNode)
            MAPPER.readTree(NeedsSamples.Folder.samples().resolve("samples.json").toFile());
    ObjectNode testCase = find(samples, file);
    Edits.set(testCase, pointer, MAPPER.readTree(value));
    samples.putArray("testcases").add(testCase);
    MAPPER.writeValue(folder.resolve("changed.json").toFile(), samples);
    Files.copy(NeedsSamples.Folder.samples().resolve(file), folder.resolve(file));
    return new Cli(folder).run("conformance", "changed.json");
  }

  /** What means the same is the same: spaces, orders of sets, statements, fields and origins. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "test001_basic.bc | /token/0/code | \"right(\\\"file2\\\", \\\"read\\\");right(\\\"file1\\\",\\\"write\\\");\\nright(\\\"file1\\\", \\\"read\\\");\"",
        "test001_basic.bc | /validations//world/facts/1/facts | [\"right(\\\"file2\\\",\\\"read\\\")\", \"right(\\\"file1\\\",\\\"read\\\")\", \"right(\\\"file1\\\", \\\"write\\\")\"]",
        "test001_basic.bc | /validations//world/policies/0 | \"allow if   true\"",
        "test001_basic.bc | /validations//result/Err/FailedLogic/Unauthorized/checks/0/Block | {\"rule\": \"check if resource($0), operation( \\\"read\\\" ), right($0,\\\"read\\\")\", \"check_id\": 0, \"block_id\": 1}",
        "test013_block_rules.bc | /validations/file1/world/facts/1/origin | [1, null]",
        "test025_check_all.bc | /token/0/code | \"check all operation($op), allowed_operations($allowed), $allowed.contains($op);allowed_operations({\\\"B\\\", \\\"A\\\"});\"",
        "test025_check_all.bc | /validations/A, B/world/facts/1/facts/0 | \"allowed_operations({\\\"B\\\", \\\"A\\\"})\"",
        "test025_check_all.bc | /validations/A, invalid/world/checks/0/checks/0 | \"check all operation($op),allowed_operations($allowed),$allowed.contains($op)\""
      })
  void conformance_otherSpelling_passes(String file, String pointer, String value)
      throws IOException {
    assertThat(changed(file, pointer, value).out()).endsWith(" passed, 0 failed\n");
  }

  private static ObjectNode find(ObjectNode samples, String file) {
    for (JsonNode testCase : samples.get("testcases")) {
      if (testCase.get("filename").textValue().equals(file)) {
        return (ObjectNode) testCase;
      }
    }
    throw new AssertionError("no sample " + file);
  }
}
