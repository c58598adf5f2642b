package dev.taper.cli.call;

import dev.taper.agent.call.SentApprovals;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The approvals that travel beside a token. */
final class ApprovalOptions {
  @Option(
      names = "--approval",
      paramLabel = "FILE",
      description =
          "File with an approval that is sent beside the token, as approve writes it; can be"
              + " repeated. A proof covers all of them.")
  private List<String> files = new ArrayList<>();

  /** True if there are any. */
  boolean isGiven() {
    return !files.isEmpty();
  }

  /** Reads them. */
  SentApprovals read(Inputs inputs) {
    List<String> texts = new ArrayList<>();
    for (String file : files) {
      texts.add(inputs.text(Source.ofFile(file), InputKind.APPROVAL).strip());
    }
    return SentApprovals.of(texts);
  }
}
