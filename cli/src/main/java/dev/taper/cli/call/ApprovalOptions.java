package dev.taper.cli.call;

import dev.taper.agent.call.SentApprovals;
import dev.taper.cli.io.Arguments;
import dev.taper.cli.io.InputKind;
import dev.taper.cli.io.Inputs;
import dev.taper.cli.io.Source;
import dev.taper.cli.io.Value;
import java.util.ArrayList;
import java.util.List;

/** The approvals that travel beside a token. */
final class ApprovalOptions extends Arguments {
  private final Value<List<String>> files =
      option(
              "--approval",
              "FILE",
              "File with an approval that is sent beside the token, as approve writes it; can be"
                  + " repeated. A proof covers all of them.")
          .texts();

  /** Reads them. */
  SentApprovals read(Inputs inputs) {
    List<String> texts = new ArrayList<>();
    for (String file : files.get()) {
      texts.add(inputs.text(Source.ofFile(file), InputKind.APPROVAL).strip());
    }
    return SentApprovals.of(texts);
  }
}
