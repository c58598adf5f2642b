package dev.taper.assurance;

import dev.taper.ErrorCode.Category;
import dev.taper.policies.cases.PolicyTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The reader of a policy's test cases, which finds the policy beside them. */
final class PolicyCasesReader {
  private static final String POLICY = "check if operation(\"read\");\nallow if true;\n";
  private static final Scratch CASES = new Scratch("fuzz.cases.yaml");

  static {
    try {
      Path policy = CASES.path().resolveSibling("fuzz.datalog");
      Files.writeString(policy, POLICY);
      policy.toFile().deleteOnExit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PolicyCasesReader() {}

  static boolean cases(byte[] input) {
    byte[] text = Laws.utf8(input).getBytes(StandardCharsets.UTF_8);
    return CASES.with(
        text,
        file ->
            Laws.read(
                    () -> PolicyTests.run(List.of(file)),
                    Category.LANGUAGE,
                    Category.FORMAT,
                    Category.REQUEST,
                    Category.USAGE)
                .isPresent());
  }
}
